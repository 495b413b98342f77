/** Remembers the figures that count, because every fact asks for them. */
import type { PresetLevel, ThresholdScope } from '../model/care.ts'
import type { ResidentId } from '../model/ids.ts'
import type { Thresholds } from '../model/thresholds.ts'
import { effective, type Layers } from './effective.ts'

export interface Memo {
  /** Of all who have none of their own: one object serves them. */
  ofLevel(level: PresetLevel | undefined): Thresholds
  ofResident(resident: ResidentId, level: PresetLevel | undefined): Thresholds
  /** What a change in this scope may touch. */
  forget(scope: ThresholdScope): void
}

/** Holds one entry a level and one for each resident with figures of their own. */
export const createMemo = (
  layersOf: (resident: ResidentId | undefined, level: PresetLevel | undefined) => Layers,
): Memo => {
  const levels = new Map<PresetLevel | undefined, Thresholds>()
  const residents = new Map<ResidentId, { readonly level: PresetLevel | undefined; figures: Thresholds }>()
  return {
    ofLevel(level) {
      const known = levels.get(level)
      if (known) return known
      const figures = effective(layersOf(undefined, level))
      levels.set(level, figures)
      return figures
    },
    ofResident(resident, level) {
      const known = residents.get(resident)
      // The registry may have another level since.
      if (known && known.level === level) return known.figures
      const figures = effective(layersOf(resident, level))
      residents.set(resident, { level, figures })
      return figures
    },
    forget(scope) {
      if ('resident' in scope) return void residents.delete(scope.resident)
      levels.clear()
      residents.clear()
    },
  }
}
