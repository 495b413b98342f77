/** One record at a time: created, or changed by a merge patch of its fields. */
import type { Refusal } from '../model/errors.ts'
import type { RecordOf, Table } from '../model/records.ts'
import type { SeesRecord } from '../model/registry.ts'
import { type Known, type Problem, parentOf } from './check.ts'
import type { ImportPorts } from './import-rows.ts'
import type { Draft } from './settle.ts'

type Landed<T extends Table> = { record: RecordOf[T]; secret?: string }

export const createEditor = ({
  lookup,
  checkShape,
  settle,
  commit,
}: Pick<ImportPorts, 'lookup' | 'checkShape' | 'settle' | 'commit'>) => {
  /** What somebody does not see is not there, but for what the record has referred to before. */
  const knownTo = (sees: SeesRecord, before: object): Known => ({
    ...lookup,
    has(table, id) {
      const record = lookup.get(table, id)
      return record !== undefined && (sees(table, record) || Object.values(before).includes(id))
    },
  })

  /** Who does not see what an area lies in takes it out of there no more than into it: its calls are asked of that city. */
  const staysUnder = (
    record: RecordOf[Table],
    before: RecordOf[Table] | undefined,
    sees: SeesRecord,
  ): boolean => {
    const parent = before && parentOf(before)
    const around = parent === undefined ? undefined : lookup.get('areas', parent)
    return !around || parentOf(record) === parent || sees('areas', around)
  }

  const land = <T extends Table>(table: T, draft: Draft<T>, sees?: SeesRecord): Landed<T> | Refusal => {
    const before = lookup.get(table, draft.record.id)
    const settled = settle(table, draft, sees && knownTo(sees, before ?? {}))
    if (!settled.ok) return refusal(settled.problem)
    const { change, unchanged, newSecret } = settled.value
    if (sees && !(sees(table, change.record) && staysUnder(change.record, before, sees)))
      return { refused: 'not-allowed', detail: 'the record would lie outside of what you are bound to' }
    try {
      if (!unchanged) commit([change])
    } catch (error) {
      return { refused: 'journal-unavailable', detail: `the registry was not written: ${String(error)}` }
    }
    return { record: change.record, ...(newSecret !== undefined && { secret: newSecret }) }
  }

  return {
    async create<T extends Table>(
      table: T,
      record: unknown,
      sees?: SeesRecord,
    ): Promise<Landed<T> | Refusal> {
      const shaped = checkShape(table, record)
      if (!shaped.ok) return refusal(shaped.problem)
      const { id } = shaped.value.record
      if (lookup.has(table, id))
        return refusal({ field: 'id', code: 'duplicate-id', message: `${id} is there already` })
      return land(table, shaped.value, sees)
    },

    /** `null` removes a field, the secret too: then nobody can log in as this one. */
    async patch<T extends Table>(
      table: T,
      id: string,
      patch: unknown,
      sees?: SeesRecord,
    ): Promise<Landed<T> | Refusal> {
      const before = lookup.get(table, id)
      if (!before) return { refused: 'not-found', detail: `there is no ${id} in ${table}` }
      if (typeof patch !== 'object' || patch === null || Array.isArray(patch))
        return refusal({ field: null, code: 'invalid-record', message: 'a patch is an object' })
      const changes = Object.entries(patch).filter(([, value]) => value !== undefined)
      const removed = new Set(changes.filter(([, value]) => value === null).map(([field]) => field))
      const merged = [...Object.entries(before), ...changes].filter(([field]) => !removed.has(field))
      const shaped = checkShape(table, { id, ...Object.fromEntries(merged) })
      if (!shaped.ok) return refusal(shaped.problem)
      const { record, secret } = shaped.value
      if (record.id !== id)
        return refusal({ field: 'id', code: 'invalid-record', message: 'an id cannot change' })
      return land(table, { record, secret: removed.has('secret') ? null : secret }, sees)
    },
  }
}

const refusal = ({ code, field, message }: Omit<Problem, 'messageZh'>): Refusal => ({
  refused: code,
  detail: field === null ? message : `${field}: ${message}`,
  facts: { field },
})
