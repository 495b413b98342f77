import { knownVersionOf } from '../kit/file-version.ts'
import type { Database } from '../kit/sqlite.ts'

const schemaVersion = 2

/**
 * `step` is what happened, never changed; the other tables are how things are now. What both say changes in one
 * transaction. Times are milliseconds since 1970.
 */
const schema = `
  CREATE TABLE IF NOT EXISTS step (
    subject TEXT NOT NULL,
    version INTEGER NOT NULL,
    at INTEGER NOT NULL,
    byId TEXT NOT NULL,
    byName TEXT NOT NULL,
    data TEXT NOT NULL,
    PRIMARY KEY (subject, version)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS job (
    number INTEGER PRIMARY KEY,
    home TEXT NOT NULL,
    state TEXT NOT NULL,
    technician TEXT,
    data TEXT NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS jobByState ON job (state, number);
  CREATE INDEX IF NOT EXISTS jobByHome ON job (home, state);
  CREATE TABLE IF NOT EXISTS bed (id TEXT PRIMARY KEY, data TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS institution (id TEXT PRIMARY KEY, data TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS testMode (
    home TEXT PRIMARY KEY,
    since INTEGER NOT NULL,
    until INTEGER NOT NULL,
    leftMs INTEGER NOT NULL,
    byId TEXT NOT NULL,
    byName TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS standingHazard (
    device TEXT NOT NULL,
    kind TEXT NOT NULL,
    home TEXT NOT NULL,
    since INTEGER NOT NULL,
    PRIMARY KEY (device, kind)
  ) STRICT, WITHOUT ROWID;
  PRAGMA user_version = ${schemaVersion};
`

/** Throws on the file of a later version, which this one might misread. */
export const createTables = (database: Database): void => {
  knownVersionOf(database, 'installation.db', schemaVersion)
  database.exec(schema)
}
