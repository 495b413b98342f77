import { knownVersionOf } from '../kit/file-version.ts'
import type { Database } from '../kit/sqlite.ts'

const schemaVersion = 1

/**
 * `happening` is what happened, never changed; `shift` is how things are now, in one row. Both change in one transaction.
 * Times are milliseconds since 1970. Without `byId` it was the gateway itself.
 */
const schema = `
  CREATE TABLE IF NOT EXISTS happening (
    seq INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    byId TEXT,
    byName TEXT,
    data TEXT NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS shift (one INTEGER PRIMARY KEY CHECK (one = 1), data TEXT NOT NULL) STRICT;
  PRAGMA user_version = ${schemaVersion};
`

/** Throws on the file of a later version, which this one might misread. */
export const createTables = (database: Database): void => {
  knownVersionOf(database, 'shift.db', schemaVersion)
  database.exec(schema)
}
