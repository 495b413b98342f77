/** A file that somebody chose, taken apart into rows that can be sent a few at a time. */
import type { Table } from '../../gateway/model/records.ts'
import { csvRecords } from './csv-records.ts'

/** In the order in which they refer to each other. */
export const importTables = [
  'areas',
  'servicePoints',
  'responders',
  'homes',
  'residents',
  'devices',
] as const satisfies readonly Table[]

/** What is sent at once: to which address, of which type. */
export type Parcel = { readonly path: string; readonly type: string; readonly body: string | Blob }

/** `number` counts from 0 in its table, as the gateway counts. */
export type SourceRow = { readonly number: number; readonly content: unknown }

export type Source = {
  readonly name: string
  /** All of it, as it was given. */
  readonly whole: Parcel
  readonly tables: readonly { readonly table: Table; readonly rows: readonly SourceRow[] }[]
  readonly parcelOf: (table: Table, rows: readonly SourceRow[]) => Parcel
}

const json = 'application/json'
const csv = 'text/csv'

const numbered = (contents: readonly unknown[]): readonly SourceRow[] =>
  contents.map((content, number) => ({ number, content }))

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

/** Undefined: it is no JSON. What is wrong inside of it is named by the gateway. */
export const documentSource = async (file: File): Promise<Source | undefined> => {
  let document: unknown
  try {
    document = JSON.parse(await file.text())
  } catch {
    return undefined
  }
  const parts = isObject(document) ? document : {}
  return {
    name: file.name,
    whole: { path: '/api/import', type: json, body: JSON.stringify(document) },
    tables: importTables.flatMap(table => {
      const rows = parts[table]
      return Array.isArray(rows) ? [{ table, rows: numbered(rows) }] : []
    }),
    parcelOf: (table, rows) => ({
      path: '/api/import',
      type: json,
      body: JSON.stringify({ [table]: rows.map(({ content }) => content) }),
    }),
  }
}

/** Chinese spreadsheets save GB18030, everything else UTF-8; text in the one is hardly ever valid in the other. */
const textOf = (bytes: ArrayBuffer): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('gb18030').decode(bytes)
  }
}

/** Of one table. */
export const csvSource = async (file: File, table: Table): Promise<Source> => {
  const path = `/api/import?table=${table}`
  const [header = '', ...lines] = csvRecords(textOf(await file.arrayBuffer()))
  return {
    name: file.name,
    whole: { path, type: csv, body: file },
    tables: [{ table, rows: numbered(lines) }],
    parcelOf: (_, rows) => ({
      path,
      type: csv,
      body: [header, ...rows.map(({ content }) => String(content))].join('\r\n'),
    }),
  }
}
