/** Imports of whole documents and tables, one after the other; single records go between their slices. */
import type { ImportResult, Table } from '../model/records.ts'
import { parseCsv } from './csv.ts'
import { readDocument } from './import-document.ts'
import { type ImportPorts, importTables } from './import-rows.ts'
import { createPace } from './pace.ts'
import { type Registered, registerDevices } from './register.ts'

export type RegistryLog = { warn(facts: object, message: string): void }

export const createImporter = (ports: Omit<ImportPorts, 'pace' | 'notice'>, log: RegistryLog) => {
  let lastImport: Promise<unknown> = Promise.resolve()
  const run = <R>(work: (ports: ImportPorts) => Promise<R>): Promise<R> => {
    const notices = createNotices()
    const result = lastImport
      .then(() => work({ ...ports, pace: createPace(), notice: notices.add }))
      .finally(() => notices.logTo(log))
    lastImport = result.catch(() => undefined)
    return result
  }

  return {
    importDocument(document: unknown): Promise<ImportResult> {
      const { rowsOf, rejected } = readDocument(document)
      return run(ports => importTables(ports, rowsOf, rejected))
    },
    importCsv(table: Table, bytes: Uint8Array): Promise<ImportResult> {
      return run(async ports => {
        const { rows, rejected } = await parseCsv({ table, ...ports }, bytes)
        return importTables(ports, new Map([[table, rows]]), rejected)
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
