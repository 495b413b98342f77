/**
 * The only file that knows `node:sqlite`, whose classes are still to be renamed. Opens a database file for one writer
 * with a write-ahead log, or read-only beside that writer.
 */
import { DatabaseSync, type StatementSync } from 'node:sqlite'

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
