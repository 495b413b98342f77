/** Dark or light: a page has its own default (consoles dark, phones light); what somebody chooses holds in this browser. */
import { useEffect, useSyncExternalStore } from 'react'

export const themes = ['dark', 'light'] as const
export type Theme = (typeof themes)[number]

const key = 'anling.theme'
const listeners = new Set<() => void>()

const isTheme = (text: string | null): text is Theme => text === 'dark' || text === 'light'

const chosen = (): Theme | undefined => {
  const kept = localStorage.getItem(key)
  return isTheme(kept) ? kept : undefined
}

export const chooseTheme = (theme: Theme): void => {
  localStorage.setItem(key, theme)
  for (const listener of listeners) listener()
}

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Puts the page into its theme. Answers which that is. */
export const useTheme = (byDefault: Theme): Theme => {
  const theme = useSyncExternalStore(subscribe, chosen) ?? byDefault
  useEffect(() => {
    document.documentElement.dataset['theme'] = theme
  }, [theme])
  return theme
}
