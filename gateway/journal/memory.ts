/**
 * The journal in memory, for tests of everything that stands on the port.
 *
 * Takes appends, gives what was appended, exactly as the adapter on disk does; one contract suite holds both to it.
 * Never does: outlive its process.
 */
import type { Alarm } from '../model/alarm.ts'
import type { Delivery, DeliveryUpdate, NewDelivery } from '../model/delivery.ts'
import type { AlarmId } from '../model/ids.ts'
import {
  type AlarmQuery,
  type AlarmsWithin,
  type AppendRequest,
  type AppendResult,
  type Entry,
  type Head,
  type InboxCount,
  type InboxEntry,
  type Journal,
  type JournalHealth,
  mostInboxCounts,
  type Verification,
} from '../model/journal.ts'
import { dataOf, faultOf, genesis, type Link, sealLink } from './chain.ts'
import { assertCoherent, claimedSubject, pointsOf, repeatedSince } from './facts.ts'
import { createHealth } from './health.ts'
import { createMemoryTrail } from './memory-trail.ts'
import { comparePlaces, compareText, cursorAt, placeOf, readCursor } from './ordering.ts'

export type MemoryJournal = Journal & {
  /** While not writable, every write answers `unavailable` and changes nothing. */
  readonly setHealth: (health: JournalHealth) => void
}

type Kept = { readonly entry: InboxEntry; readonly alarm?: AlarmId }

const linkOf = (entry: Omit<Entry, 'hash'>): Link => ({
  seq: entry.seq,
  alarm: entry.alarm,
  version: entry.version,
  recordedAt: entry.recordedAt,
  actor: JSON.stringify(entry.actor),
  type: entry.event.type,
  data: dataOf(entry.event),
})

const isWithin = (alarm: Alarm, { areas, points = [], homes = [] }: AlarmsWithin): boolean => {
  const { area, home } = alarm.location
  return (
    (areas !== undefined && (area === undefined || areas.includes(area))) ||
    pointsOf(alarm).some(point => points.includes(point)) ||
    (home !== undefined && homes.includes(home))
  )
}

const matches = (alarm: Alarm, query: AlarmQuery): boolean =>
  (query.states === undefined || query.states.includes(alarm.state)) &&
  (query.kind === undefined || query.kind === alarm.kind) &&
  (query.areas === undefined ||
    (alarm.location.area !== undefined && query.areas.includes(alarm.location.area))) &&
  (query.point === undefined || pointsOf(alarm).includes(query.point)) &&
  (query.home === undefined || alarm.location.home === query.home) &&
  (query.resident === undefined || alarm.location.resident === query.resident) &&
  (query.within === undefined || isWithin(alarm, query.within)) &&
  (query.from === undefined || alarm.receivedAt >= query.from) &&
  (query.to === undefined || alarm.receivedAt < query.to)

const verifyEntries = (entries: readonly Entry[], trail: Head): Verification => {
  let head: Head = genesis
  for (const entry of entries) {
    const detail = faultOf(head, { ...linkOf(entry), hash: entry.hash }, sealLink)
    if (detail !== undefined) return { ok: false, chain: 'events', brokenAt: head.seq + 1, detail }
    head = entry
  }
  return {
    ok: true,
    entries: entries.length,
    head: { seq: head.seq, hash: head.hash },
    trail: { entries: trail.seq, head: trail },
  }
}

const countsOf = (received: readonly InboxEntry[], everyMs: number): readonly InboxCount[] => {
  const startOf = ({ receivedAt }: InboxEntry) => receivedAt - (receivedAt % everyMs)
  const groups = Map.groupBy(received, one => `${startOf(one)}/${one.type}`)
  return [...groups.values()]
    .flatMap(group =>
      group.slice(0, 1).map(one => ({ type: one.type, at: startOf(one), count: group.length })),
    )
    .sort((a, b) => a.at - b.at || compareText(a.type, b.type))
    .slice(0, mostInboxCounts)
}

