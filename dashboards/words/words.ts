/** Words of a page, in both languages side by side: neither can lack what the other has. */
import i18next from 'i18next'
import { useTranslation } from 'react-i18next'
import './language.ts'

/** `{count}` picks `…_one` or `…_other` where a key has them. */
type Key<K extends string> = K extends `${infer Base}_one` | `${infer Base}_other` ? Base : K

export type Say<K extends string> = (
  key: Key<K>,
  values?: Readonly<Record<string, string | number>>,
) => string

/**
 * @param name of the page or part, unique.
 * @returns the hook that says these words in the language of the moment.
 */
export const words = <K extends string>(
  name: string,
  { zh, en }: { readonly zh: Readonly<Record<K, string>>; readonly en: Readonly<Record<NoInfer<K>, string>> },
): (() => Say<K>) => {
  i18next.addResourceBundle('zh', name, zh)
  i18next.addResourceBundle('en', name, en)
  return () => {
    const { t } = useTranslation(name)
    return (key, values) => {
      const name: string = key
      return t(name, { ...values })
    }
  }
}
