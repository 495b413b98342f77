import { Radios } from '../kit/radios.tsx'
import { chooseTheme, type Theme, useTheme } from '../shell/theme.ts'
import { type Language, setLanguage, useLanguage } from '../words/language.ts'
import { words } from '../words/words.ts'

const useSay = words('look', {
  zh: { title: '显示', language: '语言', theme: '主题（本浏览器）', dark: '深色', light: '浅色' },
  en: {
    title: 'Display',
    language: 'Language',
    theme: 'Theme, in this browser',
    dark: 'Dark',
    light: 'Light',
  },
})

/** Each by its own name, for who cannot read the other. */
const languages: readonly { readonly value: Language; readonly label: string }[] = [
  { value: 'zh', label: '中文' },
  { value: 'en', label: 'English' },
]

export const LookSection = () => {
  const say = useSay()
  const language = useLanguage()
  const theme = useTheme('light')
  const themes: readonly { readonly value: Theme; readonly label: string }[] = [
    { value: 'dark', label: say('dark') },
    { value: 'light', label: say('light') },
  ]
  return (
    <section className="account-part stack">
      <h2>{say('title')}</h2>
      <Radios label={say('language')} options={languages} value={language} onChange={setLanguage} />
      <Radios label={say('theme')} options={themes} value={theme} onChange={chooseTheme} />
    </section>
  )
}
