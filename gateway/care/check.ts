/** What is wrong with figures that somebody wants to set. */
import { nearestName } from '../kit/nearest-name.ts'
import {
  isThresholdName,
  type ThresholdName,
  type Thresholds,
  thresholdNames,
  thresholds,
} from '../model/thresholds.ts'

export type Mistake = { readonly name: string; readonly problem: string }

/** Nobody counts or tells the time in halves. */
const wholeUnits: ReadonlySet<string> = new Set(['yes/no', 'times', 'time of day', 'days', 'nights'])

/** Of one figure by itself. Undefined: it may stand. */
export const problemWith = (name: string, value: number | null): string | undefined => {
  if (!isThresholdName(name)) {
    const meant = nearestName(name, thresholdNames)
    return `is not a threshold${meant === undefined ? '' : `; did you mean ${meant}?`}`
  }
  if (value === null) return undefined
  const { min, max, unit } = thresholds[name]
  const whole = wholeUnits.has(unit)
  const fits = value >= min && value <= max && (Number.isInteger(value) || !whole)
  return fits ? undefined : `must be ${whole ? 'a whole number ' : ''}from ${min} to ${max} (${unit})`
}

type Pair = readonly [ThresholdName, keyof typeof relations, ThresholdName]

const relations = {
  'at most': (a: number, b: number) => a <= b,
  below: (a: number, b: number) => a < b,
  'other than': (a: number, b: number) => a !== b,
}

/** What must hold between two figures, or a rule would speak against itself, or never. */
const pairs: readonly Pair[] = [
  // Medium comes before high.
  ['heartRate.lowHighAt', 'at most', 'heartRate.lowMediumAt'],
  ['heartRate.highMediumAt', 'at most', 'heartRate.highHighAt'],
  ['respiration.highMediumAfter', 'at most', 'respiration.highHighAfter'],
  ['apnoea.mediumAfter', 'at most', 'apnoea.highAfter'],
  ['bedExit.mediumAfter', 'at most', 'bedExit.highAfter'],
  ['inactivity.mediumAfter', 'at most', 'inactivity.highAfter'],
  // No reading is too low and too high at once.
  ['heartRate.lowMediumAt', 'below', 'heartRate.highMediumAt'],
  ['respiration.lowAt', 'below', 'respiration.highAt'],
  // A night without a minute would turn its rule off unsaid.
  ['bedExit.from', 'other than', 'bedExit.to'],
  ['inactivity.nightFrom', 'other than', 'inactivity.nightTo'],
  ['doorAtNight.from', 'other than', 'doorAtNight.to'],
]

/**
 * Pairs that contradict each other and of which at least one figure is new. A pair that a change of level has brought
 * together must not stand in the way of other changes; until somebody mends it, its rule is at `high` first.
 */
export const contradictions = (
  figures: Thresholds,
  isNew: (name: ThresholdName) => boolean,
): readonly Mistake[] =>
  pairs
    .filter(([a, relation, b]) => (isNew(a) || isNew(b)) && !relations[relation](figures[a], figures[b]))
    .map(([a, relation, b]) => ({
      name: isNew(a) ? a : b,
      problem: `contradicts: ${a} (${figures[a]}) must be ${relation} ${b} (${figures[b]})`,
    }))
