/**
 * Takes: the day files that the telemetry store writes, read beside it. Gives: what the far side does not have yet,
 * oldest day first, in the order of writing. Keeps: how far it has come in each file, in a file of its own. Never:
 * writes to a day file, nor keeps one from being removed.
 */
import { mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type Database, openDatabase, type Statement } from '../../kit/sqlite.ts'
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

type OpenDay = {
  /** Tells a file from a later one of the same name. */
  readonly inode: number
  readonly database: Database
  readonly after: Statement
  readonly newer: Statement
  cursor: number
  /** Up to this `seq` rows are in `waiting`. */
  counted: number
  waiting: number
}

/** Of each open file: it is read once, front to back. */
const cacheKibibytes = 256

const inodeOf = (path: string): number | undefined => statSync(path, { throwIfNoEntry: false })?.ino

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

/** Undefined while its writer is still about to make its table. */
const openDay = (path: string, inode: number, savedCursor: number): OpenDay | undefined => {
  const database = openDatabase(path, { readOnly: true, durability: 'full' })
  try {
    database.exec(`PRAGMA cache_size = -${cacheKibibytes}`)
    const isReady = database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'samples_seq'").get()
    if (!isReady) {
      database.close()
      return undefined
    }
    const newest = seqOf(database.prepare('SELECT max(seq) AS seq FROM samples').get())
    // `seq` never goes back, except where all files were removed by hand: then this is not the file that was read.
    const cursor = savedCursor > newest ? 0 : savedCursor
    return {
      inode,
      database,
      after: database.prepare(writtenAfter),
      newer: database.prepare('SELECT count(*) AS rows, max(seq) AS seq FROM samples WHERE seq > ?'),
      cursor,
      counted: cursor,
      waiting: 0,
    }
  } catch (error) {
    database.close()
    throw error
  }
}

const count = (file: OpenDay): void => {
  const newer = file.newer.get(file.counted)
  file.waiting += Number(newer?.['rows'])
  file.counted = Math.max(file.counted, seqOf(newer))
}

const read = (file: OpenDay, limit: number): readonly Row[] => {
  const rows = file.after.all(file.cursor, limit)
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
  const files = new Map<Day, OpenDay>()
  const problems = new Map<Day, string>()
  let lost = 0

  const guarded = <T>(day: Day, work: () => T): T | undefined => {
    try {
      return work()
    } catch (error) {
      problems.set(day, error instanceof Error ? error.message : String(error))
      return undefined
    }
  }

  const forget = (day: Day, file: OpenDay): void => {
    lost += file.waiting
    file.database.close()
    files.delete(day)
    cursors.remove(day)
  }

  const look = (day: Day): void => {
    const path = dayFile(directory, day)
    const inode = inodeOf(path)
    if (inode === undefined) return
    const file = files.get(day) ?? openDay(path, inode, cursors.get(day))
    if (!file) return
    files.set(day, file)
    count(file)
  }

  return {
    scan() {
      problems.clear()
      for (const [day, file] of files) if (inodeOf(dayFile(directory, day)) !== file.inode) forget(day, file)
      for (const day of listDays(directory)) guarded(day, () => look(day))
    },
    next(limit) {
      for (const [day, file] of [...files].sort(([a], [b]) => a - b)) {
        const rows = file.waiting > 0 ? guarded(day, () => read(file, limit)) : undefined
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
    close() {
      for (const { database } of files.values()) database.close()
      cursors.close()
    },
  }
}
