import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DeviceId } from '../../../gateway/model/ids.ts'
import type { SeriesPoint, SeriesQuery, TelemetryReader } from '../../../gateway/model/telemetry.ts'
import { createCombinedReader } from '../../../gateway/telemetry/combined-reader.ts'

type Reading = { readonly at: number; readonly value: number }

/** The meaning of a query, computed from the readings themselves. */
const seriesOf = (readings: readonly Reading[], { from, to, everyMs }: SeriesQuery): readonly SeriesPoint[] =>
  [
    ...Map.groupBy(
      readings.filter(({ at }) => at >= from && at < to),
      ({ at }) => Math.floor(at / everyMs) * everyMs,
    ),
  ]
    .map(([at, within]) => {
      const values = within.map(({ value }) => value)
      return {
        at,
        min: Math.min(...values),
        mean: values.reduce((sum, value) => sum + value, 0) / values.length,
        max: Math.max(...values),
        count: values.length,
      }
    })
    .sort((a, b) => a.at - b.at)

const over = (readings: readonly Reading[]): TelemetryReader => ({
  query: query => Promise.resolve(seriesOf(readings, query)),
})

const broken: TelemetryReader = { query: () => Promise.reject(new Error('InfluxDB answered 503')) }
const quiet = { warn: () => undefined }
const query: SeriesQuery = {
  device: DeviceId.parse('pad-1'),
  metric: 'heartRate',
  from: 0,
  to: 100,
  everyMs: 10,
}
const readings = Array.from({ length: 100 }, (_, at) => ({ at, value: at }))

test('wherever the seam is, the answer is that of all readings in one place', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ at: fc.nat(1_000), value: fc.integer({ min: 20, max: 200 }) })),
      fc.option(fc.nat(1_200), { nil: undefined }),
      fc.record({
        from: fc.nat(1_000),
        to: fc.nat(1_200),
        everyMs: fc.integer({ min: 1, max: 300 }),
      }),
      async (all, oldest, range) => {
        const asked = { ...query, ...range }
        // The local store has let go of what is older; InfluxDB has everything.
        const local = { ...over(all.filter(({ at }) => at >= (oldest ?? Infinity))), oldest: () => oldest }
        const answer = await createCombinedReader({ local, influx: over(all), log: quiet }).query(asked)
        const whole = seriesOf(all, asked)
        expect(answer.map(({ mean, ...rest }) => ({ ...rest, mean: mean.toFixed(9) }))).toEqual(
          whole.map(({ mean, ...rest }) => ({ ...rest, mean: mean.toFixed(9) })),
        )
      },
    ),
  ))

test('a failing InfluxDB costs the older part only, and is logged', async () => {
  const lines: object[] = []
  const local = { ...over(readings), oldest: () => 45 }
  const reader = createCombinedReader({ local, influx: broken, log: { warn: facts => lines.push(facts) } })
  expect(await reader.query(query)).toEqual(seriesOf(readings, { ...query, from: 45 }))
  expect(lines).toEqual([{ reason: 'InfluxDB answered 503', device: 'pad-1' }])
})

test('InfluxDB is not asked for what the local store has, nor the local store for what it has not', async () => {
  const young = createCombinedReader({
    local: { ...over(readings), oldest: () => 0 },
    influx: broken,
    log: quiet,
  })
  expect(await young.query(query)).toEqual(seriesOf(readings, query))
  const empty = { ...broken, oldest: () => undefined }
  const old = createCombinedReader({ local: empty, influx: over(readings), log: quiet })
  expect(await old.query(query)).toEqual(seriesOf(readings, query))
})

test('without an InfluxDB the local store answers alone', async () => {
  const local = { ...over(readings), oldest: () => 45 }
  const reader = createCombinedReader({ local, influx: undefined, log: quiet })
  expect(await reader.query(query)).toEqual(seriesOf(readings, query))
})

test('a failing local store fails the answer: a gap that is none would be a lie', async () => {
  const local = { ...broken, oldest: () => 45 }
  await expect(
    createCombinedReader({ local, influx: over(readings), log: quiet }).query(query),
  ).rejects.toThrow()
})
