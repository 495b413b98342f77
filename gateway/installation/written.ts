import type { InstallationTexts } from '../model/installation.ts'
import type { Papers } from '../model/vault.ts'

/** What stands on a paper. Nothing, if there is none, or it was erased. */
export const written = (
  papers: Pick<Papers, 'text'>,
  name: keyof InstallationTexts,
  ref: string | undefined,
): InstallationTexts => {
  const text = ref === undefined ? undefined : papers.text(ref)
  return text === undefined ? {} : { [name]: text }
}
