/** The latest entries of the journal in memory: live streams read them here, and older ones from the journal. */
import type { EntryFeed } from '../model/desk.ts'
import type { Entry } from '../model/journal.ts'

export type Tail = {
  /** Entries after `seq`, at most `limit`; undefined when they reach further back than this remembers. */
  after(seq: number, limit: number): readonly Entry[] | undefined
  /** Calls back when there is more. Returns the way to stop that. */
  onMore(listener: () => void): () => void
  stop(): void
}

/** A few seconds of the fiercest flood. Whoever is further behind reads from the journal. */
const capacity = 2_000

/** `head`: the journal's latest `seq` now. */
export const createTail = (feed: EntryFeed, head: number): Tail => {
  let recent: Entry[] = []
  let latest = head
  const listeners = new Set<() => void>()

  const stop = feed.subscribe(entries => {
    for (const entry of entries) {
      // After a gap the older ones cannot be counted on: the journal answers for them.
      if (entry.seq !== latest + 1) recent = []
      recent.push(entry)
      latest = entry.seq
    }
    if (recent.length > capacity) recent = recent.slice(-capacity)
    for (const listener of listeners) listener()
  })

  return {
    after: (seq, limit) => {
      if (seq >= latest) return []
      const from = seq + 1 - (recent[0]?.seq ?? latest + 1)
      return from < 0 ? undefined : recent.slice(from, from + limit)
    },
    onMore: listener => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    stop,
  }
}
