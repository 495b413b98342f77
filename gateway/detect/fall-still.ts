/** After a fall nobody moves: the long lie. It confirms the fall that the sensor has already called for. */
import { z } from 'zod'
import { evidenceOf } from './evidence.ts'
import { nothingHolds, type Rule, SavedEvidence } from './rule.ts'
import { inBedOf, isMotion, isMovement, isPress, presenceOf } from './signs.ts'

const Memory = z
  .object({
    fall: SavedEvidence.exactOptional(),
    inBed: z.boolean().exactOptional(),
    presence: z.boolean().exactOptional(),
  })
  .readonly()
type Memory = z.infer<typeof Memory>

const hasChanged = (before: boolean | undefined, after: boolean | undefined): boolean =>
  before !== undefined && after !== undefined && before !== after

export const fallStill: Rule<Memory> = {
  name: 'fall-still',
  endsSilently: true,
  start: {},
  schema: Memory,

  observe(memory, fact) {
    if (fact.what === 'trigger' && fact.trigger === 'fall')
      return { ...memory, fall: evidenceOf(fact, 'fall') }
    const inBed = inBedOf(fact) ?? memory.inBed
    const presence = presenceOf(fact) ?? memory.presence
    const isAlive =
      isMotion(fact) ||
      isMovement(fact) ||
      isPress(fact) ||
      hasChanged(memory.inBed, inBed) ||
      hasChanged(memory.presence, presence)
    const fall = isAlive ? undefined : memory.fall
    if (fall === memory.fall && inBed === memory.inBed && presence === memory.presence) return memory
    return {
      ...(fall && { fall }),
      ...(inBed !== undefined && { inBed }),
      ...(presence !== undefined && { presence }),
    }
  },

  judge({ fall }, now, { thresholds }) {
    if (!fall) return nothingHolds
    const wakeAt = fall.at + thresholds['fall.stillFor'] * 1_000
    return now < wakeAt ? { wakeAt } : { holds: { level: 'high', since: fall.at, evidence: [fall] } }
  },
}
