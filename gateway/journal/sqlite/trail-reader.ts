/** The questions to the audit trail, synchronous, on a database opened read-only. Each is one statement. */
import type { Database } from '../../kit/sqlite.ts'
import type { Head } from '../../model/journal.ts'
import type { RecordedTrailEntry, TrailQuery } from '../../model/trail.ts'
import { numberIn, textIn } from './columns.ts'

export type TrailReader = {
  readonly searchTrail: (query: TrailQuery) => readonly RecordedTrailEntry[]
  readonly trailHead: () => Head
}

type Value = string | number
type Condition = readonly [sql: string, ...values: readonly Value[]]

/** Behind every text that begins with the one before it. */
const lastOfAll = '\u{10ffff}'

const conditionsOf = (query: TrailQuery): readonly Condition[] => {
  const { actor, action, subject, text, from, to, areas, before } = query
  const conditions: (Condition | false)[] = [
    actor !== undefined && ["actor ->> '$.id' = ?", actor],
    action !== undefined && ['substr(action, 1, length(?)) = ?', action, action],
    subject !== undefined && ['subject >= ? AND subject < ?', subject, subject + lastOfAll],
    text !== undefined && ['instr(reason, ?) > 0', text],
    from !== undefined && ['at >= ?', from],
    to !== undefined && ['at < ?', to],
    areas !== undefined && [
      'EXISTS (SELECT 1 FROM json_each(areas) JOIN json_each(?) AS asked USING (value))',
      JSON.stringify(areas),
    ],
    before !== undefined && ['seq < ?', before],
  ]
  return conditions.filter(condition => condition !== false)
}

// A merge patch leaves out what is NULL.
const entry = `json_patch('{}', json_object('seq', seq, 'at', at, 'actor', json(actor), 'address', address,
  'action', action, 'subject', subject, 'reason', reason, 'outcome', outcome, 'facts', json(facts),
  'areas', json(areas), 'hash', hash)) AS json`

/** Exported for the test of its plan. */
export const trailStatement = (
  query: TrailQuery,
): { readonly sql: string; readonly values: readonly Value[] } => {
  const conditions = conditionsOf(query)
  const where = conditions.map(([sql]) => sql).join(' AND ') || 'true'
  return {
    sql: `SELECT ${entry} FROM trail WHERE ${where} ORDER BY seq DESC LIMIT ?`,
    values: [...conditions.flatMap(([, ...values]) => values), query.limit],
  }
}

export const createTrailReader = (database: Database): TrailReader => {
  const head = database.prepare('SELECT trail_seq, trail_hash FROM meta')
  return {
    searchTrail: query => {
      const { sql, values } = trailStatement(query)
      return database
        .prepare(sql)
        .all(...values)
        .map(row => JSON.parse(textIn(row, 'json')))
    },
    trailHead: () => {
      const row = head.get()
      if (row === undefined) throw new Error('the journal has lost its head')
      return { seq: numberIn(row, 'trail_seq'), hash: textIn(row, 'trail_hash') }
    },
  }
}
