/** Imports rows: each lands or is named with its fault, whatever its neighbours are like. */
import { asMeant, type Viewer } from '../model/personal.ts'
import {
  type ImportResult,
  type NewSecret,
  type RecordOf,
  type RejectedRow,
  type Table,
  tables,
} from '../model/records.ts'
import {
  type Checked,
  circular,
  type Known,
  type Problem,
  parentOf,
  type Shaped,
  storedSchemas,
} from './check.ts'
import type { Asked } from './overlay.ts'
import type { Pace } from './pace.ts'
import type { createSettle, Settled } from './settle.ts'
import type { Change } from './store.ts'

/** `row` counts from 0 in its table. */
export type Row = { readonly row: number; readonly value: unknown }

export type ImportPorts = {
  readonly lookup: Asked
  readonly checkShape: <T extends Table>(table: T, row: unknown) => Checked<Shaped<T>>
  readonly settle: ReturnType<typeof createSettle>
  /** On disk and in memory when it returns; throws if the disk refuses, and nothing has changed then. */
  readonly commit: (changes: readonly Change[]) => void
  readonly pace: Pace
  readonly notice: (notice: string) => void
}

type ShapedRow<T extends Table> = Shaped<T> & { readonly row: number }
type SettledRow = Settled & { readonly row: number; readonly isNew: boolean }
type Report = {
  readonly rejected: RejectedRow[]
  readonly secrets: NewSecret[]
  added: number
  changed: number
  unchanged: number
}

export const importTables = async (
  ports: ImportPorts,
  rowsOf: ReadonlyMap<Table, readonly Row[]>,
  rejected: readonly RejectedRow[] = [],
): Promise<ImportResult> => {
  const [imported, added, changed, unchanged] = [emptyCounts(), emptyCounts(), emptyCounts(), emptyCounts()]
  const allRejected = [...rejected]
  const secrets: NewSecret[] = []
  for (const table of tables) {
    const report = await importTable(ports, table, rowsOf.get(table) ?? [])
    added[table] = report.added
    changed[table] = report.changed
    unchanged[table] = report.unchanged
    imported[table] = report.added + report.changed + report.unchanged
    for (const row of report.rejected.sort((a, b) => a.row - b.row)) allRejected.push(row)
    for (const secret of report.secrets) secrets.push(secret)
  }
  return { imported, added, changed, unchanged, rejected: allRejected, secrets }
}

const emptyCounts = (): Record<Table, number> => ({
  areas: 0,
  servicePoints: 0,
  responders: 0,
  homes: 0,
  residents: 0,
  devices: 0,
})

const importTable = async <T extends Table>(
  ports: ImportPorts,
  table: T,
  rows: readonly Row[],
): Promise<Report> => {
  const report: Report = { rejected: [], secrets: [], added: 0, changed: 0, unchanged: 0 }
  const shaped = await readShapes(ports, table, rows, report)
  const { ordered, cyclic } = parentsFirst(shaped)
  for (const { row, record } of cyclic)
    report.rejected.push(rejection(table, { row, value: record }, circular))

  const staging = createStaging(ports, table, report)
  for (const shapedRow of ordered) {
    if (ports.pace.isDue()) {
      staging.land()
      await ports.pace.rest()
    }
    staging.add(shapedRow)
  }
  staging.land()
  return report
}

/** Who imports has read what is there as this role sees it: a number that comes back masked is left as it is. */
const importer: Viewer = { role: 'administrator' }

/** The rows in shape, each id once. */
const readShapes = async <T extends Table>(
  { checkShape, lookup, notice, pace }: ImportPorts,
  table: T,
  rows: readonly Row[],
  report: Report,
): Promise<ShapedRow<T>[]> => {
  const shaped = new Map<string, ShapedRow<T>>()
  for (const row of rows) {
    if (pace.isDue()) await pace.rest()
    const before = lookup.get(table, idOf(row.value) ?? '')
    const checked = checkShape(table, asMeant(storedSchemas[table], row.value, before, importer))
    if (!checked.ok) {
      report.rejected.push(rejection(table, row, checked.problem))
      continue
    }
    const { id } = checked.value.record
    if (shaped.has(id)) {
      report.rejected.push(rejection(table, row, duplicate))
      continue
    }
    shaped.set(id, { ...checked.value, row: row.row })
    noticesOf(table, row.value, checked.value.record).forEach(notice)
  }
  return [...shaped.values()]
}

