/**
 * Takes: a directory for personal.db, a vault, names that are unique.
 * Gives: texts and pictures under names that the journal can hold for good, and what residents have agreed to.
 * Never does: write anything of it in clear; refuse to show an alarm because a note of it does not open.
 */
import type { Consents, Papers, SealedRows } from '../model/vault.ts'
import { createConsents } from './consents.ts'
import { type ItemsOptions, openItems } from './items.ts'
import { createPapers } from './papers.ts'

export type Personal = {
  readonly papers: Papers
  readonly consents: Consents
  readonly sealed: SealedRows
  close(): void
}

/** Throws when the file cannot be opened. `newId`: a UUID. */
export const openPersonal = ({
  newId,
  ...options
}: ItemsOptions & { readonly newId: () => string }): Personal => {
  const items = openItems(options)
  return {
    papers: createPapers(items, newId),
    consents: createConsents(items, newId),
    sealed: items.sealed,
    close: items.close,
  }
}
