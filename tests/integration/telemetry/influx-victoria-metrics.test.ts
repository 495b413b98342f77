/** The write address of InfluxDB 2 and 3, taken by a server that shares no code with InfluxDB. */
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startForwarder } from '../../../gateway/telemetry/forward/forwarder.ts'
import { eventually } from '../../support/eventually.ts'
import { withTemporaryDirectory } from '../../support/temporary-directory.ts'
import { prepareVictoriaMetrics } from '../../support/victoria-metrics.ts'
import { night, writeDays } from './forward-day-files.ts'
import { createLog } from './forward-log.ts'

test.each(['2', '3', undefined] as const)(
  'VictoriaMetrics has every point by the write address of version %s',
  version =>
    withTemporaryDirectory(async parent => {
      const server = await prepareVictoriaMetrics(parent)
      const directory = join(parent, 'telemetry')
      const samples = night('pad-1', 3_000)
      writeDays(directory, [...samples, ...night('pad-2', 20)])
      await server.start()
      const log = createLog()
      const forwarder = startForwarder({
        directory,
        influx: { url: server.url, bucket: 'telemetry', org: 'home', token: 'secret', version },
        log,
        limits: { batchSamples: 500, pollMs: 20 },
      })
      try {
        await eventually('all forwarded', () => forwarder.figures().forwarded === 3_020 || undefined)
        const points = await server.points('sensor_heartRate')
        expect([...points.keys()].sort()).toEqual(['pad-1', 'pad-2'])
        expect(points.get('pad-1')).toEqual(samples.map(({ at, readings }) => [at, readings['heartRate']]))
        expect(log.lines).toEqual([])
      } finally {
        await forwarder.close()
        await server.kill()
      }
    }),
)
