/** Lets go of the oldest samples, so that newer ones have room and what others need of the disk is left to them. */
import { statfsSync } from 'node:fs'
import { setImmediate as breathe } from 'node:timers/promises'
import type { Database } from '../kit/sqlite.ts'
import type { Instant } from '../model/ids.ts'
import { bytesOf, type DayFiles } from './day-files.ts'
import { type Day, dayOf } from './schema.ts'

export type TelemetryLimits = {
  /** Days before today that are kept. */
  readonly retentionDays: number
  /** Of all day files together. */
  readonly maxBytes: number
  /** What the store leaves free on its disk, for the journal above all. */
  readonly minFreeBytes: number
}

export type Retained = { readonly retired: number; readonly bytes: number; readonly oldest: Day | null }

/** Counted or deleted at once; commits go on in between. */
const stepRows = 10_000
/** A last file that may not grow has so much room within itself, at most; a small one an eighth of its size. */
const maxReserveBytes = 8 * 1024 * 1024

export const oldestKept = (now: Instant, { retentionDays }: TelemetryLimits): Day =>
  dayOf(now) - retentionDays

const countRows = async (files: DayFiles, day: Day): Promise<number> => {
  let [rows, seq] = [0, -1]
  for (;;) {
    const step = files
      .open(day)
      .prepare(
        'SELECT COUNT(*) AS rows, MAX(seq) AS seq FROM (SELECT seq FROM samples WHERE seq > ? ORDER BY seq LIMIT ?)',
      )
      .get(seq, stepRows)
    if (!step?.['rows']) return rows
    rows += Number(step['rows'])
    seq = Number(step['seq'])
    await breathe()
  }
}

const pragma = (database: Database, name: string): number =>
  Number(database.prepare(`PRAGMA ${name}`).get()?.[name])

const wantsRoom = (database: Database): boolean => {
  const pageBytes = pragma(database, 'page_size')
  const reserveBytes = Math.min(maxReserveBytes, (pragma(database, 'page_count') * pageBytes) / 8)
  return pragma(database, 'freelist_count') * pageBytes < reserveBytes
}

/** A file does not become smaller, but what is written next takes the pages that went free. */
const trim = async (files: DayFiles, day: Day): Promise<number> => {
  let rows = 0
  try {
    while (wantsRoom(files.open(day))) {
      const { changes } = files
        .open(day)
        .prepare('DELETE FROM samples WHERE seq IN (SELECT seq FROM samples ORDER BY seq LIMIT ?)')
        .run(stepRows)
      if (changes === 0) break
      rows += Number(changes)
      await breathe()
    }
  } catch {
    // Where no byte is free, not even a deletion can be written. The room must come from elsewhere.
  }
  return rows
}

/** Whole days go, oldest first; when only one is left, the rows in it that were written first. */
export const retain = async (
  files: DayFiles,
  directory: string,
  limits: TelemetryLimits,
  now: Instant,
): Promise<Retained> => {
  let retired = 0
  const hasTooMuch = () => {
    const { bavail, bsize } = statfsSync(directory)
    return bytesOf(directory, files.days()) > limits.maxBytes || bavail * bsize < limits.minFreeBytes
  }
  const removeWhile = async (condition: (oldest: Day, days: number) => boolean) => {
    for (;;) {
      const days = files.days()
      const [oldest] = days
      if (oldest === undefined || !condition(oldest, days.length)) return
      // What cannot be read is not counted, but it goes.
      retired += await countRows(files, oldest).catch(() => 0)
      files.remove(oldest)
    }
  }

  await removeWhile(oldest => oldest < oldestKept(now, limits))
  if (hasTooMuch()) files.settle()
  await removeWhile((_, days) => days > 1 && hasTooMuch())
  const [last] = files.days()
  if (last !== undefined && hasTooMuch()) retired += await trim(files, last)
  return { retired, bytes: bytesOf(directory, files.days()), oldest: files.days()[0] ?? null }
}
