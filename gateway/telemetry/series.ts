/** What one device measured, by buckets of time, out of as many day files as the time covers. */
import { setImmediate as breathe } from 'node:timers/promises'
import type { Instant } from '../model/ids.ts'
import { isMetric } from '../model/measurement.ts'
import type { SeriesPoint, SeriesQuery } from '../model/telemetry.ts'
import type { DayFiles } from './day-files.ts'
import { dayOf } from './schema.ts'

type Bucket = { min: number; sum: number; max: number; count: number }

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

const add = (buckets: Map<Instant, Bucket>, at: Instant, value: number): void => {
  const bucket = buckets.get(at)
  if (bucket === undefined) {
    buckets.set(at, { min: value, sum: value, max: value, count: 1 })
    return
  }
  bucket.min = Math.min(bucket.min, value)
  bucket.max = Math.max(bucket.max, value)
  bucket.sum += value
  bucket.count += 1
}

/** Oldest first. Commits go on between two files. */
export const readSeries = async (files: DayFiles, query: SeriesQuery): Promise<readonly SeriesPoint[]> => {
  const { from, to, everyMs } = query
  const buckets = new Map<Instant, Bucket>()
  for (const day of files.days()) {
    // It may have been let go of meanwhile.
    if (day < dayOf(from) || day > dayOf(to) || !files.has(day)) continue
    const [times, values] = readDay(files, day, query)
    for (const [index, at] of times.entries()) add(buckets, at - (at % everyMs), values[index] ?? 0)
    await breathe()
  }
  return [...buckets].map(([at, { min, sum, max, count }]) => ({ at, min, mean: sum / count, max, count }))
}
