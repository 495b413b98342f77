/** All of the work is on disk when it returns, or none of it. Throws what the work throws, and when the disk refuses. */
import type { Database } from './sqlite.ts'

export const inTransaction = (database: Database, work: () => void): void => {
  database.exec('BEGIN IMMEDIATE')
  try {
    work()
    database.exec('COMMIT')
  } catch (error) {
    // A full disk may have rolled it back already.
    if (database.isTransaction) database.exec('ROLLBACK')
    throw error
  }
}
