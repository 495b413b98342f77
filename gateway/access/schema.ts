import type { Database } from '../kit/sqlite.ts'

/** Times are milliseconds since 1970; hashes of sessions and tokens are SHA-256 in hexadecimal. */
const schema = `
  CREATE TABLE IF NOT EXISTS users (
    username TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    passwordHash TEXT NOT NULL,
    disabled INTEGER NOT NULL,
    createdAt INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS sessions (
    hash TEXT PRIMARY KEY,
    username TEXT NOT NULL REFERENCES users,
    createdAt INTEGER NOT NULL,
    lastUsedAt INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS tokens (
    id TEXT PRIMARY KEY,
    hash TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    createdBy TEXT NOT NULL,
    createdAt INTEGER NOT NULL,
    expiresAt INTEGER,
    lastUsedAt INTEGER
  ) STRICT;
`

export const createTables = (database: Database): void => {
  database.exec(schema)
}
