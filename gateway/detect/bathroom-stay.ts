/** Somebody is in the bathroom for long, and nobody is seen elsewhere: the prompt first, then people. */
import { z } from 'zod'
import type { Fact, WatchContext } from '../model/detection.ts'
import { evidenceOf, gathered } from './evidence.ts'
import { minuteMs } from './local-window.ts'
import { Moment, nothingHolds, type Rule, SavedEvidence } from './rule.ts'
import { doorOpenOf, inBedOf, isMotion, presenceOf } from './signs.ts'

const Stay = z
  .object({
    /** The entry, or that all was well: the time runs from here. */
    since: Moment,
    evidence: z.array(SavedEvidence).readonly(),
  })
  .readonly()
const Memory = z.object({ stay: Stay.exactOptional() }).readonly()
type Memory = z.infer<typeof Memory>

type Sign = 'here' | 'left' | 'elsewhere'

/** A bathroom's own door says neither: it opens for whoever comes and goes. */
const signOf = (fact: Fact, { sensor }: WatchContext): Sign | undefined => {
  const presence = presenceOf(fact)
  const isSeen = presence === true || isMotion(fact)
  if (!isSeen && presence === undefined && doorOpenOf(fact) === undefined && inBedOf(fact) === undefined)
    return undefined
  if (sensor(fact.device).room === 'bathroom') {
    if (presence === false) return 'left'
    return isSeen ? 'here' : undefined
  }
  return isSeen || inBedOf(fact) === true || fact.what === 'activity' ? 'elsewhere' : undefined
}

export const bathroomStay: Rule<Memory> = {
  name: 'bathroom-stay',
  on: 'bathroom.on',
  start: {},
  schema: Memory,

  observe(memory, fact, context) {
    const { stay } = memory
    // Asked, the resident has answered that all is well: asked again after the same time.
    if (fact.what === 'cancel' && stay) return { stay: { ...stay, since: fact.at } }
    const sign = signOf(fact, context)
    if (sign === undefined) return memory
    if (sign !== 'here') return stay ? {} : memory
    const evidence = gathered(stay?.evidence ?? [], evidenceOf(fact, 'in-bathroom'))
    return { stay: { since: stay?.since ?? fact.at, evidence } }
  },

  judge({ stay }, now, { thresholds }) {
    const [first, ...rest] = stay?.evidence ?? []
    if (!stay || !first) return nothingHolds
    const answerMs = thresholds['bathroom.highAfter'] * minuteMs
    const promptAt = stay.since + thresholds['bathroom.promptAfter'] * minuteMs
    const highAt = promptAt + answerMs
    if (now < promptAt) return { wakeAt: promptAt }
    const holding = { since: stay.since, evidence: [first, ...rest] } as const
    return now < highAt
      ? { wakeAt: highAt, holds: { level: 'medium', ...holding, verificationMs: answerMs } }
      : { holds: { level: 'high', ...holding } }
  },
}
