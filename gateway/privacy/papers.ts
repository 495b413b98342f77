/** Texts and pictures that people add to alarms and installations, under names that entries can hold for good. */
import type { Papers } from '../model/vault.ts'
import { paperPrefix } from '../model/vault.ts'
import type { ItemKind, Items } from './items.ts'

/** UTF-8. A longer text is refused as `body-too-large`, */
export const maxTextBytes = 16 * 1024
/** and so is a larger picture. */
export const maxPictureBytes = 4 * 1024 * 1024

const kinds: readonly ItemKind[] = ['text', 'picture']

/** @param newId a UUID */
export const createPapers = (items: Items, newId: () => string): Papers => ({
  keep(content, about, at) {
    const [kind, bytes, most] =
      typeof content === 'string'
        ? (['text', Buffer.from(content), maxTextBytes] as const)
        : (['picture', content, maxPictureBytes] as const)
    if (bytes.length > most)
      return { refused: 'body-too-large', detail: `a ${kind} has at most ${most} bytes` }
    const ref = `${paperPrefix}${newId()}`
    try {
      items.put({ name: ref, kind, about, at, content: bytes })
      return { ref }
    } catch (error) {
      return { refused: 'journal-unavailable', detail: `not written: ${String(error)}` }
    }
  },
  text(ref) {
    const found = items.content(ref)
    return found?.kind === 'text' ? Buffer.from(found.bytes).toString() : undefined
  },
  bytes: ref => items.content(ref)?.bytes,
  list: about =>
    items.list(kinds, about).map(({ name, kind, at }) => ({ ref: name, at, isText: kind === 'text' })),
  drop(ref) {
    try {
      items.remove([ref])
    } catch {
      // Nobody refers to it; retention lets go of it.
    }
  },
  eraseAbout(about) {
    const names = items.list(kinds, about).map(({ name }) => name)
    if (names.length === 0) return 0
    items.remove(names)
    items.scrub()
    return names.length
  },
  eraseBefore(at) {
    const removed = items.removeBefore(kinds, at)
    if (removed > 0) items.scrub()
    return removed
  },
})
