/**
 * A vital sign that stays outside its band. A run begins at a sample within reach of the threshold, goes on while the
 * value has not left it by the hysteresis, and raises only at a sample that is itself beyond. Measured, not guessed:
 * a sample of poor quality, or of an empty bed, says nothing.
 */
import { z } from 'zod'
import type { Fact, RuleName, WatchContext } from '../model/detection.ts'
import type { Instant } from '../model/ids.ts'
import type { Metric } from '../model/measurement.ts'
import type { ThresholdName, Thresholds } from '../model/thresholds.ts'
import { evidenceOf, gathered } from './evidence.ts'
import { type Holding, Moment, nothingHolds, type Rule, SavedEvidence } from './rule.ts'
import { inBedOf } from './signs.ts'

/** A pause of more than so many sampling intervals makes a run begin anew. */
const gapIntervals = 3
/** What a sensor's interval is taken for before it is known, and at least: radio and lines delay by seconds. */
const firstIntervalMs = 20_000
const leastIntervalMs = 5_000
/** One interval is believed up to so many times the usual, and moves the usual by this part. */
const believedTimes = 4
const learning = 0.25

const Run = z
  .object({
    since: Moment,
    /** It has lasted long enough: it stands until the value has left. */
    stands: z.boolean(),
    evidence: z.array(SavedEvidence).readonly(),
  })
  .readonly()
type Run = z.infer<typeof Run>
const Memory = z
  .object({
    inBed: z.boolean().exactOptional(),
    /** Of the last sample that counted. */
    at: Moment.exactOptional(),
    intervalMs: z.number(),
    medium: Run.exactOptional(),
    high: Run.exactOptional(),
  })
  .readonly()
type Memory = z.infer<typeof Memory>

export type Band = { readonly at: (thresholds: Thresholds) => number; readonly after: ThresholdName }
export type VitalSign = {
  readonly name: RuleName
  readonly on: ThresholdName
  readonly metric: Metric
  /** Which side of the thresholds is alarming. */
  readonly side: 'low' | 'high'
  readonly hysteresis: (thresholds: Thresholds) => number
  readonly medium?: Band
  readonly high: Band
  /** No pause longer than this is bridged, however seldom the sensor speaks. */
  readonly longestGap?: ThresholdName
  /** Whoever has left the bed is well in this respect. */
  readonly endsOutOfBed?: true
}

type Sample = { readonly fact: Fact; readonly value: number; readonly isAfterGap: boolean }

/** How far beyond the threshold, which itself counts as beyond. */
const excessOf = (side: VitalSign['side'], value: number, threshold: number): number =>
  side === 'low' ? threshold - value : value - threshold

const isBeyond = ({ side, medium, high }: VitalSign, value: number, { thresholds }: WatchContext): boolean =>
  excessOf(side, value, high.at(thresholds)) >= 0 ||
  (medium !== undefined && excessOf(side, value, medium.at(thresholds)) >= 0)

const interrupted = (run: Run | undefined): Run | undefined => (run?.stands ? run : undefined)

const runAfter = (
  sign: VitalSign,
  { run, band }: { readonly run: Run | undefined; readonly band: Band },
  { fact, value, isAfterGap }: Sample,
  { thresholds }: WatchContext,
): Run | undefined => {
  const excess = excessOf(sign.side, value, band.at(thresholds))
  if (excess < -sign.hysteresis(thresholds)) return undefined
  const going = isAfterGap ? interrupted(run) : run
  if (!going && excess < 0) return undefined
  const since = going?.since ?? fact.at
  const isLongEnough = excess >= 0 && fact.at - since >= thresholds[band.after] * 1_000
  return {
    since,
    stands: going?.stands === true || isLongEnough,
    evidence: gathered(going?.evidence ?? [], evidenceOf(fact, sign.metric)),
  }
}

/** Undefined: no sample, or one that does not count. Zero is what a sensor says of an empty bed, too. */
const countedValue = (sign: VitalSign, fact: Fact, inBed: boolean | undefined, context: WatchContext) => {
  if (fact.what !== 'readings' || inBed === false) return undefined
  const value = fact.readings[sign.metric]
  if (value === undefined || (value === 0 && inBed !== true)) return undefined
  const quality = fact.readings['quality']
  return quality !== undefined && quality < context.thresholds['quality.least'] ? undefined : value
}

const isGap = (sign: VitalSign, memory: Memory, at: Instant, { thresholds }: WatchContext): boolean => {
  if (memory.at === undefined) return false
  const bridgedMs = gapIntervals * Math.max(memory.intervalMs, leastIntervalMs)
  const longestMs = sign.longestGap ? thresholds[sign.longestGap] * 1_000 : bridgedMs
  return at - memory.at > Math.min(bridgedMs, longestMs)
}

const learned = ({ at: last, intervalMs }: Memory, at: Instant): number => {
  if (last === undefined) return intervalMs
  const believedMs = Math.min(at - last, believedTimes * Math.max(intervalMs, leastIntervalMs))
  return Math.round(intervalMs + (believedMs - intervalMs) * learning)
}

const withRuns = (base: Omit<Memory, 'medium' | 'high'>, medium?: Run, high?: Run): Memory => ({
  ...base,
  ...(medium && { medium }),
  ...(high && { high }),
})

const outOfBed = (sign: VitalSign, { medium, high, ...rest }: Memory): Memory => {
  const base = { ...rest, inBed: false }
  return sign.endsOutOfBed ? withRuns(base) : withRuns(base, interrupted(medium), interrupted(high))
}

const observe = (sign: VitalSign, memory: Memory, fact: Fact, context: WatchContext): Memory => {
  const said = inBedOf(fact)
  if (said === false) return memory.inBed === false ? memory : outOfBed(sign, memory)
  const inBed = said ?? memory.inBed
  const value = countedValue(sign, fact, inBed, context)
  if (value === undefined) return inBed === memory.inBed ? memory : { ...memory, inBed: inBed === true }
  const isCalm = !memory.medium && !memory.high && !isBeyond(sign, value, context)
  // All there is to note then is the sensor's pace: of 10,000 samples a second, in few.
  if (isCalm && inBed === memory.inBed && fact.at - (memory.at ?? 0) < leastIntervalMs) return memory
  const sample = { fact, value, isAfterGap: isGap(sign, memory, fact.at, context) }
  const medium = sign.medium && runAfter(sign, { run: memory.medium, band: sign.medium }, sample, context)
  const high = runAfter(sign, { run: memory.high, band: sign.high }, sample, context)
  const known = { at: fact.at, intervalMs: learned(memory, fact.at) }
  return withRuns(inBed === undefined ? known : { ...known, inBed }, medium, high)
}

const holdingOf = (level: Holding['level'], run: Run | undefined): Holding | undefined => {
  const [first, ...rest] = run?.evidence ?? []
  return run?.stands && first ? { level, since: run.since, evidence: [first, ...rest] } : undefined
}

export const vitalBand = (sign: VitalSign): Rule<Memory> => ({
  name: sign.name,
  on: sign.on,
  start: { intervalMs: firstIntervalMs },
  schema: Memory,
  observe: (memory, fact, context) => observe(sign, memory, fact, context),
  judge({ medium, high }) {
    const holds = holdingOf('high', high) ?? holdingOf('medium', medium)
    return holds ? { holds } : nothingHolds
  },
})
