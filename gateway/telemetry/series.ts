/** What one device measured, by buckets of time, out of as many day files as the time covers. */
import { setImmediate as breathe } from 'node:timers/promises'
import type { Instant } from '../model/ids.ts'
import { isMetric } from '../model/measurement.ts'
import type { SeriesPoint, SeriesQuery } from '../model/telemetry.ts'
import type { DayFiles } from './day-files.ts'
import { dayOf } from './schema.ts'

/** A series as columns, one entry a point: as JSON, numbers alone are read in a third of the time that objects take. */
export type Columns = {
  readonly at: number[]
  readonly min: number[]
  readonly sum: number[]
  readonly max: number[]
  readonly count: number[]
}

export const pointsOf = ({ at, min, sum, max, count }: Columns): readonly SeriesPoint[] =>
  at.map((start, index) => {
    const samples = count[index] ?? 0
    return {
      at: start,
      min: min[index] ?? 0,
      mean: (sum[index] ?? 0) / samples,
      max: max[index] ?? 0,
      count: samples,
    }
  })

/**
 * Two arrays, of times and of values, as one text: several times cheaper than a row for each, and than sorting in SQL
 * what the primary key has in order already. The name of a metric becomes SQL only when it is one of ours.
 */
const readings = (metric: string): string => {
  // A file made before a metric was known has its older values in `more`.
  const value = isMetric(metric) ? `COALESCE("${metric}", more ->> ?1)` : 'more ->> ?1'
  return `SELECT json_array(json_group_array(at), json_group_array(value)) AS json
    FROM (SELECT at, ${value} AS value FROM samples WHERE device = ?2 AND at >= ?3 AND at < ?4 ORDER BY at)
    WHERE value IS NOT NULL`
}

const isReadings = (value: unknown): value is readonly [readonly Instant[], readonly number[]] =>
  Array.isArray(value)

const readDay = (files: DayFiles, day: number, { device, metric, from, to }: SeriesQuery) => {
  const row = files.open(day).prepare(readings(metric)).get(metric, device, from, to)
  const read: unknown = JSON.parse(String(row?.['json']))
  return isReadings(read) ? read : ([[], []] as const)
}

/** Takes readings in the order of their time: each is of the last point, or begins the next. */
const add = ({ at, min, sum, max, count }: Columns, start: Instant, value: number): void => {
  const last = at.length - 1
  if (at[last] === start) {
    min[last] = Math.min(min[last] ?? value, value)
    max[last] = Math.max(max[last] ?? value, value)
    sum[last] = (sum[last] ?? 0) + value
    count[last] = (count[last] ?? 0) + 1
    return
  }
  at.push(start)
  min.push(value)
  sum.push(value)
  max.push(value)
  count.push(1)
}

/** Oldest first. Commits go on between two files. */
export const readSeries = async (files: DayFiles, query: SeriesQuery): Promise<Columns> => {
  const { from, to, everyMs } = query
  const columns: Columns = { at: [], min: [], sum: [], max: [], count: [] }
  for (const day of files.days()) {
    // It may have been let go of meanwhile.
    if (day < dayOf(from) || day > dayOf(to) || !files.has(day)) continue
    const [times, values] = readDay(files, day, query)
    times.forEach((at, index) => add(columns, at - (at % everyMs), values[index] ?? 0))
    await breathe()
  }
  return columns
}
