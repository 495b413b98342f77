/** Answers questions about the past from an InfluxDB, by InfluxQL, which versions 1, 2 and 3 all speak. */
import { z } from 'zod'
import type { SeriesPoint, SeriesQuery, TelemetryReader } from '../../model/telemetry.ts'
import { fieldOf, measurement } from './point.ts'
import { authorizationOf, type InfluxTarget } from './target.ts'

const identifier = (name: string): string => `"${name.replaceAll(/["\\]/g, '\\$&')}"`
const literal = (text: string): string => `'${text.replaceAll(/['\\]/g, '\\$&')}'`

/** Without `fill(none)` InfluxDB would answer a gap as nulls. */
const statementOf = ({ device, metric, from, to, everyMs }: SeriesQuery): string => {
  const field = identifier(fieldOf(metric))
  return `SELECT min(${field}), mean(${field}), max(${field}), count(${field}) FROM ${identifier(measurement)}
    WHERE "device" = ${literal(device)} AND time >= ${from}ms AND time < ${to}ms
    GROUP BY time(${everyMs}ms) fill(none)`
}

const Row = z.tuple([z.number(), z.number(), z.number(), z.number(), z.number()])

/** https://docs.influxdata.com/influxdb/v1/guides/query_data: one statement, one result. */
const Answer = z.object({
  error: z.string().optional(),
  results: z
    .tuple([
      z.object({
        error: z.string().optional(),
        series: z
          .tuple([z.object({ values: z.array(Row), partial: z.literal(false).optional() })])
          .optional(),
      }),
    ])
    .optional(),
})

const maxQuotedLength = 300

/** Rejects when InfluxDB refuses, is away, takes longer than `timeoutMs`, or answers in another shape. */
export const createInfluxReader = (
  target: InfluxTarget & { readonly timeoutMs: number },
): TelemetryReader => ({
  async query(query: SeriesQuery): Promise<readonly SeriesPoint[]> {
    const url = new URL(`${target.url.replace(/\/+$/, '')}/query`)
    url.search = new URLSearchParams({
      db: target.bucket,
      epoch: 'ms',
      q: statementOf(query),
    }).toString()
    const response = await fetch(url, {
      headers: { accept: 'application/json', ...authorizationOf(target) },
      signal: AbortSignal.timeout(target.timeoutMs),
    })
    const text = await response.text()
    const refuse = (why: string): never => {
      throw new Error(`InfluxDB answered ${response.status}, ${why}: ${text.slice(0, maxQuotedLength)}`)
    }
    if (!response.ok) return refuse('which is a refusal')
    let json: unknown
    try {
      json = JSON.parse(text)
    } catch {
      return refuse('which is not JSON')
    }
    const answer = Answer.safeParse(json)
    const result = answer.data?.results?.[0]
    if (!result || answer.data?.error !== undefined || result.error !== undefined)
      return refuse('which is not a series')
    const rows = result.series?.[0].values ?? []
    return rows.map(([at, min, mean, max, count]) => ({ at, min, mean, max, count }))
  },
})
