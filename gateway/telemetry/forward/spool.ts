/**
 * Takes: the day files that the telemetry store writes, read beside it. Gives: what the far side does not have yet,
 * oldest day first, in the order of writing. Keeps: how far it has come in each file, in a file of its own. Never:
 * writes to a day file, nor keeps one open.
 */
import { mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type Database, openDatabase } from '../../kit/sqlite.ts'
import type { Sample } from '../../model/telemetry.ts'
import { type Day, dayFile, listDays, type Row, sampleOf, writtenAfter } from '../schema.ts'

export type Batch = {
  readonly day: Day
  readonly samples: readonly Sample[]
  /** Rows that cannot be read as a sample. */
  readonly unreadable: number
  readonly lastSeq: number
}

export interface Spool {
  /** Looks for what has been written or removed. */
  scan(): void
  /** At most `limit` samples; undefined when all that the last scan saw has been confirmed. */
  next(limit: number): Batch | undefined
  /** The far side has it: never to be given again. Throws if that cannot be put on disk; it holds until a restart. */
  confirm(batch: Batch): void
  /** Samples that wait. One written again meanwhile counts twice until its file is through. */
  readonly lag: number
  /** Samples that waited when their file was removed. */
  readonly lost: number
  /** Why a file cannot be read. */
  readonly unreadable: string | undefined
  close(): void
}

type Progress = {
  cursor: number
  /** Up to this `seq` rows are in `waiting`. */
  counted: number
  waiting: number
  /** How the file was when it was last looked at. */
  look: Look
}

/** What changes with every commit, unless two fall into one tick of the file system's clock. */
type Look = { readonly mark: string; readonly changedAtMs: number }

/** A file that has changed so lately may have changed again without showing it. */
const settledAfterMs = 10_000

const lookAt = (path: string): Look | undefined => {
  const file = statSync(path, { throwIfNoEntry: false })
  if (!file) return undefined
  const log = statSync(`${path}-wal`, { throwIfNoEntry: false })
  const mark = [file.size, file.mtimeMs, log?.size, log?.mtimeMs].join()
  return { mark, changedAtMs: Math.max(file.mtimeMs, log?.mtimeMs ?? 0) }
}

const seqOf = (row: Row | undefined): number => Number(row?.['seq'] ?? 0)

const openCursors = (directory: string) => {
  mkdirSync(directory, { recursive: true })
  // Not fsynced each time: a cursor that falls back sends points again, and they overwrite themselves.
  const database = openDatabase(join(directory, 'cursor.db'), { durability: 'normal' })
  database.exec('CREATE TABLE IF NOT EXISTS cursors (day INTEGER PRIMARY KEY, seq INTEGER NOT NULL)')
  const get = database.prepare('SELECT seq FROM cursors WHERE day = ?')
  const set = database.prepare('INSERT OR REPLACE INTO cursors (day, seq) VALUES (?, ?)')
  const remove = database.prepare('DELETE FROM cursors WHERE day = ?')
  return {
    get: (day: Day): number => seqOf(get.get(day)),
    set: (day: Day, seq: number) => set.run(day, seq),
    remove: (day: Day) => remove.run(day),
    close: () => database.close(),
  }
}

/**
 * Opened for each look and closed again: while somebody else has a file open, its writer cannot fold the log into it
 * when it lets go of the day.
 */
const withDay = <T>(path: string, work: (database: Database) => T): T => {
  const database = openDatabase(path, { readOnly: true, durability: 'full' })
  try {
    return work(database)
  } finally {
    database.close()
  }
}

/** Its writer has yet to make its table. */
const isUnmade = (database: Database): boolean =>
  !database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'samples_seq'").get()

/** `seq` never goes back, except where all files were removed by hand: then this is not the file that was read. */
const validCursor = (database: Database, cursor: number): number =>
  cursor > seqOf(database.prepare('SELECT max(seq) AS seq FROM samples').get()) ? 0 : cursor

const count = (database: Database, file: Progress): void => {
  const newer = database
    .prepare('SELECT count(*) AS rows, max(seq) AS seq FROM samples WHERE seq > ?')
    .get(file.counted)
  file.waiting += Number(newer?.['rows'])
  file.counted = Math.max(file.counted, seqOf(newer))
}

const read = (database: Database, file: Progress, limit: number): readonly Row[] => {
  const rows = database.prepare(writtenAfter).all(file.cursor, limit)
  const uncounted = rows.filter(row => seqOf(row) > file.counted).length
  // Fewer than asked for are all there are, whatever was counted before.
  file.waiting = rows.length < limit ? rows.length : file.waiting + uncounted
  file.counted = Math.max(file.counted, seqOf(rows.at(-1)))
  return rows
}

const readable = (row: Row): readonly Sample[] => {
  try {
    return [sampleOf(row)]
  } catch {
    return []
  }
}

export const openSpool = (directory: string): Spool => {
  const cursors = openCursors(directory)
  const files = new Map<Day, Progress>()
  const problems = new Map<Day, string>()
  let lost = 0

  const inDay = <T>(day: Day, work: (database: Database) => T): T | undefined => {
    const path = dayFile(directory, day)
    try {
      return withDay(path, work)
    } catch (error) {
      // It may have been removed just now: the next scan counts what that means.
      if (lookAt(path)) problems.set(day, error instanceof Error ? error.message : String(error))
      return undefined
    }
  }

  const forget = (day: Day, { waiting }: Progress): void => {
    lost += waiting
    files.delete(day)
    cursors.remove(day)
  }

  const begin = (database: Database, day: Day, look: Look): Progress | undefined => {
    if (isUnmade(database)) return undefined
    const cursor = validCursor(database, cursors.get(day))
    const file = { cursor, counted: cursor, waiting: 0, look }
    files.set(day, file)
    return file
  }

  const scanDay = (day: Day): void => {
    const look = lookAt(dayFile(directory, day))
    const known = files.get(day)
    if (!look) {
      if (known) forget(day, known)
      return
    }
    const isQuiet = known?.look.mark === look.mark && Date.now() - look.changedAtMs > settledAfterMs
    if (isQuiet) return
    inDay(day, database => {
      const file = files.get(day) ?? begin(database, day, look)
      if (!file) return
      count(database, file)
      file.look = look
    })
  }

  return {
    scan() {
      problems.clear()
      for (const day of new Set([...files.keys(), ...listDays(directory)])) scanDay(day)
    },
    next(limit) {
      for (const [day, file] of [...files].sort(([a], [b]) => a - b)) {
        const rows = file.waiting > 0 ? inDay(day, database => read(database, file, limit)) : undefined
        if (!rows?.length) continue
        const samples = rows.flatMap(readable)
        return { day, samples, unreadable: rows.length - samples.length, lastSeq: seqOf(rows.at(-1)) }
      }
      return undefined
    },
    confirm({ day, samples, unreadable, lastSeq }) {
      const file = files.get(day)
      if (!file) return
      file.cursor = lastSeq
      file.waiting -= samples.length + unreadable
      cursors.set(day, lastSeq)
    },
    get lag() {
      return [...files.values()].reduce((sum, { waiting }) => sum + waiting, 0)
    },
    get lost() {
      return lost
    },
    get unreadable() {
      const [first] = problems
      return first && `${dayFile('', first[0])}: ${first[1]}`
    },
    close: () => cursors.close(),
  }
}
