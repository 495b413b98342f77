/**
 * The day files of one directory, for the one thread that writes them: which there are, and a few of them open. Old days
 * are opened for writing too, because late samples go there.
 */
import { mkdirSync, rmSync, statSync } from 'node:fs'
import type { Database } from '../kit/sqlite.ts'
import { type Day, dayFile, listDays, openDayFile } from './schema.ts'

/** A month of days for one look at a curve. One more closes the one that was not used for longest. */
const maxOpen = 40
/** Of pages. That of the newest day holds the latest page of each of some thousand devices. */
const cacheKibibytes = { newest: 8 * 1024, older: 512 }
/** Pages that were changed several times meanwhile are moved from the log into the file once. */
const logLimitBytes = 8 * 1024 * 1024

/** SQLite's files beside the day file. They go after it: a log without its file is ignored, a file without its log is not whole. */
const suffixes = ['', '-wal', '-shm']

export type DayFiles = {
  /** Oldest first. */
  readonly days: () => readonly Day[]
  readonly has: (day: Day) => boolean
  /** Makes it when it is not there. The handle is good until the next call. */
  readonly open: (day: Day) => Database
  /** Moves the logs of open files into them, and makes the logs small. */
  readonly settle: () => void
  readonly remove: (day: Day) => void
  readonly close: () => void
}

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0

/** With SQLite's files beside it. */
export const bytesOf = (directory: string, days: readonly Day[]): number =>
  days
    .map(day => dayFile(directory, day))
    .flatMap(path => suffixes.map(suffix => sizeOf(path + suffix)))
    .reduce((sum, bytes) => sum + bytes, 0)

export const createDayFiles = (directory: string): DayFiles => {
  mkdirSync(directory, { recursive: true })
  const present = new Set(listDays(directory))
  /** The one used last comes last. */
  const open = new Map<Day, Database>()

  const closeOne = (day: Day): void => {
    const database = open.get(day)
    open.delete(day)
    database?.close()
  }
  const openOne = (day: Day): Database => {
    const database = openDayFile(dayFile(directory, day))
    const { page_size } = database.prepare('PRAGMA page_size').get() ?? {}
    const isNewest = [...present].every(other => other <= day)
    database.exec(`PRAGMA cache_size = -${isNewest ? cacheKibibytes.newest : cacheKibibytes.older};
      PRAGMA wal_autocheckpoint = ${Math.floor(logLimitBytes / Number(page_size))};
      PRAGMA journal_size_limit = ${logLimitBytes}`)
    return database
  }

  return {
    days: () => [...present].sort((a, b) => a - b),
    has: day => present.has(day),
    open: day => {
      const database = open.get(day) ?? openOne(day)
      present.add(day)
      open.delete(day)
      open.set(day, database)
      // Today's is kept: to close it moves its whole log, and the next commit wants it again.
      const newest = Math.max(...open.keys())
      const [oldestUse] = [...open.keys()].filter(other => other !== newest)
      if (open.size > maxOpen && oldestUse !== undefined) closeOne(oldestUse)
      return database
    },
    settle: () => {
      for (const database of open.values()) {
        try {
          database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
        } catch {
          // The disk is full or broken: the log keeps what the file cannot take.
        }
      }
    },
    remove: day => {
      closeOne(day)
      for (const suffix of suffixes) rmSync(dayFile(directory, day) + suffix, { force: true })
      present.delete(day)
    },
    close: () => {
      for (const day of open.keys()) closeOne(day)
    },
  }
}
