/** A button that nobody has pressed for a week, not even to test it (JGJ/T 484 10.3.1): for the technician's list. */
import { z } from 'zod'
import { evidenceOf } from './evidence.ts'
import { dayMs } from './local-window.ts'
import { nothingHolds, type Rule, SavedEvidence } from './rule.ts'
import { isPress } from './signs.ts'

/** The last press, or the first that was heard of the device. */
const Memory = z.object({ from: SavedEvidence.exactOptional() }).readonly()
type Memory = z.infer<typeof Memory>

export const weeklyTest: Rule<Memory> = {
  name: 'weekly-test',
  start: {},
  schema: Memory,

  observe(memory, fact) {
    if (isPress(fact)) return { from: evidenceOf(fact, 'press') }
    return memory.from ? memory : { from: evidenceOf(fact, 'first-heard') }
  },

  judge({ from }, now, { thresholds, sensor }) {
    if (!from || !sensor(from.device).model.button) return nothingHolds
    const wakeAt = from.at + thresholds['test.every'] * dayMs
    return now < wakeAt ? { wakeAt } : { holds: { level: 'low', since: from.at, evidence: [from] } }
  },
}
