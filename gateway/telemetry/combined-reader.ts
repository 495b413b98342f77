/**
 * One answer from two places: what is older than the local store's oldest day comes from InfluxDB, the rest from the
 * local store. When InfluxDB fails, the local part comes nevertheless.
 */
import type { Instant } from '../model/ids.ts'
import type { SeriesPoint, SeriesQuery, TelemetryReader } from '../model/telemetry.ts'

export type CombinedSources = {
  readonly local: TelemetryReader & { oldest(): Instant | undefined }
  readonly influx: TelemetryReader | undefined
  readonly log: { warn(facts: object, message: string): void }
}

const merge = (a: SeriesPoint, b: SeriesPoint): SeriesPoint => {
  const count = a.count + b.count
  return {
    at: a.at,
    min: Math.min(a.min, b.min),
    mean: (a.mean * a.count + b.mean * b.count) / count,
    max: Math.max(a.max, b.max),
    count,
  }
}

/** A point that both have, because the seam lies within its width, becomes one. */
const join = (older: readonly SeriesPoint[], newer: readonly SeriesPoint[]): readonly SeriesPoint[] => {
  const last = older.at(-1)
  const [first] = newer
  if (!last || first?.at !== last.at) return [...older, ...newer]
  return [...older.slice(0, -1), merge(last, first), ...newer.slice(1)]
}

export const createCombinedReader = ({ local, influx, log }: CombinedSources): TelemetryReader => {
  if (!influx) return local

  const older = async (query: SeriesQuery): Promise<readonly SeriesPoint[]> => {
    if (query.from >= query.to) return []
    try {
      return await influx.query(query)
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      log.warn({ reason, device: query.device }, 'older telemetry cannot be read from InfluxDB')
      return []
    }
  }

  return {
    async query(query) {
      const seam = Math.min(local.oldest() ?? query.to, query.to)
      const newer = { ...query, from: Math.max(query.from, seam) }
      const parts = await Promise.all([
        older({ ...query, to: seam }),
        newer.from < newer.to ? local.query(newer) : [],
      ])
      return join(...parts)
    },
  }
}
