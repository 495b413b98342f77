import { knownVersionOf } from '../kit/file-version.ts'
import type { Database } from '../kit/sqlite.ts'

const schemaVersion = 1

/** Times are milliseconds since 1970; hashes are SHA-256 in hexadecimal. An opening goes with its link. */
const schema = `
  CREATE TABLE IF NOT EXISTS link (
    id TEXT PRIMARY KEY,
    hash TEXT NOT NULL UNIQUE,
    resident TEXT NOT NULL,
    alarm TEXT,
    reason TEXT NOT NULL,
    byId TEXT NOT NULL,
    byName TEXT NOT NULL,
    createdAt INTEGER NOT NULL,
    expiresAt INTEGER NOT NULL,
    endedAt INTEGER
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS linkByResident ON link (resident, createdAt);
  CREATE INDEX IF NOT EXISTS linkByEnd ON link (expiresAt);
  CREATE TABLE IF NOT EXISTS opening (
    seq INTEGER PRIMARY KEY,
    link TEXT NOT NULL REFERENCES link ON DELETE CASCADE,
    at INTEGER NOT NULL,
    address TEXT NOT NULL,
    userAgent TEXT NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS openingByLink ON opening (link, seq);
  PRAGMA user_version = ${schemaVersion};
`

/** Throws on the file of a later version: it may have ended links that this one would open. */
export const createTables = (database: Database): void => {
  knownVersionOf(database, 'cards.db', schemaVersion)
  database.exec(schema)
}
