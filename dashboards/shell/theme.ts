/** Dark or light: a page has its own default (consoles dark, phones light); what somebody chooses holds in this browser. */
import { useEffect, useSyncExternalStore } from 'react'

export const themes = ['dark', 'light'] as const
export type Theme = (typeof themes)[number]

const key = 'anling.theme'
const listeners = new Set<() => void>()

const tell = (): void => {
  for (const listener of listeners) listener()
}

const isTheme = (text: string | null): text is Theme => text === 'dark' || text === 'light'

const chosen = (): Theme | undefined => {
  const kept = localStorage.getItem(key)
  return isTheme(kept) ? kept : undefined
}

export const chooseTheme = (theme: Theme): void => {
  localStorage.setItem(key, theme)
  tell()
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
    tell()
  }, [theme])
  return theme
}

/** The one that the page is in. */
export const useThemeNow = (): Theme =>
  useSyncExternalStore(subscribe, () =>
    document.documentElement.dataset['theme'] === 'light' ? 'light' : 'dark',
  )
