/**
 * All questions to the journal, synchronous, on a database opened read-only. Every answer is one statement, read to its
 * end at once, so that no snapshot is held open and the write-ahead log can always be moved into the file.
 */
import type { Database } from '../../kit/sqlite.ts'
import type { Alarm, Deadline } from '../../model/alarm.ts'
import type { Delivery } from '../../model/delivery.ts'
import type { AlarmId, DeviceId, Instant } from '../../model/ids.ts'
import {
  type AlarmPage,
  type AlarmQuery,
  type Entry,
  type Head,
  type InboxCount,
  type InboxEntry,
  mostInboxCounts,
} from '../../model/journal.ts'
import { cursorAt, placeOf } from '../ordering.ts'
import { type Row, textIn } from './columns.ts'
import { listStatement } from './list-statement.ts'

export type Reader = {
  readonly load: (alarm: AlarmId) => Alarm | undefined
  readonly findOpen: (subject: string) => Alarm | undefined
  readonly unfinished: () => readonly Alarm[]
  readonly list: (query: AlarmQuery) => AlarmPage
  readonly timeline: (alarm: AlarmId) => readonly Entry[]
  readonly entriesOf: (alarms: readonly AlarmId[]) => readonly Entry[]
  readonly entriesAfter: (seq: number, limit: number) => readonly Entry[]
  readonly deliveriesOf: (alarm: AlarmId) => readonly Delivery[]
  readonly pendingDeliveries: () => readonly Delivery[]
  readonly inboxOf: (device: DeviceId, limit: number) => readonly InboxEntry[]
  readonly inboxCounts: (device: DeviceId, from: Instant, everyMs: number) => readonly InboxCount[]
  readonly withoutDeadline: () => readonly AlarmId[]
  /** Pairs, because a map does not survive JSON. */
  readonly overdue: (dueBefore: Instant) => readonly (readonly [AlarmId, Deadline])[]
  readonly head: () => Head
}

const entry = `json_object('seq', seq, 'alarm', alarm_id, 'version', version, 'recordedAt', recorded_at,
  'actor', json(actor), 'event', json_insert(data, '$.type', type), 'hash', hash) AS json FROM events`

// A merge patch leaves out what is NULL.
const delivery = `json_patch('{}', json_object('id', id, 'alarm', alarm_id, 'version', version, 'kind', kind,
  'recipient', recipient, 'topic', topic, 'createdAt', created_at, 'state', state, 'outcome', outcome,
  'reason', reason, 'attempts', attempts, 'settledAt', settled_at)) AS json FROM deliveries`

const message = `json_patch('{}', json_object('device', device_id, 'eventKey', event_key, 'type', type,
  'receivedAt', received_at, 'deviceTime', device_time)) AS json, data FROM inbox`

/** Exported for the test that none of them reads a whole table. */
export const readStatements = {
  load: 'SELECT data AS json FROM alarms WHERE id = ?',
  findOpen: 'SELECT data AS json FROM alarms WHERE subject = ? AND open = 1',
  unfinished: `SELECT data AS json FROM alarms WHERE state <> 'closed' ORDER BY rank, received_at, id`,
  timeline: `SELECT ${entry} WHERE alarm_id = ? ORDER BY version`,
  entriesAfter: `SELECT ${entry} WHERE seq > ? ORDER BY seq LIMIT ?`,
  deliveriesOf: `SELECT ${delivery} WHERE id > ?1 || '/' AND id < ?1 || '0' ORDER BY number`,
  pendingDeliveries: `SELECT ${delivery} WHERE state = 'pending' ORDER BY number`,
  inboxOf: `SELECT ${message} WHERE device_id = ? AND alarm_id IS NULL
            ORDER BY received_at DESC, event_key DESC LIMIT ?`,
  // Bound numbers are real ones: without the cast nothing would be rounded down.
  inboxCounts: `SELECT json_object('type', type, 'at', received_at - received_at % CAST(?3 AS INTEGER),
                'count', count(*)) AS json FROM inbox
                WHERE device_id = ?1 AND alarm_id IS NULL AND received_at >= ?2
                GROUP BY received_at - received_at % CAST(?3 AS INTEGER), type
                ORDER BY received_at - received_at % CAST(?3 AS INTEGER), type LIMIT ${mostInboxCounts}`,
  withoutDeadline: `SELECT json_quote(id) AS json FROM alarms WHERE state <> 'closed'
                    AND NOT EXISTS (SELECT 1 FROM deadlines WHERE alarm_id = alarms.id)
                    ORDER BY rank, received_at, id`,
  overdue: `SELECT json_array(alarm_id, json_object('at', due_at, 'kind', kind)) AS json FROM deadlines
            WHERE due_at < ? ORDER BY due_at, alarm_id`,
  head: `SELECT json_object('seq', head_seq, 'hash', head_hash) AS json FROM meta`,
}

const parsed = (row: Row) => JSON.parse(textIn(row, 'json'))

const messageOf = (row: Row): InboxEntry => {
  const entry: InboxEntry = parsed(row)
  return row['data'] === null ? entry : { ...entry, data: JSON.parse(textIn(row, 'data')) }
}

export const createReader = (database: Database): Reader => {
  const prepare = (name: keyof typeof readStatements) => {
    const statement = database.prepare(readStatements[name])
    return (...values: readonly (string | number)[]) => statement.all(...values)
  }
  const load = prepare('load')
  const findOpen = prepare('findOpen')
  const unfinished = prepare('unfinished')
  const timeline = prepare('timeline')
  const entriesAfter = prepare('entriesAfter')
  const deliveriesOf = prepare('deliveriesOf')
  const pendingDeliveries = prepare('pendingDeliveries')
  const inboxOf = prepare('inboxOf')
  const inboxCounts = prepare('inboxCounts')
  const withoutDeadline = prepare('withoutDeadline')
  const overdue = prepare('overdue')
  const head = prepare('head')

  return {
    load: id => load(id).map(parsed)[0],
    findOpen: subject => findOpen(subject).map(parsed)[0],
    unfinished: () => unfinished().map(parsed),
    list: query => {
      const { sql, values } = listStatement(query)
      const found: Alarm[] = database
        .prepare(sql)
        .all(...values)
        .map(parsed)
      const items = found.slice(0, query.limit)
      const last = items.at(-1)
      return { items, nextCursor: last && found.length > items.length ? cursorAt(placeOf(last)) : null }
    },
    timeline: alarm => timeline(alarm).map(parsed),
    entriesOf: alarms => alarms.flatMap(alarm => timeline(alarm).map(parsed)),
    entriesAfter: (seq, limit) => entriesAfter(seq, limit).map(parsed),
    deliveriesOf: alarm => deliveriesOf(alarm).map(parsed),
    pendingDeliveries: () => pendingDeliveries().map(parsed),
    inboxOf: (device, limit) => inboxOf(device, limit).map(messageOf),
    inboxCounts: (device, from, everyMs) => inboxCounts(device, from, everyMs).map(parsed),
    withoutDeadline: () => withoutDeadline().map(parsed),
    overdue: dueBefore => overdue(dueBefore).map(parsed),
    head: () => {
      const [row] = head()
      if (row === undefined) throw new Error('the journal has lost its head')
      return parsed(row)
    },
  }
}
