import { useTranslation } from 'react-i18next'
import { Button } from '../kit/button.tsx'
import { setLanguage } from '../words/language.ts'

/** The other language, by its own name. */
export const LanguageSwitch = () => {
  const { i18n } = useTranslation()
  const isChinese = i18n.language === 'zh'
  return (
    <Button look="quiet" onPress={() => void setLanguage(isChinese ? 'en' : 'zh')}>
      <span lang={isChinese ? 'en' : 'zh-CN'}>{isChinese ? 'English' : '中文'}</span>
    </Button>
  )
}
