/**
 * Recomputes a journal from its rows, a batch at a time: the memory it needs is that of one batch, and no snapshot is
 * held from one to the next. Each batch is one statement, so what it compares was true at one moment, also while the
 * journal is being written. Entries that arrive meanwhile are left for the next check.
 */
import type { Database } from '../../kit/sqlite.ts'
import type { Head, Verification } from '../../model/journal.ts'
import { faultOf, genesis } from '../chain.ts'
import { numberIn, type Row, textIn } from './columns.ts'

export type CheckProgress = { readonly checked: number; readonly entries: number }

const batchSize = 2_000

const broken = (brokenAt: number, detail: string): Verification => ({ ok: false, brokenAt, detail })

const linkIn = (row: Row) => ({
  seq: numberIn(row, 'seq'),
  alarm: textIn(row, 'alarm_id'),
  version: numberIn(row, 'version'),
  recordedAt: numberIn(row, 'recorded_at'),
  actor: textIn(row, 'actor'),
  type: textIn(row, 'type'),
  data: textIn(row, 'data'),
  hash: textIn(row, 'hash'),
})

type Check = Generator<CheckProgress, Verification | undefined>

/** The chain, entry by entry, up to `until`. */
function* checkChain(database: Database, until: Head): Check {
  const batch = database.prepare('SELECT * FROM events WHERE seq > ? ORDER BY seq LIMIT ?')
  let head = genesis
  try {
    while (head.seq < until.seq) {
      const rows = batch.all(head.seq, Math.min(batchSize, until.seq - head.seq))
      if (rows.length === 0) return broken(head.seq + 1, `entry ${head.seq + 1} is missing`)
      for (const row of rows) {
        const link = linkIn(row)
        const fault = faultOf(head, link)
        if (fault !== undefined) return broken(head.seq + 1, fault)
        head = link
      }
      yield { checked: head.seq, entries: until.seq }
    }
  } catch (error) {
    // A column of another type, or a page that SQLite cannot read.
    return broken(head.seq + 1, error instanceof Error ? error.message : String(error))
  }
  return head.hash === until.hash
    ? undefined
    : broken(head.seq, `entry ${head.seq} is not the head that is kept apart`)
}

/** From alarm to alarm: `rowsAfter` names an alarm and, where something is wrong with it, the entry and the `fault`. */
function* checkAlarms(database: Database, rowsAfter: string, entries: number): Check {
  const batch = database.prepare(`${rowsAfter} LIMIT ${batchSize}`)
  let after = ''
  for (;;) {
    const rows = batch.all(after)
    const last = rows.at(-1)
    if (last === undefined) return undefined
    const faulty = rows.find(row => row['fault'] !== null)
    if (faulty)
      return broken(numberIn(faulty, 'seq'), `alarm ${textIn(faulty, 'id')}: ${textIn(faulty, 'fault')}`)
    after = textIn(last, 'id')
    yield { checked: entries, entries }
  }
}

const alarmsOfEvents = `
  SELECT alarm_id AS id, max(seq) AS seq,
         CASE WHEN min(version) <> 1 OR max(version) <> count(*) THEN 'its versions have a gap'
              WHEN max(version) IS NOT (SELECT version FROM alarms WHERE id = alarm_id)
              THEN 'it does not stand where its last event left it' END AS fault
  FROM events WHERE alarm_id > ? GROUP BY alarm_id ORDER BY alarm_id`

const alarmsAlone = `
  SELECT id, (SELECT head_seq FROM meta) AS seq,
         iif(EXISTS (SELECT 1 FROM events WHERE alarm_id = alarms.id), NULL, 'no event speaks of it') AS fault
  FROM alarms WHERE id > ? ORDER BY id`

/** Yields after each batch, so that its runner can do other things in between. */
export function* checkJournal(database: Database): Generator<CheckProgress, Verification> {
  const meta = database
    .prepare('SELECT head_seq, head_hash, (SELECT ifnull(max(seq), 0) FROM events) AS last FROM meta')
    .get()
  if (meta === undefined) return broken(1, 'the head that is kept apart is missing')
  const head = { seq: numberIn(meta, 'head_seq'), hash: textIn(meta, 'head_hash') }
  const entries = head.seq
  if (numberIn(meta, 'last') > entries) return broken(entries + 1, `entry ${entries + 1} was never committed`)
  return (
    (yield* checkChain(database, head)) ??
    (yield* checkAlarms(database, alarmsOfEvents, entries)) ??
    (yield* checkAlarms(database, alarmsAlone, entries)) ?? { ok: true, entries, head }
  )
}
