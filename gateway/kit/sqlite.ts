/**
 * The only file that knows `node:sqlite`, whose classes are still to be renamed. Opens a database file for one writer
 * with a write-ahead log, or read-only beside that writer.
 */
import { backup, DatabaseSync, type StatementSync } from 'node:sqlite'

export type Database = DatabaseSync
export type Statement = StatementSync

export type OpenOptions = {
  readonly readOnly?: boolean
  /** full: every commit is fsynced. normal: a power cut may take the last commits, never the file's soundness. */
  readonly durability: 'full' | 'normal'
  /** Of a new file; an old one keeps its own. */
  readonly pageBytes?: number
}

const busyTimeoutMs = 5_000

export const openDatabase = (path: string, options: OpenOptions): Database => {
  const database = new DatabaseSync(path, { readOnly: options.readOnly ?? false, timeout: busyTimeoutMs })
  if (!options.readOnly) {
    if (options.pageBytes !== undefined) database.exec(`PRAGMA page_size = ${options.pageBytes}`)
    database.exec('PRAGMA journal_mode = WAL')
    database.exec(`PRAGMA synchronous = ${options.durability === 'full' ? 'FULL' : 'NORMAL'}`)
  }
  database.exec('PRAGMA foreign_keys = ON')
  return database
}

/** What a copy takes from its source at a time. */
const copyStepBytes = 1024 * 1024

/**
 * Copies a database, as it is at this moment, into a new file that needs no log beside it. Others may write meanwhile.
 * @param onStep is told between the steps how many bytes are copied; by throwing it gives the copy up
 */
export const copyDatabase = async (
  from: string,
  to: string,
  onStep: (copiedBytes: number) => void,
): Promise<void> => {
  const source = openDatabase(from, { readOnly: true, durability: 'normal' })
  try {
    const pageBytes = Number(source.prepare('PRAGMA page_size').get()?.['page_size'])
    // One snapshot for all steps: otherwise each commit of somebody else would begin the copy anew.
    source.exec('BEGIN')
    source.prepare('SELECT count(*) FROM sqlite_schema').get()
    await backup(source, to, {
      rate: copyStepBytes / pageBytes,
      progress: ({ totalPages, remainingPages }) => onStep((totalPages - remainingPages) * pageBytes),
    })
  } finally {
    source.close()
  }
  const copy = new DatabaseSync(to)
  copy.exec('PRAGMA journal_mode = DELETE')
  copy.close()
}
