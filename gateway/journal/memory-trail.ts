/** The audit trail in memory, for tests of everything that stands on its port. The same contract as on disk. */
import type { Head } from '../model/journal.ts'
import type { RecordedTrailEntry, Trail, TrailEntry, TrailQuery } from '../model/trail.ts'
import { genesis, type Sealed } from './chain.ts'
import { sealTrailLink, type TrailLink, trailLinkOf } from './trail-chain.ts'

const matches = (entry: RecordedTrailEntry, query: TrailQuery): boolean =>
  (query.actor === undefined || ('id' in entry.actor && entry.actor.id === query.actor)) &&
  entry.action.startsWith(query.action ?? '') &&
  (query.subject === undefined || entry.subject?.startsWith(query.subject) === true) &&
  (query.text === undefined || entry.reason?.includes(query.text) === true) &&
  (query.from === undefined || entry.at >= query.from) &&
  (query.to === undefined || entry.at < query.to) &&
  (query.areas === undefined || query.areas.some(area => entry.areas?.includes(area))) &&
  (query.before === undefined || entry.seq < query.before)

/** As it comes back from its columns. */
const recorded = (entry: TrailEntry, link: Sealed<TrailLink>): RecordedTrailEntry => {
  const { seq, address, action, subject, reason, hash } = link
  return {
    ...entry,
    action,
    ...(address !== null && { address }),
    ...(subject !== null && { subject }),
    ...(reason !== null && { reason }),
    seq,
    hash,
  }
}

export const createMemoryTrail = (isWritable: () => boolean = () => true): Trail => {
  const entries: RecordedTrailEntry[] = []
  const head = (): Head => {
    const { seq, hash } = entries.at(-1) ?? genesis
    return { seq, hash }
  }
  return {
    record: async entry => {
      if (!isWritable()) return false
      const before = head()
      const link = trailLinkOf(before.seq + 1, entry)
      entries.push(recorded(entry, { ...link, hash: sealTrailLink(before.hash, link) }))
      return true
    },
    search: async query =>
      entries
        .filter(entry => matches(entry, query))
        .toReversed()
        .slice(0, query.limit),
    head,
  }
}
