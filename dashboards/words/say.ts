/** Says words by their keys. Pure. */

/** `count` picks `…_one` or `…_other` where a key has them. */
type Key<K extends string> = K extends `${infer Base}_one` | `${infer Base}_other` ? Base : K

type Values = Readonly<Record<string, string | number>>

/** `{{count}}` in the words gives way to the value of that name. */
export type Say<K extends string> = (key: Key<K>, values?: Values) => string

const filled = (text: string, values: Values): string =>
  text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name] ?? ''))

/** @param name where a word is missing for all that the types say, its key is shown after this name. */
export const sayIn =
  <K extends string>(name: string, texts: Readonly<Record<K, string>>): Say<K> =>
  (key, values = {}) => {
    const known: Readonly<Partial<Record<string, string>>> = texts
    const counted = `${key}_${values['count'] === 1 ? 'one' : 'other'}`
    return filled(known[key] ?? known[counted] ?? `${name}.${key}`, values)
  }
