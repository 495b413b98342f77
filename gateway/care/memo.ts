/** Remembers the figures that count, because every fact asks for them. */
import type { PresetLevel } from '../model/care.ts'
import type { ResidentId } from '../model/ids.ts'
import type { Thresholds } from '../model/thresholds.ts'
import { effective, type Layers } from './effective.ts'

export interface Memo {
  /** Of all who have none of their own: one object serves them. */
  ofLevel(level: PresetLevel | undefined): Thresholds
  ofResident(resident: ResidentId, level: PresetLevel | undefined): Thresholds
  /** After a change: what it touches is not worth finding out, for people change figures rarely. */
  forget(): void
}

/** Holds one entry a level and one for each resident with own figures. */
export const createMemo = (
  ofPreset: (level: PresetLevel | undefined) => Layers,
  ofResident: (resident: ResidentId) => Layers,
): Memo => {
  const levels = new Map<PresetLevel | undefined, Thresholds>()
  const residents = new Map<ResidentId, { readonly level: PresetLevel | undefined; figures: Thresholds }>()
  return {
    ofLevel(level) {
      const figures = levels.get(level) ?? effective(ofPreset(level))
      levels.set(level, figures)
      return figures
    },
    ofResident(resident, level) {
      const known = residents.get(resident)
      // The registry may have another level since.
      if (known && known.level === level) return known.figures
      const figures = effective(ofResident(resident))
      residents.set(resident, { level, figures })
      return figures
    },
    forget() {
      levels.clear()
      residents.clear()
    },
  }
}