const duplicate: Problem = {
  field: 'id',
  code: 'duplicate-id',
  message: 'an earlier row of this import has the same id',
  messageZh: '本次导入中前面已有相同编号的行',
}

/** Rows that land, but not quite as somebody may think. */
const noticesOf = (table: Table, row: unknown, record: RecordOf[Table]): string[] => {
  const known: object = storedSchemas[table].shape
  const unknown = Object.keys(row ?? {}).filter(field => field !== 'secret' && !Object.hasOwn(known, field))
  const notices = unknown.map(
    field => `${table}: the field ${field.slice(0, 40)} is not known and was left out`,
  )
  if ('hours' in record && /\bPH\b/.test(record.hours))
    notices.push(`${table}: PH in opening hours knows no lunar holidays; write their dates out`)
  return notices
}

/** Parents before children, so that references are there when they are checked. What is left over goes in circles. */
const parentsFirst = <R extends { readonly record: RecordOf[Table] }>(rows: readonly R[]) => {
  const ids = new Set<string>(rows.map(({ record }) => record.id))
  const childrenOf = Map.groupBy(rows, ({ record }) => {
    const parent = parentOf(record)
    return parent !== undefined && ids.has(parent) ? parent : undefined
  })
  const ordered = [...(childrenOf.get(undefined) ?? [])]
  for (const { record } of ordered) for (const child of childrenOf.get(record.id) ?? []) ordered.push(child)
  const placed = new Set(ordered)
  return { ordered, cyclic: rows.filter(row => !placed.has(row)) }
}

/** Collects changes and lands them together: one fsync for a slice, not one for a row. */
const createStaging = (ports: ImportPorts, table: Table, report: Report) => {
  const staged = new Map<string, SettledRow>()
  const known: Known = {
    has: (to, id) => (to === table && staged.has(id)) || ports.lookup.has(to, id),
    parentOf: id => {
      const row = staged.get(id)
      return row ? parentOf(row.change.record) : ports.lookup.parentOf(id)
    },
  }
  return {
    add({ row, record, secret }: ShapedRow<Table>) {
      const settled = ports.settle(table, { record, secret, fromDocument: true }, known)
      if (!settled.ok) report.rejected.push(rejection(table, { row, value: record }, settled.problem))
      else if (settled.value.unchanged) report.unchanged += 1
      else staged.set(record.id, { ...settled.value, row, isNew: !ports.lookup.has(table, record.id) })
    },
    land() {
      const rows = [...staged.values()]
      staged.clear()
      if (rows.length === 0) return
      try {
        ports.commit(rows.map(({ change }) => change))
      } catch (error) {
        const problem: Problem = {
          field: null,
          code: 'journal-unavailable',
          message: `not written: ${String(error)}`,
          messageZh: '未能写入磁盘',
        }
        for (const { row, change } of rows)
          report.rejected.push(rejection(table, { row, value: change.record }, problem))
        return
      }
      const added = rows.filter(({ isNew }) => isNew).length
      report.added += added
      report.changed += rows.length - added
      for (const { change, newSecret } of rows)
        if (newSecret !== undefined && (table === 'servicePoints' || table === 'devices'))
          report.secrets.push({ table, id: change.record.id, secret: newSecret })
    },
  }
}

/** Of a table that is none. */
export const noRows = { message: 'this is not a list of rows', messageZh: '这里应为行的列表' } as const

const maxIdLength = 64
const maxMessageLength = 500

export const rejection = (table: string, { row, value }: Row, problem: Problem): RejectedRow => ({
  table,
  row,
  id: idOf(value),
  ...problem,
  message: problem.message.slice(0, maxMessageLength),
  messageZh: problem.messageZh.slice(0, maxMessageLength),
})

/** The id as far as there is one: only for people to find the row by. */
const idOf = (value: unknown): string | null =>
  typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string'
    ? value.id.slice(0, maxIdLength)
    : null