export const createMemoryJournal = (): MemoryJournal => {
  const entries: Entry[] = []
  const alarms = new Map<AlarmId, Alarm>()
  const inbox = new Map<string, Kept>()
  const owed = new Map<string, NewDelivery>()
  const deliveries = new Map<string, Delivery>()
  const health = createHealth()
  const trail = createMemoryTrail(() => health.health().writable)

  const keyOf = ({ device, eventKey }: InboxEntry) => `${device}/${eventKey}`
  const keptAs = (entry: InboxEntry): Kept | undefined => {
    const kept = inbox.get(keyOf(entry))
    return kept && kept.entry.receivedAt >= repeatedSince(entry) ? kept : undefined
  }
  const openWith = (subject: string) => [...alarms.values()].find(alarm => claimedSubject(alarm) === subject)
  const head = (): Head => {
    const last = entries.at(-1) ?? genesis
    return { seq: last.seq, hash: last.hash }
  }
  const unfinished = () =>
    [...alarms.values()]
      .filter(alarm => alarm.state !== 'closed')
      .sort((a, b) => comparePlaces.urgency(placeOf(a), placeOf(b)))
  const unavailable = () => {
    const { writable, detail = 'not writable' } = health.health()
    return writable ? undefined : ({ ok: false, why: 'unavailable', detail } as const)
  }

  const settleNow = (updates: readonly DeliveryUpdate[]) => {
    for (const update of updates) {
      const delivery = owed.get(update.id)
      if (delivery) deliveries.set(update.id, { ...delivery, ...update })
    }
  }

  const refusalOf = (request: AppendRequest): AppendResult | undefined => {
    const seen = request.inbox && keptAs(request.inbox)
    if (seen !== undefined)
      return { ok: false, why: 'duplicate', ...(seen.alarm !== undefined && { alarm: seen.alarm }) }
    const subject = claimedSubject(request.alarm)
    const other = subject === undefined ? undefined : openWith(subject)
    const moved = (alarms.get(request.alarm.id)?.version ?? 0) !== request.expectedVersion
    if (moved || (other !== undefined && other.id !== request.alarm.id)) return { ok: false, why: 'conflict' }
    return undefined
  }

  const commit = (request: AppendRequest): readonly Entry[] => {
    const { alarm, actor, recordedAt } = request
    const added = request.events.map((event, index) => {
      const { seq, hash } = head()
      const unsealed = {
        seq: seq + 1,
        alarm: alarm.id,
        version: request.expectedVersion + index + 1,
        recordedAt,
        actor,
        event,
      }
      const entry: Entry = { ...unsealed, hash: sealLink(hash, linkOf(unsealed)) }
      entries.push(entry)
      return entry
    })
    alarms.set(alarm.id, alarm)
    if (request.inbox) inbox.set(keyOf(request.inbox), { entry: request.inbox, alarm: alarm.id })
    for (const delivery of request.deliveries) {
      if (owed.has(delivery.id)) continue
      owed.set(delivery.id, delivery)
      deliveries.set(delivery.id, { ...delivery, state: 'pending', attempts: 0 })
    }
    return added
  }

  return {
    append: async request => {
      assertCoherent(request)
      return unavailable() ?? refusalOf(request) ?? { ok: true, entries: commit(request) }
    },
    keep: async entry => {
      const refused = unavailable()
      if (refused) return refused
      const duplicate = keptAs(entry) !== undefined
      if (!duplicate) inbox.set(keyOf(entry), { entry })
      return { ok: true, duplicate }
    },
    settle: async updates => {
      if (unavailable()) return false
      settleNow(updates)
      return true
    },
    load: async id => alarms.get(id),
    findOpen: async subject => openWith(subject),
    unfinished: async () => unfinished(),
    list: async query => {
      const compare = comparePlaces[query.order]
      const after = readCursor(query.cursor)
      const found = [...alarms.values()]
        .filter(alarm => matches(alarm, query) && (!after || compare(placeOf(alarm), after) > 0))
        .sort((a, b) => compare(placeOf(a), placeOf(b)))
      const items = found.slice(0, query.limit)
      const last = items.at(-1)
      return { items, nextCursor: last && found.length > items.length ? cursorAt(placeOf(last)) : null }
    },
    timeline: async alarm => entries.filter(entry => entry.alarm === alarm),
    entriesOf: async wanted => wanted.flatMap(alarm => entries.filter(entry => entry.alarm === alarm)),
    entriesAfter: async (seq, limit) => entries.slice(Math.max(0, seq), Math.max(0, seq) + limit),
    deliveriesOf: async alarm => [...deliveries.values()].filter(delivery => delivery.alarm === alarm),
    pendingDeliveries: async () => [...deliveries.values()].filter(delivery => delivery.state === 'pending'),
    inboxOf: async (device, limit) =>
      [...inbox.values()]
        .filter(kept => kept.entry.device === device && kept.alarm === undefined)
        .map(kept => kept.entry)
        .sort((a, b) => b.receivedAt - a.receivedAt || compareText(b.eventKey, a.eventKey))
        .slice(0, limit),
    inboxCounts: async (device, from, everyMs) => {
      const kept = [...inbox.values()].filter(one => one.alarm === undefined).map(one => one.entry)
      return countsOf(
        kept.filter(one => one.device === device && one.receivedAt >= from),
        everyMs,
      )
    },
    audit: async dueBefore => ({
      withoutDeadline: unfinished().flatMap(({ id, deadline }) => (deadline ? [] : [id])),
      overdue: new Map(
        [...alarms.values()]
          .flatMap(({ id, deadline }) =>
            deadline && deadline.at < dueBefore ? [[id, deadline] as const] : [],
          )
          .sort(([, a], [, b]) => a.at - b.at),
      ),
    }),
    head,
    trail,
    verify: async () => verifyEntries(entries, trail.head()),
    health: health.health,
    onHealth: health.onHealth,
    setHealth: health.set,
    close: async () => health.set({ writable: false, detail: 'the journal is closed' }),
  }
}
