/** Puts a batch of samples on disk: one transaction, and one fsync, for each day file that it concerns. */
import type { Instant } from '../model/ids.ts'
import type { Sample } from '../model/telemetry.ts'
import type { DayFiles } from './day-files.ts'
import { type Day, dayOf, upsert, valuesOf } from './schema.ts'

/** The days whose samples are on disk; of any others, why they are not. */
export type Written = { readonly stored: readonly Day[]; readonly detail?: string }

export type SampleWriter = (samples: readonly Sample[], now: Instant) => Written

const lastSeqIn = (files: DayFiles, day: Day): number => {
  try {
    const row = files.open(day).prepare('SELECT MAX(seq) AS seq FROM samples').get()
    return Number(row?.['seq'] ?? 0)
  } catch {
    // A file that cannot be read has no rows to follow, and must not keep the others from being written.
    return 0
  }
}

export const createSampleWriter = (files: DayFiles): SampleWriter => {
  let lastSeq: number | undefined

  /**
   * Beyond all on disk; and not below the clock, for what was on disk may have been let go of meanwhile, while whoever
   * followed it still has its number.
   */
  const nextSeq = (now: Instant): number => {
    lastSeq ??= Math.max(Math.floor(now), ...files.days().map(day => lastSeqIn(files, day)))
    lastSeq += 1
    return lastSeq
  }

  const writeDay = (day: Day, samples: readonly Sample[], now: Instant): void => {
    const database = files.open(day)
    const insert = database.prepare(upsert)
    database.exec('BEGIN IMMEDIATE')
    try {
      for (const sample of samples) insert.run(...valuesOf(sample, nextSeq(now)))
      database.exec('COMMIT')
    } catch (error) {
      // SQLite has already rolled back after some errors, and has not after others.
      if (database.isTransaction) database.exec('ROLLBACK')
      throw error
    }
  }

  return (samples, now) => {
    const stored: Day[] = []
    let detail: string | undefined
    nextSeq(now)
    for (const [day, ofDay] of Map.groupBy(samples, ({ at }) => dayOf(at))) {
      try {
        writeDay(day, ofDay, now)
        stored.push(day)
      } catch (error) {
        detail = error instanceof Error ? error.message : String(error)
      }
    }
    return { stored, ...(detail !== undefined && { detail }) }
  }
}
