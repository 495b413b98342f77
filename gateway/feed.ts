/** Passes committed entries on in the order of `seq`, whatever order their commits were answered in. */
import type { EntryFeed } from './model/desk.ts'
import type { Entry } from './model/journal.ts'

export interface Feed extends EntryFeed {
  push(entries: readonly Entry[]): void
}

export const createFeed = (headSeq: number): Feed => {
  const listeners = new Set<(entries: readonly Entry[]) => void>()
  const early = new Map<number, Entry>()
  let last = headSeq
  return {
    push(entries) {
      for (const entry of entries) early.set(entry.seq, entry)
      const ready: Entry[] = []
      for (let next = early.get(last + 1); next; next = early.get(last + 1)) {
        early.delete(next.seq)
        ready.push(next)
        last = next.seq
      }
      if (ready.length > 0) for (const listener of listeners) listener(ready)
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
