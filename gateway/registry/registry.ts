/**
 * The registry stage: who lives where, with which device, near which service point.
 * Takes: the registry document, CSV tables, single records and patches; names and secrets to check; a vault.
 * Gives: records by id from memory; everything it accepts is on disk before it says so, and sealed if it is personal.
 * Never does: decide about an alarm, delete a record, keep a secret in clear, hold the thread for more than a slice.
 *
 * Fields that a table does not know are left out, with a line in the log: documents may carry more than this gateway reads.
 */
import { randomBytes as nodeRandomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { z } from 'zod'
import { opensSeal, type RandomBytes, secondOf } from '../kit/secret-seal.ts'
import type { RecordOf, Table } from '../model/records.ts'
import type { Registry } from '../model/registry.ts'
import type { Vault } from '../model/vault.ts'
import { createShapeCheck, storedSchemas } from './check.ts'
import { createEditor } from './edit.ts'
import { createErase } from './erase.ts'
import { createImporter, type RegistryLog } from './importer.ts'
import { createLookup, type Lookup } from './lookup.ts'
import { createSecondSecrets } from './second-secret.ts'
import { createSettle } from './settle.ts'
import { type Change, openStore, type Store } from './store.ts'

export type RegistryOptions = {
  /** Where `registry.db` lies, or `:memory:`. */
  readonly directory: string
  /** A registry in memory needs none: there is nobody to hide anything from. */
  readonly vault?: Vault
  readonly randomBytes?: RandomBytes
  readonly log?: RegistryLog
}

const silent: RegistryLog = { warn() {} }

const clear: Vault = { seal: bytes => bytes, open: bytes => bytes, keyOf: () => '', currentKey: () => '' }

/** Rejects when the file cannot be opened. */
export const openRegistry = async (options: RegistryOptions): Promise<Registry> => {
  const { directory, randomBytes = nodeRandomBytes, log = silent } = options
  const vault = options.vault ?? (directory === ':memory:' ? clear : undefined)
  if (!vault) throw new Error('a registry on disk needs a vault')
  const store = openStore(fileIn(directory), vault, log)
  const lookup = createLookup()
  load(store, lookup, log)

  const listeners = new Set<Parameters<Registry['onChange']>[0]>()
  let revision = 0
  let closing = false
  const write = (changes: readonly Change[]): void => {
    if (closing) throw new Error('the registry is closing')
    store.write(changes)
    changes.forEach(lookup.put)
  }
  const commit = (changes: readonly Change[]): void => {
    write(changes)
    revision += 1
    const changed = changes.map(({ table, record }) => ({ table, id: record.id }))
    for (const listener of listeners) {
      try {
        listener(changed)
      } catch (error) {
        // The change has landed; whoever watches must not make it look refused.
        log.warn({ error: String(error) }, 'a listener to the registry failed')
      }
    }
  }

  const ports = { lookup, checkShape: createShapeCheck(), settle: createSettle(lookup, randomBytes), commit }
  const { importDocument, importCsv, registerDevices, finished } = createImporter(ports, log)
  const { create, patch } = createEditor(ports)
  const secondSecrets = createSecondSecrets({ lookup, randomBytes, write })

  return {
    get: lookup.get,
    all: lookup.all,
    list: lookup.list,
    residentsOf: lookup.residentsOf,
    devicesOf: lookup.devicesOf,
    areasWithin: lookup.areasWithin,
    areaPath: lookup.areaPath,
    importDocument,
    importCsv,
    registerDevices,
    create,
    patch,
    ...secondSecrets,
    erase: createErase({ lookup, store, commit }),
    sealed: store.sealedRows,

    checkSecret(who, secret) {
      const [table, id] =
        'device' in who ? (['devices', who.device] as const) : (['servicePoints', who.point] as const)
      const seal = lookup.sealOf(table, id)
      const opensFirst = opensSeal(seal, secret)
      const second = secondOf(seal)
      const opens = opensFirst || (second !== undefined && opensSeal(second, secret))
      if (!opens || lookup.get(table, id)?.suspended) return false
      // Where the disk refuses, it is let in all the same, and has two secrets for longer.
      if (!opensFirst && 'device' in who) secondSecrets.promoteSecret(who.device, secret)
      return true
    },
    get revision() {
      return revision
    },
    onChange(listener) {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
    async close() {
      closing = true
      await finished()
      store.close()
    },
  }
}

const fileIn = (directory: string): string => {
  if (directory === ':memory:') return directory
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  return join(directory, 'registry.db')
}

/** A record that this version cannot read stays on disk and is named: one bad record must not silence all others. */
const load = (store: Store, lookup: Lookup, log: RegistryLog): void => {
  const schemas: { readonly [T in Table]: z.ZodType<RecordOf[T]> } = storedSchemas
  const put = <T extends Table>(table: T, fields: object, sealed: Uint8Array | undefined): void =>
    lookup.put({ table, record: schemas[table].parse(fields), sealed })
  for (const row of store.rows()) {
    const { kind, id, sealed } = row
    try {
      put(kind, store.fieldsOf(row), sealed ?? undefined)
    } catch (error) {
      log.warn({ kind, id, error: String(error) }, 'a stored record cannot be read and is left out')
    }
  }
}
