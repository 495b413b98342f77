/** Puts one append, one kept message or one batch of outcomes into rows, inside a transaction that somebody else owns. */
import type { Database } from '../../kit/sqlite.ts'
import type { Alarm } from '../../model/alarm.ts'
import type { DeliveryUpdate, NewDelivery } from '../../model/delivery.ts'
import type { AlarmId } from '../../model/ids.ts'
import type { AppendRequest, AppendResult, Head, InboxEntry } from '../../model/journal.ts'
import { dataOf, sealLink } from '../chain.ts'
import { assertCoherent, claimedSubject, pointsOf, repeatedSince } from '../facts.ts'
import { urgencyRank } from '../ordering.ts'
import { numberIn, type Row, textIn } from './columns.ts'
import { prepareWrites } from './write-statements.ts'

/** What the caller of an append cannot know; the events it has itself. */
export type Appended = { readonly ok: true; readonly firstSeq: number; readonly hashes: readonly string[] }
export type NotAppended = Exclude<AppendResult, { ok: true }>

export type RowWriter = {
  /** `head` is where the journal stands now. Refusals come before the first change. */
  readonly append: (request: AppendRequest, head: Head) => Appended | NotAppended
  readonly keep: (entry: InboxEntry) => { readonly ok: true; readonly duplicate: boolean }
  readonly settle: (updates: readonly DeliveryUpdate[]) => void
  /** A change of no meaning. */
  readonly probe: () => void
  /** How many rows this connection has changed so far. */
  readonly changes: () => number
  readonly head: () => Head
  readonly setHead: (head: Head) => void
}

/** So that numbers of deliveries grow with `seq`. An event owes a few dozen at most; more would only share numbers. */
const maxDeliveriesPerEvent = 1_000

const asFlag = (flag: boolean) => (flag ? 1 : 0)

export const createRowWriter = (database: Database): RowWriter => {
  const write = prepareWrites(database)

  const refusalOf = (request: AppendRequest, before: Row | undefined): NotAppended | undefined => {
    const { alarm, expectedVersion, inbox } = request
    const seen = inbox && write.received.get(inbox.device, inbox.eventKey, repeatedSince(inbox))
    if (seen) {
      const belongsTo: AlarmId | null = JSON.parse(textIn(seen, 'alarm'))
      return { ok: false, why: 'duplicate', ...(belongsTo !== null && { alarm: belongsTo }) }
    }
    const version = before === undefined ? 0 : numberIn(before, 'version')
    const subject = claimedSubject(alarm)
    const open = subject === undefined ? undefined : write.openWith.get(subject)
    if (version !== expectedVersion || (open !== undefined && textIn(open, 'id') !== alarm.id))
      return { ok: false, why: 'conflict' }
    return undefined
  }

  const receive = (entry: InboxEntry, alarm: AlarmId | null) =>
    write.receive.run(
      entry.device,
      entry.eventKey,
      entry.type,
      entry.receivedAt,
      entry.deviceTime ?? null,
      entry.data === undefined ? null : JSON.stringify(entry.data),
      alarm,
    )

  const addEvents = (request: AppendRequest, head: Head): Appended => {
    const { alarm, expectedVersion, recordedAt } = request
    const actor = JSON.stringify(request.actor)
    const hashes: string[] = []
    for (const [index, event] of request.events.entries()) {
      const seq = head.seq + 1 + index
      const version = expectedVersion + 1 + index
      const data = dataOf(event)
      const link = { seq, alarm: alarm.id, version, recordedAt, actor, type: event.type, data }
      const hash = sealLink(hashes.at(-1) ?? head.hash, link)
      write.addEvent.run(seq, alarm.id, version, recordedAt, actor, event.type, data, hash)
      hashes.push(hash)
    }
    return { ok: true, firstSeq: head.seq + 1, hashes }
  }

  const putPoints = (alarm: Alarm, before: Row | undefined): string => {
    const points = JSON.stringify(pointsOf(alarm))
    const pointsBefore = before === undefined ? '[]' : textIn(before, 'points')
    if (points === pointsBefore) return points
    const listed: string[] = JSON.parse(pointsBefore)
    for (const point of listed) write.removePoint.run(point, alarm.id)
    for (const point of pointsOf(alarm)) write.addPoint.run(point, alarm.id)
    return points
  }

  const putAlarm = (alarm: Alarm, before: Row | undefined) => {
    const { id, version, state, subject, kind, location, receivedAt } = alarm
    const open = asFlag(claimedSubject(alarm) !== undefined)
    const points = putPoints(alarm, before)
    const data = JSON.stringify(alarm)
    const rank = urgencyRank(alarm)
    if (before) write.changeAlarm.run(version, state, open, rank, points, data, id)
    else {
      const { area = null, home = null, resident = null } = location
      const place = [area, home, resident]
      write.addAlarm.run(version, state, open, points, data, id, subject, kind, rank, ...place, receivedAt)
    }
  }

  const putDeadline = ({ id, deadline }: Alarm) =>
    deadline ? write.setDeadline.run(id, deadline.at, deadline.kind) : write.endDeadline.run(id)

  const putDeliveries = (deliveries: readonly NewDelivery[], afterSeq: number) => {
    for (const [index, one] of deliveries.entries()) {
      const number = afterSeq * maxDeliveriesPerEvent + index
      write.owe.run(one.id, number, one.alarm, one.version, one.kind, one.recipient, one.topic, one.createdAt)
    }
  }

  const settle = (updates: readonly DeliveryUpdate[]) => {
    for (const { id, state, outcome, reason, attempts, settledAt } of updates)
      write.settle.run(state, outcome ?? null, reason ?? null, attempts, settledAt ?? null, id)
  }

  return {
    append: (request, head) => {
      assertCoherent(request)
      const before = write.alarm.get(request.alarm.id)
      const refusal = refusalOf(request, before)
      if (refusal) return refusal
      if (request.inbox) receive(request.inbox, request.alarm.id)
      const appended = addEvents(request, head)
      putAlarm(request.alarm, before)
      putDeadline(request.alarm)
      putDeliveries(request.deliveries, head.seq)
      return appended
    },
    keep: entry => {
      const duplicate = write.received.get(entry.device, entry.eventKey, repeatedSince(entry)) !== undefined
      if (!duplicate) receive(entry, null)
      return { ok: true, duplicate }
    },
    settle,
    probe: () => {
      write.probe.run()
    },
    changes: () => Number(write.changes.get()?.['changes']),
    head: () => {
      const row = write.head.get()
      if (row === undefined) throw new Error('the journal has lost its head')
      return { seq: numberIn(row, 'head_seq'), hash: textIn(row, 'head_hash') }
    },
    setHead: ({ seq, hash }) => {
      write.setHead.run(seq, hash)
    },
  }
}
