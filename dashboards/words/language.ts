/** The language of the pages: Chinese first, English second. What is chosen is kept in this browser. */
import { useSyncExternalStore } from 'react'

export const languages = ['zh', 'en'] as const
export type Language = (typeof languages)[number]

const key = 'anling.language'

const isLanguage = (text: string | null): text is Language => text === 'zh' || text === 'en'

const apply = (language: Language): void => {
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
}

const kept = localStorage.getItem(key)
let now: Language = isLanguage(kept) ? kept : 'zh'
const listeners = new Set<() => void>()
apply(now)

export const setLanguage = (language: Language): void => {
  localStorage.setItem(key, language)
  apply(language)
  now = language
  for (const tell of listeners) tell()
}

export const languageNow = (): Language => now

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const useLanguage = (): Language => useSyncExternalStore(subscribe, languageNow)
