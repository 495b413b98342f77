/**
 * The file of what people have written about people, `personal.db`: each item sealed for its name. Beside the seal only
 * what it takes to find an item, and to let it go.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { knownVersionOf } from '../kit/file-version.ts'
import { inTransaction } from '../kit/in-transaction.ts'
import { deleteSecurely, emptyLog, scrub } from '../kit/scrub.ts'
import { sealedKeys } from '../kit/sealed-keys.ts'
import { type Database, openDatabase } from '../kit/sqlite.ts'
import type { Instant } from '../model/ids.ts'
import type { Concerned, SealedRows, Vault } from '../model/vault.ts'

const kinds = ['text', 'picture', 'consent'] as const
export type ItemKind = (typeof kinds)[number]

export type Item = {
  readonly name: string
  readonly kind: ItemKind
  readonly about: Concerned
  readonly at: Instant
  readonly content: Uint8Array
}

export type Found = { readonly name: string; readonly kind: ItemKind; readonly at: Instant }

export interface Items {
  /** On disk when it returns. All of these throw when the disk refuses. */
  put(item: Item): void
  /** Undefined: there is none of this name, or it does not open, which is in the log then. */
  content(name: string): { readonly kind: ItemKind; readonly bytes: Uint8Array } | undefined
  /** In the order in which they came. */
  list(kind: readonly ItemKind[], about: Concerned): readonly Found[]
  remove(names: readonly string[]): void
  /** Removes what is older; answers how much it was. */
  removeBefore(kind: readonly ItemKind[], at: Instant): number
  /** What was removed is gone from the file, too. */
  scrub(): void
  readonly sealed: SealedRows
  close(): void
}

export type ItemsOptions = {
  /** Where `personal.db` lies, or `:memory:`. */
  readonly directory: string
  readonly vault: Vault
  readonly log: { error(facts: object, message: string): void }
}

const schemaVersion = 1
const fileName = 'personal.db'

const schema = `
  CREATE TABLE IF NOT EXISTS item (
    seq INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    resident TEXT,
    home TEXT,
    at INTEGER NOT NULL,
    key TEXT NOT NULL,
    sealed BLOB NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS itemByResident ON item (resident) WHERE resident IS NOT NULL;
  CREATE INDEX IF NOT EXISTS itemByHome ON item (home) WHERE home IS NOT NULL;
  CREATE INDEX IF NOT EXISTS itemByKey ON item (key);
  PRAGMA user_version = ${schemaVersion};
`

/** Which keys the file cannot be read without. */
export const keysOfItems = (directory: string): readonly string[] =>
  sealedKeys(join(directory, fileName), { table: 'item', column: 'sealed', expression: 'key' })

const Row = z.object({ name: z.string(), kind: z.enum(kinds), at: z.number() })
const SealedRow = z.object({
  seq: z.number(),
  name: z.string(),
  kind: z.enum(kinds),
  sealed: z.instanceof(Uint8Array),
})
const Counted = z.object({ key: z.string(), rows: z.number() })

const openFile = (directory: string): Database => {
  const path = directory === ':memory:' ? directory : join(directory, fileName)
  if (path !== directory) mkdirSync(directory, { recursive: true, mode: 0o700 })
  const database = openDatabase(path, { durability: 'full' })
  deleteSecurely(database)
  knownVersionOf(database, path, schemaVersion)
  database.exec(schema)
  return database
}

/** Throws when the file cannot be opened or is of a later version. */
export const openItems = ({ directory, vault, log }: ItemsOptions): Items => {
  const database = openFile(directory)
  const insert = database.prepare(
    'INSERT INTO item (name, kind, resident, home, at, key, sealed) VALUES (?, ?, ?, ?, ?, ?, ?)',
  )
  const byName = database.prepare('SELECT seq, name, kind, sealed FROM item WHERE name = ?')
  const byResident = database.prepare('SELECT * FROM item WHERE resident = ? ORDER BY seq')
  const byHome = database.prepare('SELECT * FROM item WHERE home = ? ORDER BY seq')
  const removeOne = database.prepare('DELETE FROM item WHERE name = ?')
  const removeOld = database.prepare('DELETE FROM item WHERE kind = ? AND at < ?')

  const open = ({ name, sealed }: { name: string; sealed: Uint8Array }): Uint8Array | undefined => {
    try {
      return vault.open(sealed, name)
    } catch (error) {
      // A note that is damaged must not hide the alarm that it belongs to.
      log.error({ name, error: String(error) }, 'what is kept under this name does not open')
      return undefined
    }
  }

  return {
    put({ name, kind, about, at, content }) {
      const sealed = vault.seal(content, name)
      insert.run(name, kind, about.resident ?? null, about.home ?? null, at, vault.keyOf(sealed), sealed)
    },
    content(name) {
      const row = byName.get(name)
      if (!row) return undefined
      const found = SealedRow.parse(row)
      const bytes = open(found)
      return bytes && { kind: found.kind, bytes }
    },
    list(kind, { resident, home }) {
      const rows = resident === undefined ? byHome.all(home ?? '') : byResident.all(resident)
      return rows
        .filter(row => home === undefined || row['home'] === home)
        .map(row => Row.parse(row))
        .filter(row => kind.includes(row.kind))
    },
    remove: names => inTransaction(database, () => names.forEach(name => removeOne.run(name))),
    removeBefore: (kind, at) =>
      kind.map(one => Number(removeOld.run(one, at).changes)).reduce((sum, rows) => sum + rows, 0),
    scrub: () => scrub(database),
    sealed: createSealedItems(database, vault, open),
    close: () => database.close(),
  }
}

/** One commit of a rotation: some 20 ms, between which alarms have their turn. One picture may be larger. */
const slice = { rows: 50, bytes: 1024 * 1024 }

const createSealedItems = (
  database: Database,
  vault: Vault,
  open: (row: { name: string; sealed: Uint8Array }) => Uint8Array | undefined,
): SealedRows => {
  const count = database.prepare('SELECT key, count(*) AS rows FROM item GROUP BY key')
  const after = database.prepare(
    `SELECT seq, name, kind, sealed FROM item WHERE seq > ? AND key <> ? ORDER BY seq LIMIT ${slice.rows}`,
  )
  const update = database.prepare('UPDATE item SET key = ?, sealed = ? WHERE seq = ?')

  const nextSlice = (cursor: string) => {
    const rows: z.infer<typeof SealedRow>[] = []
    let bytes = 0
    for (const row of after.iterate(Number(cursor), vault.currentKey())) {
      const parsed = SealedRow.parse(row)
      rows.push(parsed)
      bytes += parsed.sealed.length
      if (bytes >= slice.bytes) break
    }
    return rows
  }

  return {
    counts: () =>
      new Map(
        count
          .all()
          .map(row => Counted.parse(row))
          .map(({ key, rows }) => [key, rows]),
      ),
    reseal(cursor) {
      const rows = nextSlice(cursor)
      const last = rows.at(-1)
      if (!last) {
        emptyLog(database)
        return undefined
      }
      inTransaction(database, () => {
        for (const row of rows) {
          const clear = open(row)
          if (clear) update.run(vault.currentKey(), vault.seal(clear, row.name), row.seq)
        }
      })
      return String(last.seq)
    },
  }
}
