/** A battery to be changed: low several times in a row, for a cold one recovers. */
import { z } from 'zod'
import type { Evidence, Fact } from '../model/detection.ts'
import { evidenceOf, gathered } from './evidence.ts'
import { nothingHolds, type Rule, SavedEvidence } from './rule.ts'

/** Percent above the threshold, at which a new battery is believed. */
const hysteresisPercent = 5

const Memory = z
  .object({
    /** How often it was low in a row. */
    times: z.number(),
    evidence: z.array(SavedEvidence).readonly(),
  })
  .readonly()
type Memory = z.infer<typeof Memory>

const fresh: Memory = { times: 0, evidence: [] }

type Battery = { readonly percent: number | undefined; readonly isLow: boolean | undefined }

const batteryOf = (fact: Fact): Battery | undefined => {
  if (fact.what === 'readings') {
    const percent = fact.readings['batteryPercent']
    return percent === undefined ? undefined : { percent, isLow: undefined }
  }
  if (fact.what !== 'status') return undefined
  const { batteryPercent: percent, batteryLow: isLow } = fact.status
  return percent === undefined && isLow === undefined ? undefined : { percent, isLow }
}

const withCharge = (fact: Fact, percent: number | undefined): Evidence => ({
  ...evidenceOf(fact, 'battery'),
  ...(percent !== undefined && { readings: { batteryPercent: percent } }),
})

export const batteryLow: Rule<Memory> = {
  name: 'battery-low',
  start: fresh,
  schema: Memory,

  observe(memory, fact, { thresholds }) {
    const battery = batteryOf(fact)
    if (!battery) return memory
    const { percent, isLow } = battery
    const lowAt = thresholds['battery.lowAt']
    if (isLow === true || (percent !== undefined && percent <= lowAt))
      return { times: memory.times + 1, evidence: gathered(memory.evidence, withCharge(fact, percent)) }
    const isWell = isLow === false || (percent ?? 0) > lowAt + hysteresisPercent
    const isRaised = memory.times >= thresholds['battery.times']
    if (isRaised && !isWell) return memory
    return memory.times === 0 ? memory : fresh
  },

  judge({ times, evidence: [first, ...rest] }, _now, { thresholds }) {
    const isRaised = first && times >= thresholds['battery.times']
    return isRaised ? { holds: { level: 'low', since: first.at, evidence: [first, ...rest] } } : nothingHolds
  },
}
