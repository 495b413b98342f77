/** Lives on disk: one row an event, never changed, and one row a device as it is now, in one transaction. */
import { z } from 'zod'
import { knownVersionOf } from '../kit/file-version.ts'
import { openDatabase } from '../kit/sqlite.ts'
import { AlarmId, DeviceId, HomeId, type Instant, ResidentId, UserId } from '../model/ids.ts'
import { isAlarmKind } from '../model/kinds.ts'
import {
  type By,
  type Life,
  type LifeEvent,
  lifeStates,
  type RecordedLifeEvent,
} from '../model/provisioning.ts'

/** A life, and the seals of its latest claim code and of the one before: what is void can be told from what is wrong. */
export type Kept = { readonly life: Life; readonly code: Uint8Array | undefined }

export type Change = Kept & { readonly events: readonly LifeEvent[] }

export interface Store {
  lives(): Iterable<Kept>
  /** All of them or none, on disk when it returns. Throws if the disk refuses. */
  write(changes: readonly Change[], by: By, at: Instant): void
  /** Oldest first. */
  events(device: DeviceId): readonly RecordedLifeEvent[]
  close(): void
}

const schemaVersion = 1

/** `code` holds salted hashes of claim codes. Times are milliseconds since 1970. */
const schema = `
  CREATE TABLE IF NOT EXISTS event (
    seq INTEGER PRIMARY KEY,
    device TEXT NOT NULL,
    at INTEGER NOT NULL,
    byId TEXT NOT NULL,
    byName TEXT NOT NULL,
    data TEXT NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS eventByDevice ON event (device, seq);
  CREATE TABLE IF NOT EXISTS life (
    device TEXT PRIMARY KEY, data TEXT NOT NULL, code BLOB
  ) STRICT, WITHOUT ROWID;
  PRAGMA user_version = ${schemaVersion};
`

const state = z.enum(lifeStates)
const Test = z.object({
  trigger: z.string().refine(isAlarmKind),
  at: z.number(),
  alarm: AlarmId,
  home: HomeId.exactOptional(),
})

const StoredLife: z.ZodType<Life> = z.object({
  device: DeviceId,
  state,
  since: z.number(),
  before: state.exactOptional(),
  claimUntil: z.number().exactOptional(),
  offered: z.literal(true).exactOptional(),
  oldSecretUntil: z.number().exactOptional(),
  tests: z.array(Test),
  replaces: DeviceId.exactOptional(),
  replacedBy: DeviceId.exactOptional(),
})

const StoredEvent: z.ZodType<LifeEvent> = z.discriminatedUnion('type', [
  z.object({ type: z.literal('registered') }),
  z.object({ type: z.literal('adopted'), state: z.enum(['enabled', 'suspended', 'claimed']) }),
  z.object({ type: z.literal('code-made'), until: z.number() }),
  z.object({ type: z.literal('code-lapsed') }),
  z.object({ type: z.literal('secret-offered') }),
  z.object({ type: z.literal('claimed') }),
  z.object({ type: z.literal('secret-changed'), oldUntil: z.number() }),
  z.object({ type: z.literal('old-secret-ended') }),
  z.object({
    type: z.literal('installed'),
    home: HomeId,
    resident: ResidentId.exactOptional(),
    room: z.string().exactOptional(),
    replaces: DeviceId.exactOptional(),
  }),
  z.object({ type: z.literal('trigger-tested'), test: Test }),
  z.object({ type: z.literal('tested') }),
  z.object({ type: z.literal('enabled') }),
  z.object({ type: z.literal('suspended'), reason: z.string() }),
  z.object({ type: z.literal('resumed') }),
  z.object({ type: z.literal('reset') }),
  z.object({ type: z.literal('retired'), reason: z.string(), replacedBy: DeviceId.exactOptional() }),
])

const json = z.string().transform((text): unknown => JSON.parse(text))
const LifeRow = z
  .object({ data: json.pipe(StoredLife), code: z.instanceof(Uint8Array).nullable() })
  .transform(({ data, code }): Kept => ({ life: data, code: code ?? undefined }))
const EventRow = z
  .object({
    seq: z.number(),
    at: z.number(),
    byId: UserId,
    byName: z.string(),
    data: json.pipe(StoredEvent),
  })
  .transform(
    ({ seq, at, byId, byName, data }): RecordedLifeEvent => ({
      ...data,
      seq,
      at,
      by: { id: byId, name: byName },
    }),
  )

/** @param path a file, or `:memory:`. Throws on the file of a later version, whose lives this one might misread. */
export const openStore = (path: string): Store => {
  const database = openDatabase(path, { durability: 'full' })
  knownVersionOf(database, path, schemaVersion)
  database.exec(schema)
  const insert = database.prepare('INSERT INTO event (device, at, byId, byName, data) VALUES (?, ?, ?, ?, ?)')
  const upsert = database.prepare(
    `INSERT INTO life (device, data, code) VALUES (?, ?, ?)
     ON CONFLICT (device) DO UPDATE SET data = excluded.data, code = excluded.code`,
  )
  const selectLives = database.prepare('SELECT data, code FROM life')
  const selectEvents = database.prepare(
    'SELECT seq, at, byId, byName, data FROM event WHERE device = ? ORDER BY seq',
  )

  return {
    *lives() {
      for (const row of selectLives.iterate()) yield LifeRow.parse(row)
    },
    write(changes, by, at) {
      database.exec('BEGIN IMMEDIATE')
      try {
        for (const { life, code, events } of changes) {
          for (const event of events) insert.run(life.device, at, by.id, by.name, JSON.stringify(event))
          upsert.run(life.device, JSON.stringify(life), code ?? null)
        }
        database.exec('COMMIT')
      } catch (error) {
        // A full disk may have rolled it back already.
        if (database.isTransaction) database.exec('ROLLBACK')
        throw error
      }
    },
    events: of => selectEvents.all(of).map(row => EventRow.parse(row)),
    close: () => database.close(),
  }
}
