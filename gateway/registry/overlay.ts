/** What a registry would hold: changes over a look-up index that stays as it is. */
import { createLookup, type Lookup } from './lookup.ts'
import type { Change } from './store.ts'

/** As much of the index as an import asks. */
export type Asked = Pick<Lookup, 'has' | 'get' | 'sealOf' | 'parentOf'>

export const createOverlay = (beneath: Asked): Asked & { put(change: Change): void } => {
  const over = createLookup()
  return {
    has: (table, id) => over.has(table, id) || beneath.has(table, id),
    get: (table, id) => over.get(table, id) ?? beneath.get(table, id),
    sealOf: (table, id) => (over.has(table, id) ? over : beneath).sealOf(table, id),
    parentOf: area => (over.has('areas', area) ? over : beneath).parentOf(area),
    put: over.put,
  }
}
