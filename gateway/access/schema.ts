import { migrate } from '../kit/file-version.ts'
import type { Database } from '../kit/sqlite.ts'

/**
 * Times are milliseconds since 1970; hashes of sessions, tokens and links are SHA-256 in hexadecimal; scopes, permissions
 * and recovery codes are JSON. The first step finds its tables there in files from before versions were counted.
 */
const migrations = [
  `
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
  `,
  `
  ALTER TABLE users ADD COLUMN scopes TEXT NOT NULL DEFAULT '[]';
  ALTER TABLE sessions ADD COLUMN address TEXT NOT NULL DEFAULT '';
  ALTER TABLE sessions ADD COLUMN userAgent TEXT NOT NULL DEFAULT '';
  ALTER TABLE tokens ADD COLUMN scopes TEXT NOT NULL DEFAULT '[]';
  ALTER TABLE tokens ADD COLUMN permissions TEXT NOT NULL DEFAULT 'null';
  CREATE TABLE secondFactors (
    username TEXT PRIMARY KEY REFERENCES users,
    sealed BLOB NOT NULL,
    lastStep INTEGER NOT NULL,
    recovery TEXT NOT NULL
  ) STRICT;
  CREATE TABLE invitations (
    id TEXT PRIMARY KEY,
    hash TEXT NOT NULL UNIQUE,
    username TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    scopes TEXT NOT NULL,
    createdBy TEXT NOT NULL,
    createdAt INTEGER NOT NULL,
    expiresAt INTEGER NOT NULL
  ) STRICT;
  `,
  `
  CREATE TABLE usualAddresses (
    username TEXT NOT NULL REFERENCES users,
    address TEXT NOT NULL,
    UNIQUE (username, address)
  ) STRICT;
  INSERT INTO usualAddresses SELECT DISTINCT username, address FROM sessions;
  `,
]

/** Throws when a later version of the gateway has written the file: it may hold rights that this one would not see. */
export const createTables = (database: Database): void => migrate(database, 'access.db', migrations)
