/** Rows of the registry that are personal: by which keys they are sealed, and how they come to be sealed by another. */
import { z } from 'zod'
import { inTransaction } from '../kit/in-transaction.ts'
import { emptyLog } from '../kit/scrub.ts'
import type { Database } from '../kit/sqlite.ts'
import type { SealedRows, Vault } from '../model/vault.ts'
import type { RegistryLog } from './importer.ts'

/** Some 5 ms, between which alarms have their turn. */
const sliceRows = 100

const Counted = z.object({ sample: z.instanceof(Uint8Array), rows: z.number() })
const Row = z.object({ kind: z.string(), id: z.string(), personal: z.instanceof(Uint8Array) })

/** What a seal is bound to. */
export const sealedFor = (kind: string, id: string): string => `${kind}/${id}`

/** A seal begins with its version and the id of its key. */
const countByKey = `SELECT personal AS sample, count(*) AS rows FROM record
  WHERE personal IS NOT NULL GROUP BY substr(personal, 1, 9)`

export const createSealedRows = (database: Database, vault: Vault, log: RegistryLog): SealedRows => {
  const count = database.prepare(countByKey)
  const after = database.prepare(`SELECT kind, id, personal FROM record
    WHERE (kind, id) > (?, ?) AND personal IS NOT NULL ORDER BY kind, id LIMIT ${sliceRows}`)
  const update = database.prepare('UPDATE record SET personal = ? WHERE kind = ? AND id = ?')

  const opened = ({ kind, id, personal }: z.infer<typeof Row>): Uint8Array | undefined => {
    try {
      return vault.open(personal, sealedFor(kind, id))
    } catch (error) {
      log.warn({ kind, id, error: String(error) }, 'a record does not open and keeps its seal')
      return undefined
    }
  }
  const sealAnew = (row: z.infer<typeof Row>): void => {
    const { kind, id, personal } = row
    if (vault.keyOf(personal) === vault.currentKey()) return
    const clear = opened(row)
    if (clear) update.run(vault.seal(clear, sealedFor(kind, id)), kind, id)
  }

  return {
    counts: () =>
      new Map(
        count
          .all()
          .map(row => Counted.parse(row))
          .map(({ sample, rows }) => [vault.keyOf(sample), rows]),
      ),
    reseal(cursor) {
      const [kind = '', id = ''] = cursor.split('/')
      const rows = after.all(kind, id).map(row => Row.parse(row))
      const last = rows.at(-1)
      if (!last) {
        emptyLog(database)
        return undefined
      }
      inTransaction(database, () => rows.forEach(sealAnew))
      return `${last.kind}/${last.id}`
    },
  }
}
