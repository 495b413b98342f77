/**
 * Makes deleted bytes go from a database's files, not only from its tables. `secure_delete` overwrites what is deleted,
 * the log is emptied, and a small file is rewritten, because a row that was moved leaves a copy in the free part of its
 * old page.
 */
import type { Database } from './sqlite.ts'

/**
 * Rewriting takes 8 ms a MiB, in which nothing else runs. A larger file keeps such copies until their pages are used anew, or
 * until the key that sealed them is retired.
 */
const largestRewrittenBytes = 16 * 1024 * 1024

/** Right after opening. */
export const deleteSecurely = (database: Database): void => database.exec('PRAGMA secure_delete = ON')

const pragma = (database: Database, name: string): number =>
  Number(database.prepare(`PRAGMA ${name}`).get()?.[name])

/** Throws if the disk refuses. */
export const scrub = (database: Database): void => {
  const bytes = pragma(database, 'page_count') * pragma(database, 'page_size')
  if (bytes <= largestRewrittenBytes) database.exec('VACUUM')
  emptyLog(database)
}

/** The write-ahead log holds pages as they were. */
export const emptyLog = (database: Database): void => database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
