/** The way of a night: into the local store, on to InfluxDB while it is written, and back from both as one curve. */
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import type { SeriesQuery } from '../../../gateway/model/telemetry.ts'
import { createCombinedReader } from '../../../gateway/telemetry/combined-reader.ts'
import { startForwarder } from '../../../gateway/telemetry/forward/forwarder.ts'
import { createInfluxReader } from '../../../gateway/telemetry/influx/influx-reader.ts'
import { openTelemetry } from '../../../gateway/telemetry/open.ts'
import { eventually } from '../../support/eventually.ts'
import { database, prepareInfluxd } from '../../support/influxd.ts'
import { withTemporaryDirectory } from '../../support/temporary-directory.ts'
import { createVirtualClock } from '../../support/virtual-clock.ts'
import { midnight, night } from './forward-day-files.ts'
import { createLog } from './forward-log.ts'

const samples = night('pad-1', 4_000)
const query: SeriesQuery = {
  device: samples[0]?.device ?? expect.fail('no samples'),
  metric: 'heartRate',
  from: midnight - 3_600_000,
  to: midnight + 3_600_000,
  // Of this width one point lies on both sides of midnight.
  everyMs: 7 * 60_000,
}
const limits = { retentionDays: 10_000, maxBytes: 1e9, minFreeBytes: 0 }

test('what the store writes is forwarded meanwhile, and a day that it lets go of comes back from InfluxDB', () =>
  withTemporaryDirectory(async parent => {
    const influxd = await prepareInfluxd(parent)
    await influxd.start()
    await influxd.ask(`CREATE DATABASE ${database}`)
    const directory = join(parent, 'telemetry')
    const log = createLog()
    const clock = createVirtualClock(midnight + 3_600_000)
    const open = () => openTelemetry({ directory, clock, log: pino({ level: 'silent' }), limits })
    const influx = { url: influxd.url, bucket: database, version: '1' } as const
    const { store } = await open()
    const forwarder = startForwarder({ directory, influx, log, limits: { batchSamples: 300, pollMs: 10 } })
    try {
      for (let from = 0; from < samples.length; from += 500) {
        const written = store.write(samples.slice(from, from + 500))
        await clock.pass(1_000)
        expect(await written).toBe(true)
      }
      await eventually('all forwarded', () => forwarder.figures().forwarded === samples.length || undefined)
      expect(forwarder.figures()).toEqual({ lag: 0, forwarded: samples.length, rejected: 0, lost: 0 })
      const whole = await store.query(query)
      expect(whole.reduce((sum, { count }) => sum + count, 0)).toBe(samples.length)
      await store.close()

      for (const name of readdirSync(directory))
        if (name.startsWith('2026-11-21')) rmSync(join(directory, name))
      const { store: rest } = await open()
      expect(await rest.query(query)).not.toEqual(whole)
      const reader = createInfluxReader({ ...influx, timeoutMs: 5_000 })
      const combined = await createCombinedReader({ local: rest, influx: reader, log }).query(query)
      const rounded = (points: typeof whole) =>
        points.map(point => ({ ...point, mean: point.mean.toFixed(9) }))
      expect(rounded(combined)).toEqual(rounded(whole))
      await rest.close()
    } finally {
      await forwarder.close()
      await influxd.kill()
    }
  }))
