/** Out of bed at night, and not back. A pad that falls silent does not stop the clock. */
import { z } from 'zod'
import type { WatchContext } from '../model/detection.ts'
import type { Instant } from '../model/ids.ts'
import type { ThresholdName } from '../model/thresholds.ts'
import { evidenceOf } from './evidence.ts'
import { isWithin, minuteMs } from './local-window.ts'
import { nothingHolds, type Rule, SavedEvidence } from './rule.ts'
import { inBedOf } from './signs.ts'

const Memory = z
  .object({ inBed: z.boolean().exactOptional(), exit: SavedEvidence.exactOptional() })
  .readonly()
type Memory = z.infer<typeof Memory>

const isNight = ({ thresholds, localTime }: WatchContext, at: Instant): boolean =>
  isWithin({ from: thresholds['bedExit.from'], to: thresholds['bedExit.to'] }, localTime(at).minuteOfDay)

export const bedExit: Rule<Memory> = {
  name: 'bed-exit',
  on: 'bedExit.on',
  start: {},
  schema: Memory,

  observe(memory, fact) {
    const inBed = inBedOf(fact)
    if (inBed === undefined || inBed === memory.inBed) return memory
    // Also where it is the first that is heard of the bed: nobody knows for how long it has been empty.
    return inBed ? { inBed } : { inBed, exit: evidenceOf(fact, 'bed-exit') }
  },

  judge({ exit }, now, context) {
    if (!exit || !isNight(context, exit.at)) return nothingHolds
    /** The finding lies in the night as well, or there is none. */
    const reachedAt = (after: ThresholdName): Instant => {
      const at = exit.at + context.thresholds[after] * minuteMs
      return isNight(context, at) ? at : Infinity
    }
    const mediumAt = reachedAt('bedExit.mediumAfter')
    const highAt = reachedAt('bedExit.highAfter')
    const wakeAt = now < mediumAt ? Math.min(mediumAt, highAt) : highAt
    const holding = { since: exit.at, evidence: [exit] } as const
    if (now >= highAt) return { holds: { level: 'high', ...holding } }
    return now >= mediumAt ? { wakeAt, holds: { level: 'medium', ...holding } } : { wakeAt }
  },
}
