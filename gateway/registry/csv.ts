/**
 * One table as CSV. The first line names the fields, nested ones by dots: `position.lat`, `transport.serial.line`,
 * `contacts.1.name`. An empty cell is an absent field. A list of words is separated by `;`, anything else that is no
 * single value is JSON. Numbers and booleans (true/false, 1/0, 是/否) are read where the field is one.
 */
import { pipeline } from 'node:stream/promises'
import { parse } from 'csv-parse'
import { z } from 'zod'
import type { RejectedRow, Table } from '../model/records.ts'
import { type Problem, sideSchemas, storedSchemas } from './check.ts'
import { type Row, rejection } from './import-rows.ts'
import type { Pace } from './pace.ts'

/** A wrong quote must not make one cell of the rest of the file. */
const maxRecordLength = 65_536
/** What csv-parse takes at a time: a millisecond or two of work. */
const chunkBytes = 16_384

type Parsed = { readonly rows: readonly Row[]; readonly rejected: readonly RejectedRow[] }

export const parseCsv = async (
  { table, pace, notice }: { table: Table; pace: Pace; notice: (notice: string) => void },
  bytes: Uint8Array,
): Promise<Parsed> => {
  const rows: Row[] = []
  const rejected: RejectedRow[] = []
  const refuse = (row: number, problem: Problem): void => {
    rejected.push(rejection(table, { row, value: undefined }, problem))
  }
  const text = decodeText(bytes)
  if (text === undefined) {
    refuse(0, undecodable)
    return { rows, rejected }
  }

  let columns: readonly Column[] | undefined
  let row = 0
  const take = (cells: readonly string[]): void => {
    if (!columns) {
      columns = cells.map(name => columnOf(table, name))
      for (const { name, schema } of columns)
        if (!schema) notice(`${table}: the column ${name.slice(0, 40)} is not known and was left out`)
      return
    }
    if (cells.slice(columns.length).some(Boolean)) refuse(row, surplus)
    else rows.push({ row, value: recordOf(columns, cells) })
    row += 1
  }
  try {
    await readLines(text, pace, take)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    const message = `cannot be read as CSV from here on: ${why}`
    refuse(row, { field: null, code: 'invalid-record', message, messageZh: '从这里起不是可读的 CSV' })
  }
  return { rows, rejected }
}

/** Rejects at the first line that is no CSV; what came before it has been taken. */
const readLines = async (
  text: string,
  pace: Pace,
  take: (cells: readonly string[]) => void,
): Promise<void> => {
  const parser = parse({
    relax_column_count: true,
    skip_empty_lines: true,
    trim: true,
    max_record_size: maxRecordLength,
    // Not by reading the stream: a later error would throw away what is still in its buffer.
    on_record: cells => {
      take(Cells.parse(cells))
      return null
    },
  })
  parser.resume()
  const bytes = Buffer.from(text)
  const chunks = async function* () {
    for (let start = 0; start < bytes.length; start += chunkBytes) {
      if (pace.isDue()) await pace.rest()
      yield bytes.subarray(start, start + chunkBytes)
    }
  }
  await pipeline(chunks, parser)
}

const Cells = z.array(z.string())

const surplus: Problem = {
  field: null,
  code: 'invalid-record',
  message: 'the row has more cells than the header',
  messageZh: '这一行的单元格比表头多',
}

const undecodable: Problem = {
  field: null,
  code: 'undecodable-file',
  message: 'neither UTF-8 nor GB18030 text',
  messageZh: '既不是 UTF-8 也不是 GB18030 文本',
}

/**
 * Chinese spreadsheets save GB18030, everything else UTF-8; text in the one is hardly ever valid in the other. A NUL
 * gives UTF-16 and binary files away.
 */
const decodeText = (bytes: Uint8Array): string | undefined => {
  for (const encoding of ['utf-8', 'gb18030']) {
    try {
      const text = new TextDecoder(encoding, { fatal: true }).decode(bytes)
      if (!text.includes('\0')) return text
    } catch {
      // Not this encoding: the next one is tried.
    }
  }
  return undefined
}

type Column = {
  readonly name: string
  readonly path: readonly string[]
  /** The field's; unset for a column that is no field of this table. */
  readonly schema: z.core.$ZodType | undefined
}

const columnOf = (table: Table, name: string): Column => {
  const path = name.split('.')
  const side = sideSchemas[table]
  return { name, path, schema: fieldOf(storedSchemas[table], path) ?? fieldOf(side, path) }
}

/** The schema of the field at this path. */
const fieldOf = (schema: z.core.$ZodType, path: readonly string[]): z.core.$ZodType | undefined => {
  const [name, ...rest] = path
  if (name === undefined) return schema
  const outer = bare(schema)
  if (outer instanceof z.ZodObject) {
    const shape: Readonly<Record<string, z.core.$ZodType>> = outer.shape
    return Object.hasOwn(shape, name) && shape[name] ? fieldOf(shape[name], rest) : undefined
  }
  if (outer instanceof z.ZodArray) return /^[1-9]\d?$/.test(name) ? fieldOf(outer.element, rest) : undefined
  if (outer instanceof z.ZodUnion)
    return outer.options.map(option => fieldOf(option, path)).find(field => field !== undefined)
  return undefined
}

const bare = (schema: z.core.$ZodType): z.core.$ZodType =>
  schema instanceof z.ZodOptional || schema instanceof z.ZodDefault ? bare(schema.unwrap()) : schema

type Cell = { readonly path: readonly string[]; readonly value: unknown }

const recordOf = (columns: readonly Column[], texts: readonly string[]): unknown =>
  nested(
    columns.flatMap(({ path, schema }, index) => {
      const text = texts[index]
      return schema && text ? [{ path, value: valueOf(schema, text) }] : []
    }),
  )

/** Cells with their paths put together: names make an object, numbers a list. */
const nested = (cells: readonly Cell[]): unknown => {
  const whole = cells.find(({ path }) => path.length === 0)
  if (whole) return whole.value
  const members = Map.groupBy(cells, ({ path: [name = ''] }) => name)
    .entries()
    .map(([name, inside]): [string, unknown] => [
      name,
      nested(inside.map(({ path, value }) => ({ path: path.slice(1), value }))),
    ])
    .toArray()
  const isList = members.length > 0 && members.every(([name]) => /^\d+$/.test(name))
  if (!isList) return Object.fromEntries(members)
  return members.sort(([a], [b]) => Number(a) - Number(b)).map(([, value]) => value)
}

const isText = (field: z.core.$ZodType): boolean => field instanceof z.ZodString || field instanceof z.ZodEnum

const valueOf = (schema: z.core.$ZodType, text: string): unknown => {
  const field = bare(schema)
  if (field instanceof z.ZodNumber) return /^[+-]?[\d.]+(e[+-]?\d+)?$/i.test(text) ? Number(text) : text
  if (field instanceof z.ZodBoolean) return booleans.get(text.toLowerCase()) ?? text
  if (field instanceof z.ZodArray && isText(bare(field.element)))
    return text
      .split(';')
      .map(word => word.trim())
      .filter(Boolean)
  if (isText(field)) return text
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** What is not in here stays text, and the schema refuses it by name. */
const booleans = new Map([
  ['true', true],
  ['1', true],
  ['yes', true],
  ['是', true],
  ['false', false],
  ['0', false],
  ['no', false],
  ['否', false],
])
