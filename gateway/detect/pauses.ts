/** Times that prove nothing: the gateway was not listening, or nobody was at home. */
import type { Instant } from '../model/ids.ts'
import type { Pause } from './rule.ts'

/** More than any rule looks back on in practice; of more, the oldest goes, and its time counts. */
const maxPauses = 16

/** Pauses that touch are one. */
export const withPause = (pauses: readonly Pause[], from: Instant, to: Instant): readonly Pause[] => {
  if (to <= from) return pauses
  const last = pauses.at(-1)
  const merged =
    last && from <= last.to
      ? [...pauses.slice(0, -1), { from: last.from, to: Math.max(last.to, to) }]
      : [...pauses, { from, to }]
  return merged.slice(-maxPauses)
}

/** What is left of a time. */
export const withoutPauses = (from: Instant, to: Instant, pauses: readonly Pause[]): readonly Pause[] => {
  const left: Pause[] = []
  let at = from
  for (const pause of pauses) {
    if (pause.to <= at || pause.from >= to) continue
    if (pause.from > at) left.push({ from: at, to: pause.from })
    at = pause.to
  }
  if (at < to) left.push({ from: at, to })
  return left
}
