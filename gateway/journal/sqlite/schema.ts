/**
 * The tables of a journal on disk, and how an older file becomes a current one. Every table and index that an append
 * touches costs it a page of log, so each is there for a question that is asked.
 */
import { migrate as migrateFile, versionOf } from '../../kit/file-version.ts'
import type { Database } from '../../kit/sqlite.ts'
import { genesis } from '../chain.ts'

/** Inside the data directory. SQLite keeps its log beside it, with `-wal` and `-shm` added to the name. */
export const journalFileName = 'journal.db'

/** An append touches about a dozen pages and writes each to the log: small ones halve what is written. */
export const pageBytes = 2_048

/** Entry n brings a file of version n to version n + 1. Never edited once released: only added to. */
const migrations: readonly string[] = [
  `
  -- The journal itself. Rows are added and never changed.
  CREATE TABLE events (
    seq         INTEGER PRIMARY KEY,
    alarm_id    TEXT    NOT NULL,
    version     INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    actor       TEXT    NOT NULL,
    type        TEXT    NOT NULL,
    data        TEXT    NOT NULL,
    hash        TEXT    NOT NULL,
    UNIQUE (alarm_id, version)
  );

  CREATE TABLE inbox (
    device_id   TEXT    NOT NULL,
    event_key   TEXT    NOT NULL,
    type        TEXT    NOT NULL,
    received_at INTEGER NOT NULL,
    device_time INTEGER,
    data        TEXT,
    alarm_id    TEXT,
    PRIMARY KEY (device_id, event_key)
  ) WITHOUT ROWID;
  CREATE INDEX inbox_kept ON inbox (device_id, received_at) WHERE alarm_id IS NULL;

  -- The alarms as their events have left them. Columns are what questions ask for; data is the whole alarm.
  CREATE TABLE alarms (
    id          TEXT    PRIMARY KEY,
    version     INTEGER NOT NULL,
    subject     TEXT    NOT NULL,
    state       TEXT    NOT NULL,
    open        INTEGER NOT NULL,
    kind        TEXT    NOT NULL,
    rank        INTEGER NOT NULL,
    area        TEXT,
    points      TEXT    NOT NULL,
    received_at INTEGER NOT NULL,
    data        TEXT    NOT NULL
  );
  CREATE UNIQUE INDEX alarms_open ON alarms (subject) WHERE open = 1;
  CREATE INDEX alarms_unfinished ON alarms (rank, received_at, id) WHERE state <> 'closed';
  -- Kind and area never change, so that a filter on them costs no write and no look at the alarm.
  CREATE INDEX alarms_received ON alarms (received_at, id, kind, area);

  CREATE TABLE alarm_points (
    point    TEXT NOT NULL,
    alarm_id TEXT NOT NULL,
    PRIMARY KEY (point, alarm_id)
  ) WITHOUT ROWID;

  CREATE TABLE deadlines (
    alarm_id TEXT    PRIMARY KEY,
    due_at   INTEGER NOT NULL,
    kind     TEXT    NOT NULL
  ) WITHOUT ROWID;

  -- An id begins with its alarm's, so that what one alarm owes lies together. Numbers grow in the order of owing.
  CREATE TABLE deliveries (
    id         TEXT    PRIMARY KEY,
    number     INTEGER NOT NULL,
    alarm_id   TEXT    NOT NULL,
    version    INTEGER NOT NULL,
    kind       TEXT    NOT NULL,
    recipient  TEXT    NOT NULL,
    topic      TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    state      TEXT    NOT NULL DEFAULT 'pending',
    outcome    TEXT,
    reason     TEXT,
    attempts   INTEGER NOT NULL DEFAULT 0,
    settled_at INTEGER
  ) WITHOUT ROWID;
  CREATE INDEX deliveries_pending ON deliveries (number) WHERE state = 'pending';

  -- One row. The head is kept apart from the entries, so that cutting off the last of them is found.
  CREATE TABLE meta (
    one       INTEGER PRIMARY KEY CHECK (one = 1),
    head_seq  INTEGER NOT NULL,
    head_hash TEXT    NOT NULL,
    probe     INTEGER NOT NULL DEFAULT 0
  );
  INSERT INTO meta (one, head_seq, head_hash) VALUES (1, ${genesis.seq}, '${genesis.hash}');
  `,
  // The rank tells a call from what a machine has inferred.
  `
  UPDATE alarms SET rank = rank * 10 + CASE data ->> '$.class'
    WHEN 'inferred' THEN 1 WHEN 'technical' THEN 2 WHEN 'service' THEN 3 WHEN 'test' THEN 4 ELSE 0 END;
  `,
  // The audit trail. Asked for by time, by who and by what; each such list is read from its newest end.
  `
  CREATE TABLE trail (
    seq     INTEGER PRIMARY KEY,
    at      INTEGER NOT NULL,
    actor   TEXT    NOT NULL,
    address TEXT,
    action  TEXT    NOT NULL,
    subject TEXT,
    reason  TEXT,
    outcome TEXT    NOT NULL,
    facts   TEXT,
    areas   TEXT,
    hash    TEXT    NOT NULL
  );
  CREATE INDEX trail_at ON trail (at);
  CREATE INDEX trail_actor ON trail (actor ->> '$.id');
  CREATE INDEX trail_subject ON trail (subject);
  ALTER TABLE meta ADD COLUMN trail_seq INTEGER NOT NULL DEFAULT ${genesis.seq};
  ALTER TABLE meta ADD COLUMN trail_hash TEXT NOT NULL DEFAULT '${genesis.hash}';
  `,
  // What happened in a home, or to a resident, without a walk through the past. Neither changes: only a new alarm pays.
  `
  ALTER TABLE alarms ADD COLUMN home TEXT;
  ALTER TABLE alarms ADD COLUMN resident TEXT;
  UPDATE alarms SET home = data ->> '$.location.home', resident = data ->> '$.location.resident';
  CREATE INDEX alarms_home ON alarms (home, received_at, id) WHERE home IS NOT NULL;
  CREATE INDEX alarms_resident ON alarms (resident, received_at, id) WHERE resident IS NOT NULL;
  `,
]

/** Throws unless the file is of this program's version, for who reads and may not change it. */
export const assertCurrent = (database: Database): void => {
  const version = versionOf(database)
  if (version !== migrations.length)
    throw new Error(`the journal has version ${version}, this program's is ${migrations.length}`)
}

/** Throws when the file was written by a newer program: its meaning is unknown, so it is left alone. */
export const migrate = (database: Database): void => migrateFile(database, journalFileName, migrations)
