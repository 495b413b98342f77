/** The facts behind a finding: the first ones and the latest. */
import type { Evidence, Fact } from '../model/detection.ts'
import { judgedMetrics } from './packed-facts.ts'

const first = 10
const latest = 10

/** Readings of a kind that is judged; the rest has no part in a finding. */
export const evidenceOf = (fact: Fact, what: string): Evidence => {
  const { at, device } = fact
  if (fact.what !== 'readings') return { at, device, what }
  const readings: { [metric: string]: number } = {}
  for (const metric of judgedMetrics) {
    const value = fact.readings[metric]
    if (value !== undefined) readings[metric] = value
  }
  return { at, device, what, readings }
}

/** At most 20: of those in the middle, the oldest goes. */
export const gathered = (evidence: readonly Evidence[], one: Evidence): readonly Evidence[] =>
  evidence.length < first + latest
    ? [...evidence, one]
    : [...evidence.slice(0, first), ...evidence.slice(first + 1), one]
