/**
 * Devices that come in by the box: made known before anybody has fitted them. Their secret is made when they are claimed, so
 * the one that the registry gives each of them now is told to nobody.
 */
import { z } from 'zod'
import type { RecordOf, RejectedRow } from '../model/records.ts'
import type { Problem } from './check.ts'
import { parseCsv } from './csv.ts'
import { type ImportPorts, importTables, noRows, type Row, rejection } from './import-rows.ts'

export type Registered = {
  readonly added: readonly { readonly row: number; readonly record: RecordOf['devices'] }[]
  readonly rejected: readonly RejectedRow[]
}

/** What a row may say of a device; the rest comes with its claim. */
const Columns = z.looseObject({ id: z.string() }).transform(({ id, model, room, home }) => ({
  id,
  ...Object.fromEntries(Object.entries({ model, room, home }).filter(([, value]) => value !== undefined)),
}))

/** @param given a list of rows, or CSV (UTF-8 or GB18030) as bytes. */
export const registerDevices = async (ports: ImportPorts, given: unknown): Promise<Registered> => {
  const { lookup } = ports
  const rowOf = new Map<string, number>()
  const { rows, rejected } = await readRows(ports, given)
  const taken: RejectedRow[] = []
  const fresh = rows.flatMap(({ row, value }): Row[] => {
    const columns = Columns.safeParse(value)
    if (!columns.success) return [{ row, value }]
    if (!lookup.has('devices', columns.data.id)) {
      // The first of those with the same id is the one that lands.
      if (!rowOf.has(columns.data.id)) rowOf.set(columns.data.id, row)
      return [{ row, value: columns.data }]
    }
    taken.push(rejection('devices', { row, value }, takenBefore(columns.data.id)))
    return []
  })
  const result = await importTables(ports, new Map([['devices', fresh]]))
  return {
    // Each is on MQTT, so each that has landed was given a secret.
    added: result.secrets.flatMap(({ id }) => {
      const record = lookup.get('devices', id)
      return record ? [{ row: rowOf.get(id) ?? 0, record }] : []
    }),
    rejected: [...rejected, ...taken, ...result.rejected].sort((a, b) => a.row - b.row),
  }
}

const takenBefore = (id: string): Problem => ({
  field: 'id',
  code: 'already-registered',
  message: `${id} is registered already`,
  messageZh: `${id} 已登记`,
})

type Rows = { readonly rows: readonly Row[]; readonly rejected: readonly RejectedRow[] }

const readRows = async (ports: ImportPorts, given: unknown): Promise<Rows> => {
  if (given instanceof Uint8Array) return parseCsv({ table: 'devices', ...ports }, given)
  if (Array.isArray(given))
    return { rows: given.map((value: unknown, row) => ({ row, value })), rejected: [] }
  const problem = { field: null, code: 'invalid-record', ...noRows } as const
  return { rows: [], rejected: [rejection('devices', { row: 0, value: undefined }, problem)] }
}
