import fc from 'fast-check'
import { expect, it } from 'vitest'
import { DeviceId } from '../../../gateway/model/ids.ts'
import type { Sample, SeriesPoint, SeriesQuery } from '../../../gateway/model/telemetry.ts'
import { createDayFiles } from '../../../gateway/telemetry/day-files.ts'
import { pointsOf, readSeries } from '../../../gateway/telemetry/series.ts'
import { createSampleWriter } from '../../../gateway/telemetry/writing.ts'
import { withTemporaryDirectory } from '../../support/temporary-directory.ts'
import { dayMs, minuteMs, today } from './store-world.ts'

const midnight = today - (today % dayMs)

const bruteForce = (
  samples: readonly Sample[],
  { metric, from, to, everyMs }: SeriesQuery,
): SeriesPoint[] => {
  const latest = new Map<number, number>()
  for (const { at, readings } of samples) {
    const value = readings[metric]
    if (value !== undefined && at >= from && at < to) latest.set(at, value)
  }
  const inOrder = [...latest].sort(([a], [b]) => a - b)
  return [...Map.groupBy(inOrder, ([at]) => Math.floor(at / everyMs) * everyMs)].map(([at, found]) => {
    const values = found.map(([, value]) => value)
    const sum = values.reduce((total, value) => total + value, 0)
    const [min, max] = [Math.min(...values), Math.max(...values)]
    return { at, min, mean: sum / values.length, max, count: values.length }
  })
}

const time = fc.oneof(
  fc.integer({ min: midnight - 2 * dayMs, max: midnight + dayMs }),
  // Near each other, so that samples meet in one bucket, at one time, and on both sides of midnight.
  fc.integer({ min: midnight - 5, max: midnight + 5 }),
)
// Without a negative zero, which does not survive on disk.
const value = fc.double({ noNaN: true, min: -1e6, max: 1e6 }).map(number => number + 0)
const readings = fc.record({ heartRate: value, own: value }, { requiredKeys: [] })
const samples = fc.array(fc.record({ at: time, readings }), { maxLength: 60 })
const query = fc.record({
  metric: fc.constantFrom('heartRate', 'own'),
  from: time,
  to: time,
  everyMs: fc.constantFrom(1, 4, 1_000, 7 * minuteMs, 5 * 3_600_000, dayMs, 3 * dayMs),
})

it('buckets hold what a computation over all samples finds, whatever their width and order of arrival', () =>
  withTemporaryDirectory(async directory => {
    const files = createDayFiles(directory)
    const write = createSampleWriter(files)
    let devices = 0
    const isSame = async (
      batches: readonly (readonly Omit<Sample, 'device'>[])[],
      rest: Omit<SeriesQuery, 'device'>,
    ) => {
      devices += 1
      const device = DeviceId.parse(`pad-${devices}`)
      const written = batches.map(batch => batch.map(each => ({ ...each, device })))
      for (const batch of written) expect(write(batch, today).detail).toBeUndefined()
      const query = { ...rest, device }
      expect(pointsOf(await readSeries(files, query))).toEqual(bruteForce(written.flat(), query))
    }
    await fc.assert(fc.asyncProperty(fc.array(samples, { maxLength: 3 }), query, isSame), { numRuns: 300 })
    files.close()
  }))
