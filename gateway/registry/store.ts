/** The registry on disk: one row a record, as JSON, with the hash of its secret beside it. */
import { z } from 'zod'
import { openDatabase } from '../kit/sqlite.ts'
import { type RecordOf, type Table, tables } from '../model/records.ts'

export type Change<T extends Table = Table> = {
  readonly table: T
  readonly record: RecordOf[T]
  readonly sealed: Uint8Array | undefined
}

const StoredRow = z.object({
  kind: z.enum(tables),
  id: z.string(),
  data: z.string(),
  sealed: z.instanceof(Uint8Array).nullable(),
})
export type StoredRow = z.infer<typeof StoredRow>

export interface Store {
  /** Every row, in no order. Throws on a file that is not a registry. */
  rows(): Iterable<StoredRow>
  /** All of them or none, on disk when it returns. Throws if the disk refuses. */
  write(changes: readonly Change[]): void
  close(): void
}

const schemaVersion = 1

/** @param path a file, or `:memory:` */
export const openStore = (path: string): Store => {
  const database = openDatabase(path, { durability: 'full' })
  const version = z.object({ user_version: z.number() }).parse(database.prepare('PRAGMA user_version').get())
  if (version.user_version > schemaVersion)
    throw new Error(`${path} was written by a later version of the gateway (schema ${version.user_version})`)
  database.exec(`
    CREATE TABLE IF NOT EXISTS record (
      kind TEXT NOT NULL, id TEXT NOT NULL, data TEXT NOT NULL, sealed BLOB, PRIMARY KEY (kind, id)
    ) STRICT, WITHOUT ROWID;
    PRAGMA user_version = ${schemaVersion}`)
  const select = database.prepare('SELECT kind, id, data, sealed FROM record')
  const upsert = database.prepare(
    `INSERT INTO record (kind, id, data, sealed) VALUES (?, ?, ?, ?)
     ON CONFLICT (kind, id) DO UPDATE SET data = excluded.data, sealed = excluded.sealed`,
  )

  return {
    *rows() {
      for (const row of select.iterate()) yield StoredRow.parse(row)
    },
    write(changes) {
      database.exec('BEGIN IMMEDIATE')
      try {
        for (const { table, record, sealed } of changes)
          upsert.run(table, record.id, JSON.stringify(record), sealed ?? null)
        database.exec('COMMIT')
      } catch (error) {
        // A full disk may have rolled it back already.
        if (database.isTransaction) database.exec('ROLLBACK')
        throw error
      }
    },
    close() {
      database.close()
    },
  }
}
