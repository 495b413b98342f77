/**
 * The nearest-rank percentile: the smallest value such that at least `percent` % of all are not greater. It is always one
 * of the values, so that whoever checks a report finds it in the journal. `null`: there are none.
 */
export const percentile = (values: readonly number[], percent: number): number | null => {
  const rank = Math.max(1, Math.ceil((percent * values.length) / 100))
  return Float64Array.from(values).toSorted()[rank - 1] ?? null
}
