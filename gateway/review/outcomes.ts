/** How alarms turned out: real, false, or neither. Pure. */
import { type Cause, causes } from '../model/alarm.ts'
import type { Outcomes } from '../model/review.ts'
import type { AlarmFacts } from './alarm-facts.ts'

/** Nobody needed anybody. `unclear` counts as neither, and a test says nothing of how good a device is. */
const falseCauses: ReadonlySet<Cause> = new Set<Cause>(['accidental', 'sensor-false', 'away', 'nuisance'])

/** Those that have ended and were no tests: what real and false are shares of. */
export const judged = (facts: readonly AlarmFacts[]): readonly AlarmFacts[] =>
  facts.filter(({ cause }) => cause !== undefined && cause !== 'test')

export const isFalse = ({ cause }: AlarmFacts): boolean => cause !== undefined && falseCauses.has(cause)
export const isReal = ({ cause }: AlarmFacts): boolean => cause === 'real'

export const outcomesOf = (facts: readonly AlarmFacts[]): Outcomes => {
  const counts: Record<Cause, number> = {
    real: 0,
    accidental: 0,
    'sensor-false': 0,
    test: 0,
    away: 0,
    nuisance: 0,
    unclear: 0,
  }
  for (const { cause } of facts) if (cause !== undefined) counts[cause] += 1
  const sumOf = (wanted: readonly Cause[]): number => wanted.reduce((sum, cause) => sum + counts[cause], 0)
  const closed = sumOf(causes)
  const numerator = sumOf([...falseCauses])
  const denominator = closed - counts.test
  return {
    closed,
    causes: counts,
    false: { numerator, denominator, share: denominator === 0 ? null : numerator / denominator },
  }
}

export type Group<Key> = { readonly key: Key; readonly facts: readonly AlarmFacts[] }

/** What has no key is in no group. */
export const groupsBy = <Key>(
  facts: readonly AlarmFacts[],
  keyOf: (one: AlarmFacts) => Key | undefined,
): readonly Group<Key>[] => {
  const groups = Map.groupBy(facts, keyOf)
  return [...groups].flatMap(([key, members]) => (key === undefined ? [] : [{ key, facts: members }]))
}
