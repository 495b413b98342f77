import type { Refusal } from '../model/errors.ts'
import type { Instant } from '../model/ids.ts'
import type { Concerned, Papers } from '../model/vault.ts'

type Paper = { readonly content: string | Uint8Array; readonly about: Concerned; readonly at: Instant }

/** Keeps a text or picture for what is done with its name. It goes again if that is refused or fails. */
export const withPaper = <T extends object>(
  papers: Pick<Papers, 'keep' | 'drop'>,
  { content, about, at }: Paper,
  use: (ref: string) => T | Refusal,
): T | Refusal => {
  const kept = papers.keep(content, about, at)
  if ('refused' in kept) return kept
  let isOfUse = false
  try {
    const used = use(kept.ref)
    isOfUse = !('refused' in used)
    return used
  } finally {
    if (!isOfUse) papers.drop(kept.ref)
  }
}
