/**
 * The registry on disk: one row a record, as JSON, with the hash of its secret beside it. What is personal in it is
 * sealed, in a column of its own.
 */
import { z } from 'zod'
import { knownVersionOf } from '../kit/file-version.ts'
import { inTransaction } from '../kit/in-transaction.ts'
import { deleteSecurely, scrub } from '../kit/scrub.ts'
import { type Database, openDatabase } from '../kit/sqlite.ts'
import { type RecordOf, type Table, tables } from '../model/records.ts'
import type { SealedRows, Vault } from '../model/vault.ts'
import type { RegistryLog } from './importer.ts'
import { splitPersonal } from './personal-fields.ts'
import { createSealedRows, sealedFor } from './sealed-rows.ts'

export type Change<T extends Table = Table> = {
  readonly table: T
  readonly record: RecordOf[T]
  readonly sealed: Uint8Array | undefined
}

const StoredRow = z.object({
  kind: z.enum(tables),
  id: z.string(),
  data: z.string(),
  personal: z.instanceof(Uint8Array).nullable(),
  sealed: z.instanceof(Uint8Array).nullable(),
})
export type StoredRow = z.infer<typeof StoredRow>

export interface Store {
  /** Every row, in no order. Throws on a file that is not a registry. */
  rows(): Iterable<StoredRow>
  /** What the row's record holds, in clear. Throws when its seal does not open. */
  fieldsOf(row: StoredRow): object
  /** All of them or none, on disk when it returns. Throws if the disk refuses. */
  write(changes: readonly Change[]): void
  /** What was overwritten is gone from the file, too. */
  scrub(): void
  readonly sealedRows: SealedRows
  close(): void
}

const schemaVersion = 2

const Fields = z.record(z.string(), z.unknown())
const fieldsIn = (text: string) => Fields.parse(JSON.parse(text))

const rowOf = (vault: Vault, table: Table, record: object & { readonly id: string }) => {
  const { plain, personal } = splitPersonal(table, record)
  const clear = personal && Buffer.from(JSON.stringify(personal))
  return {
    data: JSON.stringify(plain),
    personal: clear ? vault.seal(clear, sealedFor(table, record.id)) : null,
  }
}

/** Version 1 kept everything in clear. Its version stays until no clear byte is left, so that a crash only repeats this. */
const sealClearRows = (database: Database, vault: Vault): void => {
  const hasColumn = database
    .prepare(`SELECT 1 FROM pragma_table_info('record') WHERE name = 'personal'`)
    .get()
  if (!hasColumn) database.exec('ALTER TABLE record ADD COLUMN personal BLOB')
  const rows = database.prepare('SELECT * FROM record WHERE personal IS NULL').all()
  const update = database.prepare('UPDATE record SET data = ?, personal = ? WHERE kind = ? AND id = ?')
  inTransaction(database, () => {
    for (const row of rows.map(one => StoredRow.parse(one))) {
      const fields = z.looseObject({ id: z.literal(row.id) }).safeParse(readable(row.data))
      // What no version could read is left as it is, to be named when it is loaded.
      if (!fields.success) continue
      const { data, personal } = rowOf(vault, row.kind, fields.data)
      update.run(data, personal, row.kind, row.id)
    }
  })
  scrub(database)
}

const readable = (data: string): unknown => {
  try {
    return JSON.parse(data)
  } catch {
    return undefined
  }
}

const openTable = (path: string, vault: Vault): Database => {
  const database = openDatabase(path, { durability: 'full' })
  deleteSecurely(database)
  const version = knownVersionOf(database, path, schemaVersion)
  database.exec(`
    CREATE TABLE IF NOT EXISTS record (
      kind TEXT NOT NULL, id TEXT NOT NULL, data TEXT NOT NULL, sealed BLOB, personal BLOB, PRIMARY KEY (kind, id)
    ) STRICT, WITHOUT ROWID`)
  if (version < schemaVersion) sealClearRows(database, vault)
  database.exec(`PRAGMA user_version = ${schemaVersion}`)
  return database
}

/** @param path a file, or `:memory:` */
export const openStore = (path: string, vault: Vault, log: RegistryLog): Store => {
  const database = openTable(path, vault)
  const select = database.prepare('SELECT kind, id, data, personal, sealed FROM record')
  const upsert = database.prepare(
    `INSERT INTO record (kind, id, data, personal, sealed) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (kind, id) DO UPDATE
     SET data = excluded.data, personal = excluded.personal, sealed = excluded.sealed`,
  )

  return {
    *rows() {
      for (const row of select.iterate()) yield StoredRow.parse(row)
    },
    fieldsOf({ kind, id, data, personal }) {
      const clear = personal && vault.open(personal, sealedFor(kind, id))
      return { ...fieldsIn(data), ...(clear && fieldsIn(Buffer.from(clear).toString())) }
    },
    write: changes =>
      inTransaction(database, () => {
        for (const { table, record, sealed } of changes) {
          const { data, personal } = rowOf(vault, table, record)
          upsert.run(table, record.id, data, personal, sealed ?? null)
        }
      }),
    scrub: () => scrub(database),
    sealedRows: createSealedRows(database, vault, log),
    close() {
      database.close()
    },
  }
}
