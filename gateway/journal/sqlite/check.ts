/**
 * Recomputes a journal from its rows, a batch at a time: the memory it needs is that of one batch, and no snapshot is
 * held from one to the next. Each batch is one statement, so what it compares was true at one moment, also while the
 * journal is being written. Entries that arrive meanwhile are left for the next check.
 */
import type { Database } from '../../kit/sqlite.ts'
import type { ChainName, Head, Verification } from '../../model/journal.ts'
import { faultOf, genesis, type Link, type Sealed, sealLink } from '../chain.ts'
import { sealTrailLink, type TrailLink } from '../trail-chain.ts'
import { numberIn, type Row, textIn, textOrNullIn } from './columns.ts'

export type CheckProgress = { readonly checked: number; readonly entries: number }

const batchSize = 2_000

type Broken = Exclude<Verification, { ok: true }>
type Check<Result = Broken | undefined> = Generator<CheckProgress, Result>

const broken = (chain: ChainName, brokenAt: number, detail: string): Broken => ({
  ok: false,
  chain,
  brokenAt,
  detail,
})

/** How a chain lies in its table. */
type Chain<L> = {
  readonly name: ChainName
  readonly head: string
  readonly linkIn: (row: Row) => Sealed<L>
  readonly seal: (previousHash: string, link: L) => string
}

const events: Chain<Link> = {
  name: 'events',
  head: 'head_seq AS seq, head_hash AS hash',
  linkIn: row => ({
    seq: numberIn(row, 'seq'),
    alarm: textIn(row, 'alarm_id'),
    version: numberIn(row, 'version'),
    recordedAt: numberIn(row, 'recorded_at'),
    actor: textIn(row, 'actor'),
    type: textIn(row, 'type'),
    data: textIn(row, 'data'),
    hash: textIn(row, 'hash'),
  }),
  seal: sealLink,
}

const trail: Chain<TrailLink> = {
  name: 'trail',
  head: 'trail_seq AS seq, trail_hash AS hash',
  linkIn: row => ({
    seq: numberIn(row, 'seq'),
    at: numberIn(row, 'at'),
    actor: textIn(row, 'actor'),
    address: textOrNullIn(row, 'address'),
    action: textIn(row, 'action'),
    subject: textOrNullIn(row, 'subject'),
    reason: textOrNullIn(row, 'reason'),
    outcome: textIn(row, 'outcome'),
    facts: textOrNullIn(row, 'facts'),
    areas: textOrNullIn(row, 'areas'),
    hash: textIn(row, 'hash'),
  }),
  seal: sealTrailLink,
}

/** Entry by entry, up to the head that is kept apart, which is answered when all is well. */
function* checkChain<L extends { readonly seq: number }>(
  database: Database,
  { name, head: headColumns, linkIn, seal }: Chain<L>,
): Check<Head | Broken> {
  const last = `(SELECT ifnull(max(seq), 0) FROM ${name}) AS last`
  const meta = database.prepare(`SELECT ${headColumns}, ${last} FROM meta`).get()
  if (meta === undefined) return broken(name, 1, 'the head that is kept apart is missing')
  const until = { seq: numberIn(meta, 'seq'), hash: textIn(meta, 'hash') }
  if (numberIn(meta, 'last') > until.seq)
    return broken(name, until.seq + 1, `entry ${until.seq + 1} was never committed`)
  const batch = database.prepare(`SELECT * FROM ${name} WHERE seq > ? ORDER BY seq LIMIT ?`)
  let head = genesis
  try {
    while (head.seq < until.seq) {
      const rows = batch.all(head.seq, Math.min(batchSize, until.seq - head.seq))
      if (rows.length === 0) return broken(name, head.seq + 1, `entry ${head.seq + 1} is missing`)
      for (const row of rows) {
        const link = linkIn(row)
        const fault = faultOf(head, link, seal)
        if (fault !== undefined) return broken(name, head.seq + 1, fault)
        head = link
      }
      yield { checked: head.seq, entries: until.seq }
    }
  } catch (error) {
    // A column of another type, or a page that SQLite cannot read.
    return broken(name, head.seq + 1, error instanceof Error ? error.message : String(error))
  }
  return head.hash === until.hash
    ? until
    : broken(name, head.seq, `entry ${head.seq} is not the head that is kept apart`)
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
      return broken(
        'events',
        numberIn(faulty, 'seq'),
        `alarm ${textIn(faulty, 'id')}: ${textIn(faulty, 'fault')}`,
      )
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
export function* checkJournal(database: Database): Check<Verification> {
  const head = yield* checkChain(database, events)
  if ('chain' in head) return head
  const fault =
    (yield* checkAlarms(database, alarmsOfEvents, head.seq)) ??
    (yield* checkAlarms(database, alarmsAlone, head.seq))
  if (fault) return fault
  const trailHead = yield* checkChain(database, trail)
  if ('chain' in trailHead) return trailHead
  return { ok: true, entries: head.seq, head, trail: { entries: trailHead.seq, head: trailHead } }
}
