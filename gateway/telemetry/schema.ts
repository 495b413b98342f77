/**
 * What the files of the telemetry store hold, shared by all who open them. One file a UTC day of the samples' time, so
 * that to let go of a day is to remove a file; `seq` grows with every write across all files, so that a reader who
 * keeps the last one that it saw of each file misses nothing.
 */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Database, openDatabase, type Statement } from '../kit/sqlite.ts'
import type { DeviceId, Instant } from '../model/ids.ts'
import { isMetric, metricNames, type Readings } from '../model/measurement.ts'
import type { Sample } from '../model/telemetry.ts'

/** Days since 1970, UTC: no local time, so that every day has 24 hours. */
export type Day = number

const dayMs = 86_400_000
const fileNamePattern = /^(\d{4}-\d\d-\d\d)\.db$/

/** A commit writes whole pages, and in most of them only the newest row of one device. */
const pageBytes = 1_024

export const dayOf = (at: Instant): Day => Math.floor(at / dayMs)

export const startOf = (day: Day): Instant => day * dayMs

export const dayFile = (directory: string, day: Day): string =>
  join(directory, `${new Date(startOf(day)).toISOString().slice(0, 10)}.db`)

/** Oldest first. None while the directory does not exist. */
export const listDays = (directory: string): Day[] => {
  let names: readonly string[]
  try {
    names = readdirSync(directory)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
  return names
    .flatMap(name => {
      const start = Date.parse(fileNamePattern.exec(name)?.[1] ?? '')
      return Number.isNaN(start) ? [] : [dayOf(start)]
    })
    .sort((a, b) => a - b)
}

const readingColumns = metricNames.map(name => `"${name}" REAL`).join(', ')

/** A file made before a metric was known has it in `more`: its new column is empty. */
const addMissingColumns = (database: Database): void => {
  const present = new Set(
    database
      .prepare('PRAGMA table_info(samples)')
      .all()
      .map(column => column['name']),
  )
  for (const name of metricNames.filter(name => !present.has(name))) {
    database.exec(`ALTER TABLE samples ADD COLUMN "${name}" REAL`)
  }
}

/** For the one who writes: makes what is not there. Whoever only reads opens the same path read-only. */
export const openDayFile = (path: string): Database => {
  const database = openDatabase(path, { durability: 'full', pageBytes })
  try {
    database.exec(`BEGIN;
      CREATE TABLE IF NOT EXISTS samples (
        device TEXT, at INTEGER, seq INTEGER NOT NULL, ${readingColumns}, more TEXT, PRIMARY KEY (device, at)
      ) WITHOUT ROWID;
      CREATE INDEX IF NOT EXISTS samples_seq ON samples (seq);
      COMMIT`)
    addMissingColumns(database)
  } catch (error) {
    database.close()
    throw error
  }
  return database
}

export type Row = ReturnType<Statement['all']>[number]
export type Value = string | number | null

const columns = ['device', 'at', 'seq', ...metricNames, 'more']

/** Takes the values of `valuesOf`. Readings that it does not name stay as they were; the row is new to who follows `seq`. */
export const upsert = `INSERT INTO samples (${columns.map(name => `"${name}"`).join(', ')})
  VALUES (${columns.map(() => '?').join(', ')})
  ON CONFLICT (device, at) DO UPDATE SET seq = excluded.seq,
    ${metricNames.map(name => `"${name}" = COALESCE(excluded."${name}", "${name}")`).join(', ')},
    more = CASE WHEN excluded.more IS NULL THEN more ELSE json_patch(COALESCE(more, '{}'), excluded.more) END`

export const valuesOf = ({ device, at, readings }: Sample, seq: number): readonly Value[] => {
  const others = Object.entries(readings).filter(([name]) => !isMetric(name))
  return [
    device,
    at,
    seq,
    ...metricNames.map(name => readings[name] ?? null),
    others.length === 0 ? null : JSON.stringify(Object.fromEntries(others)),
  ]
}

/** What was written after a `seq`, at most so many rows, in the order of writing. Each row is `sampleOf`'s, with `seq`. */
export const writtenAfter = 'SELECT * FROM samples WHERE seq > ? ORDER BY seq LIMIT ?'

// Without zod, which would cost each thread that reads these files 12 MB: nobody but `valuesOf` has written them.
const isDeviceId = (value: unknown): value is DeviceId => typeof value === 'string'
const isReadings = (value: unknown): value is Readings => typeof value === 'object' && value !== null

/** From a whole row (`SELECT *`), whether or not its file has a column for every metric. Throws on what nobody wrote. */
export const sampleOf = (row: Row): Sample => {
  const { device, at, more } = row
  const others: unknown = typeof more === 'string' ? JSON.parse(more) : {}
  if (!isDeviceId(device) || !isReadings(others)) throw new Error('a row of telemetry that nobody wrote')
  const readings: Record<string, number> = { ...others }
  for (const name of metricNames) {
    const value = row[name]
    if (typeof value === 'number') readings[name] = value
  }
  return { device, at: Number(at), readings }
}
