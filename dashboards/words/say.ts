/** Says words by their keys, in a language that is named: pages hold one function for each, which stays the same. */
import i18next from 'i18next'
import type { Language } from './language.ts'

/** `count` picks `…_one` or `…_other` where a key has them. */
type Key<K extends string> = K extends `${infer Base}_one` | `${infer Base}_other` ? Base : K

/** `{{count}}` in the words gives way to the value of that name. */
export type Say<K extends string> = (
  key: Key<K>,
  values?: Readonly<Record<string, string | number>>,
) => string

// At once, when this is first imported: words are registered while modules are loaded.
void i18next.init({
  fallbackLng: false,
  resources: {},
  initAsync: false,
  // Keys are flat, and React escapes.
  keySeparator: false,
  nsSeparator: false,
  interpolation: { escapeValue: false },
})

/** @param name of the page or part, unique */
export const sayIn = <K extends string>(
  language: Language,
  name: string,
  texts: Readonly<Record<K, string>>,
): Say<K> => {
  i18next.addResourceBundle(language, name, texts)
  const translate = i18next.getFixedT(language, name)
  /** A row of the queue says a dozen words each time that it is drawn, most of them without values. */
  const plain = new Map<string, string>()
  return (key: string, values) => {
    if (values) return translate(key, { ...values })
    const known = plain.get(key)
    if (known !== undefined) return known
    const text = translate(key)
    plain.set(key, text)
    return text
  }
}
