/** Words of a page, in both languages side by side: neither can lack what the other has. */
import { useLanguage } from './language.ts'
import { type Say, sayIn } from './say.ts'

export type { Say }

/**
 * @param name of the page or part, unique.
 * @returns the hook that says these words in the language of the moment. It gives the same function as long as the language
 * stays the same.
 */
export const words = <K extends string>(
  name: string,
  { zh, en }: { readonly zh: Readonly<Record<K, string>>; readonly en: Readonly<Record<NoInfer<K>, string>> },
): (() => Say<K>) => {
  const say = { zh: sayIn<K>('zh', name, zh), en: sayIn<K>('en', name, en) }
  return () => say[useLanguage()]
}
