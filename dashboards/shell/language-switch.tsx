import { Button } from '../kit/button.tsx'
import { setLanguage, useLanguage } from '../words/language.ts'

/** The other language, by its own name. */
export const LanguageSwitch = () => {
  const isChinese = useLanguage() === 'zh'
  return (
    <Button look="quiet" onPress={() => setLanguage(isChinese ? 'en' : 'zh')}>
      <span lang={isChinese ? 'en' : 'zh-CN'}>{isChinese ? 'English' : '中文'}</span>
    </Button>
  )
}
