/** The language of the pages: Chinese first, English second. What is chosen is kept in this browser. */
import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'

export const languages = ['zh', 'en'] as const
export type Language = (typeof languages)[number]

const key = 'anling.language'

export const isLanguage = (text: string | null | undefined): text is Language =>
  text === 'zh' || text === 'en'

const apply = (language: Language): void => {
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
}

const kept = localStorage.getItem(key)
const initial: Language = isLanguage(kept) ? kept : 'zh'

// At once, when this is first imported: words are registered while modules are loaded.
void i18next.use(initReactI18next).init({
  lng: initial,
  fallbackLng: 'zh',
  resources: {},
  initAsync: false,
  // Keys are flat, and React escapes.
  keySeparator: false,
  nsSeparator: false,
  interpolation: { escapeValue: false },
})
apply(initial)

export const setLanguage = async (language: Language): Promise<void> => {
  localStorage.setItem(key, language)
  apply(language)
  await i18next.changeLanguage(language)
}

export const languageNow = (): Language => (isLanguage(i18next.language) ? i18next.language : 'zh')
