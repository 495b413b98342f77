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
    const reached = (after: ThresholdName): Instant => exit.at + context.thresholds[after] * minuteMs
    const highAt = reached('bedExit.highAfter')
    const mediumAt = Math.min(highAt, reached('bedExit.mediumAfter'))
    const holding = { since: exit.at, evidence: [exit] } as const
    if (now >= highAt && isNight(context, highAt)) return { holds: { level: 'high', ...holding } }
    const wakeAt = now < mediumAt ? mediumAt : highAt
    if (now < mediumAt || !isNight(context, mediumAt)) return now < wakeAt ? { wakeAt } : nothingHolds
    return { holds: { level: 'medium', ...holding }, ...(now < wakeAt && { wakeAt }) }
  },
}
