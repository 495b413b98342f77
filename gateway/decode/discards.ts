/** What was left out of a message whose rest was good: by reason, with the first of each kind as an example. */
import type { DiscardReason } from '../model/observation.ts'

export type Discard = { readonly reason: DiscardReason; readonly detail: string; readonly count: number }

export interface Discards {
  add(reason: DiscardReason, detail: string, count?: number): void
  list(): readonly Discard[]
}

/** Names and texts come from outside and may be as long as a message. */
const maxDetailLength = 80

export const createDiscards = (): Discards => {
  const found = new Map<DiscardReason, Discard>()
  return {
    add(reason, detail, count = 1) {
      const before = found.get(reason)
      found.set(reason, {
        reason,
        detail: before?.detail ?? detail.slice(0, maxDetailLength),
        count: (before?.count ?? 0) + count,
      })
    },
    list: () => [...found.values()],
  }
}
