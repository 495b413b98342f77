/**
 * Takes: a source, and which of its rows are not wanted.
 * Gives: what became of each row, with progress, a few hundred rows at a time, tables in their order.
 * Never: leaves a parcel without its answer: it stops between two of them.
 */
import type { z } from 'zod'
import type { Imported } from '../../gateway/api/import.ts'
import type { Table } from '../../gateway/model/records.ts'
import { post } from '../shell/api.ts'
import { importTables, type Parcel, type Source, type SourceRow } from './import-source.ts'

export type Result = z.infer<typeof Imported>
export type Rejected = Result['rejected'][number]

const rowsAtOnce = 500
/** Of one parcel; and of a preview, which is the whole file. */
const parcelMs = 60_000
const previewMs = 600_000

const zeros = (): Record<Table, number> => ({
  areas: 0,
  servicePoints: 0,
  responders: 0,
  homes: 0,
  residents: 0,
  devices: 0,
})

export const noResult = (): Result => ({
  imported: zeros(),
  added: zeros(),
  changed: zeros(),
  unchanged: zeros(),
  rejected: [],
  secrets: [],
})

const send = ({ path, type, body }: Parcel, timeoutMs: number): Promise<Result> =>
  post<Result>(path, body, { contentType: type, timeoutMs })

/** What an import would do; nothing is changed. */
export const preview = ({ whole }: Source): Promise<Result> => {
  const path = `${whole.path}${whole.path.includes('?') ? '&' : '?'}dryRun=true`
  return send({ ...whole, path }, previewMs)
}

/** Areas lie in each other, and are few: they go together. */
const parcelsOf = ({ tables }: Source, unwanted: readonly Rejected[]) => {
  const isUnwanted = new Set(unwanted.map(({ table, row }) => `${table} ${row}`))
  return tables.flatMap(({ table, rows }) => {
    const wanted = rows.filter(({ number }) => !isUnwanted.has(`${table} ${number}`))
    const size = table === 'areas' ? Math.max(1, wanted.length) : rowsAtOnce
    return Array.from({ length: Math.ceil(wanted.length / size) }, (_, index) => ({
      table,
      rows: wanted.slice(index * size, (index + 1) * size),
    }))
  })
}

const sum = (a: Result['added'], b: Result['added']): Result['added'] => {
  const both = zeros()
  for (const table of importTables) both[table] = a[table] + b[table]
  return both
}

/** Rows are numbered anew in each parcel. */
const inSource = (rejected: Rejected, rows: readonly SourceRow[]): Rejected => ({
  ...rejected,
  row: rows[rejected.row]?.number ?? rejected.row,
})

const joined = (a: Result, b: Result): Result => ({
  imported: sum(a.imported, b.imported),
  added: sum(a.added, b.added),
  changed: sum(a.changed, b.changed),
  unchanged: sum(a.unchanged, b.unchanged),
  rejected: [...a.rejected, ...b.rejected],
  secrets: [...a.secrets, ...b.secrets],
})

/**
 * @param unwanted rows that the preview has refused
 * @param onParcel after each parcel: all that was done up to now, and how much of it all, 0 to 1. Answers whether to go on.
 * Rejects when a parcel is refused or not answered.
 */
export const runImport = async (
  source: Source,
  unwanted: readonly Rejected[],
  onParcel: (result: Result, share: number) => boolean,
): Promise<void> => {
  const parcels = parcelsOf(source, unwanted)
  const total = parcels.reduce((count, { rows }) => count + rows.length, 0)
  let result: Result = { ...noResult(), rejected: [...unwanted] }
  let sent = 0
  for (const { table, rows } of parcels) {
    const answer = await send(source.parcelOf(table, rows), parcelMs)
    result = joined(result, { ...answer, rejected: answer.rejected.map(one => inSource(one, rows)) })
    sent += rows.length
    if (!onParcel(result, sent / total)) return
  }
}
