import { knownVersionOf } from '../kit/file-version.ts'
import type { Database } from '../kit/sqlite.ts'

const schemaVersion = 1

/**
 * One row a decision, never changed: the latest of a scope and name, or of a home, counts. Times are milliseconds since
 * 1970. A threshold without `after` is taken back; an absence without `reason` ended the one before it.
 */
const schema = `
  CREATE TABLE IF NOT EXISTS threshold (
    seq INTEGER PRIMARY KEY,
    scope TEXT NOT NULL,
    name TEXT NOT NULL,
    before REAL,
    after REAL,
    byId TEXT NOT NULL,
    byName TEXT NOT NULL,
    at INTEGER NOT NULL,
    why TEXT NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS thresholdByScope ON threshold (scope, seq);
  CREATE TABLE IF NOT EXISTS absence (
    seq INTEGER PRIMARY KEY,
    home TEXT NOT NULL,
    reason TEXT,
    startsAt INTEGER,
    until INTEGER,
    byId TEXT NOT NULL,
    byName TEXT NOT NULL,
    at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS absenceByHome ON absence (home, seq);
  PRAGMA user_version = ${schemaVersion};
`

/** Throws on the file of a later version, whose decisions this one might misread. */
export const createTables = (database: Database): void => {
  knownVersionOf(database, 'care.db', schemaVersion)
  database.exec(schema)
}
