/** The one question whose words depend on what is asked: which alarms, in which order, after which. */
import type { AlarmQuery, AlarmsWithin } from '../../model/journal.ts'
import { readCursor } from '../ordering.ts'

export type ListStatement = { readonly sql: string; readonly values: readonly (string | number)[] }

type Condition = { readonly sql: string; readonly values?: readonly (string | number)[] }

const oneOf = (column: string, values: readonly string[]): Condition => ({
  sql: `${column} IN (${values.map(() => '?').join(', ')})`,
  values,
})

/** Of however many values: an institution may have more homes than a statement takes. */
const among = (column: string, values: readonly string[]): Required<Condition> => ({
  sql: `${column} IN (SELECT value FROM json_each(?))`,
  values: [JSON.stringify(values)],
})

const withinOf = ({ areas, points, homes }: AlarmsWithin): Condition => {
  const any: Condition[] = []
  if (areas) any.push({ sql: 'area IS NULL' }, among('area', areas))
  if (points && points.length > 0) {
    const { sql, values } = among('point', points)
    any.push({ sql: `id IN (SELECT alarm_id FROM alarm_points WHERE ${sql})`, values })
  }
  if (homes) any.push(among('home', homes))
  return {
    sql: `(${any.map(({ sql }) => sql).join(' OR ') || 'false'})`,
    values: any.flatMap(({ values = [] }) => values),
  }
}

/** Asked of unfinished alarms only, of which there are few. */
const dueAt = `coalesce(data ->> '$.deadline.at', 0)`

const afterCursor = (order: AlarmQuery['order'], cursor: string): readonly Condition[] => {
  const after = readCursor(cursor)
  if (!after) return []
  switch (order) {
    case 'received':
      return [{ sql: '(received_at, id) < (?, ?)', values: [after.receivedAt, after.id] }]
    case 'urgency':
      return [
        { sql: '(rank, received_at, id) > (?, ?, ?)', values: [after.rank, after.receivedAt, after.id] },
      ]
    case 'due':
      return [{ sql: `(${dueAt}, id) > (?, ?)`, values: [after.dueAt, after.id] }]
  }
}

const conditionsOf = (query: AlarmQuery): readonly Condition[] => {
  const { states, kind, areas, point, home, resident, within, from, to } = query
  const conditions: Condition[] = []
  if (states) conditions.push(oneOf('state', states))
  // Says nothing new, but lets SQLite see that the small index of unfinished alarms has them all.
  if (states && !states.includes('closed')) conditions.push({ sql: `state <> 'closed'` })
  if (kind) conditions.push({ sql: 'kind = ?', values: [kind] })
  if (areas) conditions.push(oneOf('area', areas))
  if (point)
    conditions.push({ sql: 'id IN (SELECT alarm_id FROM alarm_points WHERE point = ?)', values: [point] })
  if (home) conditions.push({ sql: 'home = ?', values: [home] })
  if (resident) conditions.push({ sql: 'resident = ?', values: [resident] })
  if (within) conditions.push(withinOf(within))
  if (from !== undefined) conditions.push({ sql: 'received_at >= ?', values: [from] })
  if (to !== undefined) conditions.push({ sql: 'received_at < ?', values: [to] })
  if (query.cursor !== undefined) conditions.push(...afterCursor(query.order, query.cursor))
  return conditions
}

const orders = {
  received: 'received_at DESC, id DESC',
  urgency: 'rank, received_at, id',
  due: `${dueAt}, id`,
} as const satisfies Record<AlarmQuery['order'], string>

/** Asks for one alarm more than the page holds: whether there is a next page. */
export const listStatement = (query: AlarmQuery): ListStatement => {
  const conditions = conditionsOf(query)
  const where = conditions.map(({ sql }) => sql).join(' AND ') || 'true'
  return {
    sql: `SELECT data AS json FROM alarms WHERE ${where} ORDER BY ${orders[query.order]} LIMIT ?`,
    values: [...conditions.flatMap(({ values = [] }) => values), query.limit + 1],
  }
}
