/** Imports of whole documents and tables, one after the other; single records go between their slices. */
import type { ImportOptions, ImportResult, Table } from '../model/records.ts'
import { parseCsv } from './csv.ts'
import { readDocument } from './import-document.ts'
import { type ImportPorts, importTables } from './import-rows.ts'
import { createOverlay } from './overlay.ts'
import { createPace } from './pace.ts'
import { type Registered, registerDevices } from './register.ts'
import { createSettle } from './settle.ts'

export type RegistryLog = { warn(facts: object, message: string): void }

type Imports = Omit<ImportPorts, 'pace' | 'notice'>

/** Where everything goes its way and nothing comes of it: what is asked has seen what would have landed before it. */
const dryPorts = (ports: Imports): Imports => {
  const overlay = createOverlay(ports.lookup)
  // Nobody is shown these secrets, and nothing is locked with them.
  const settle = createSettle(overlay, size => new Uint8Array(size))
  return { ...ports, lookup: overlay, settle, commit: changes => changes.forEach(overlay.put) }
}

const withoutSecrets = (result: ImportResult): ImportResult => ({ ...result, secrets: [] })

export const createImporter = (ports: Imports, log: RegistryLog) => {
  let lastImport: Promise<unknown> = Promise.resolve()
  const run = <R>(work: (ports: ImportPorts) => Promise<R>): Promise<R> => {
    const notices = createNotices()
    const result = lastImport
      .then(() => work({ ...ports, pace: createPace(), notice: notices.add }))
      .finally(() => notices.logTo(log))
    lastImport = result.catch(() => undefined)
    return result
  }

  const inTables = async (
    isDry: boolean | undefined,
    work: (ports: ImportPorts) => Promise<ImportResult>,
  ): Promise<ImportResult> =>
    isDry
      ? withoutSecrets(await run(({ pace, notice }) => work({ ...dryPorts(ports), pace, notice })))
      : run(work)

  return {
    importDocument(document: unknown, { dryRun }: ImportOptions = {}): Promise<ImportResult> {
      const { rowsOf, rejected } = readDocument(document)
      return inTables(dryRun, given => importTables(given, rowsOf, rejected))
    },
    importCsv(table: Table, bytes: Uint8Array, { dryRun }: ImportOptions = {}): Promise<ImportResult> {
      return inTables(dryRun, async given => {
        const { rows, rejected } = await parseCsv({ table, ...given }, bytes)
        return importTables(given, new Map([[table, rows]]), rejected)
      })
    },
    registerDevices: (given: unknown): Promise<Registered> => run(ports => registerDevices(ports, given)),
    /** Resolves when no import runs any more. */
    async finished(): Promise<void> {
      await lastImport
    },
  }
}

/** Different notices of one import; more than these say nothing new. */
const maxNotices = 50

const createNotices = () => {
  const counts = new Map<string, number>()
  return {
    add(notice: string) {
      const count = counts.get(notice)
      if (count !== undefined || counts.size < maxNotices) counts.set(notice, (count ?? 0) + 1)
    },
    logTo(log: RegistryLog) {
      for (const [notice, count] of counts) log.warn({ count }, notice)
    },
  }
}
