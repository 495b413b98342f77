/** What a sorted list of latencies says: exact, not estimated. */
export type Percentiles = {
  readonly count: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly maxMs: number
}

/** Of an empty list every figure is NaN. Nearest rank: the smallest value that at least `p` of all do not exceed. */
export const percentiles = (millis: Iterable<number>): Percentiles => {
  const sorted = Float64Array.from(millis).sort()
  const at = (p: number): number => sorted[Math.max(0, Math.ceil(sorted.length * p) - 1)] ?? Number.NaN
  return { count: sorted.length, p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1) }
}
