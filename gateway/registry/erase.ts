/** Takes everything personal out of a resident's record. Alarms and the journal go on referring to the id. */
import type { Registry } from '../model/registry.ts'
import type { Lookup } from './lookup.ts'
import type { Change, Store } from './store.ts'

type ErasurePorts = {
  readonly lookup: Lookup
  readonly store: Pick<Store, 'scrub'>
  readonly commit: (changes: readonly Change[]) => void
}

const erasedName = '已删除'

export const createErase =
  ({ lookup, store, commit }: ErasurePorts): Registry['erase'] =>
  (resident, at) => {
    const before = lookup.get('residents', resident)
    if (!before) return { refused: 'not-found', detail: `there is no resident ${resident}` }
    const { id, home, leftAt, erasedAt = new Date(at).toISOString() } = before
    const left = leftAt === undefined ? {} : { leftAt }
    const record = { id, home, name: erasedName, contacts: [], ...left, erasedAt }
    try {
      commit([{ table: 'residents', record, sealed: undefined }])
      store.scrub()
      return undefined
    } catch (error) {
      return { refused: 'journal-unavailable', detail: `the registry was not written: ${String(error)}` }
    }
  }
