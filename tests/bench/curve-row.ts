/** A month of one resident's heart rate, at one point a minute, as the review page asks for it. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { dayFile, dayOf, openDayFile, startOf } from '../../gateway/telemetry/schema.ts'
import { importRegistry, logIn } from '../support/api-client.ts'
import { startGateway } from '../support/gateway-process.ts'
import { layOutTown } from '../support/load-town.ts'
import { withTemporaryDirectory } from '../support/temporary-directory.ts'
import { withPads } from './pad-load.ts'
import { type Percentiles, percentiles } from './percentiles.ts'

export type Curve = {
  readonly days: number
  readonly otherDevices: number
  readonly points: number
  readonly firstMs: number
  readonly again: Percentiles
}

const repeats = 20
const minutesOfDay = 1_440

/** In the order in which they would have come, so that a device's rows lie as far apart as they would. */
const fillDay = (path: string, start: number, devices: readonly string[]): void => {
  const day = openDayFile(path)
  day.exec('BEGIN')
  day
    .prepare(
      `INSERT INTO samples (device, at, seq, heartRate, respirationRate, inBed, movement, quality)
       WITH RECURSIVE minutes(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM minutes WHERE n < ?3 - 1)
       SELECT device.value, ?2 + 60000 * n, ?2 + n, 55 + (n * 7 + device.key) % 15, 12 + n % 5, 1, n % 7, 90
       FROM minutes CROSS JOIN json_each(?1) AS device`,
    )
    .run(JSON.stringify(devices), start, minutesOfDay)
  day.exec('COMMIT')
  day.close()
}

const Series = z.object({ series: z.array(z.object({ min: z.number() })) })

export const measureCurve = (days: number, otherDevices: number): Promise<Curve> =>
  withTemporaryDirectory(async directory => {
    const { town, pads } = withPads(layOutTown(1, 1), 0)
    const [pad] = pads
    if (!pad) throw new RangeError('no pad')
    const telemetry = join(directory, 'telemetry')
    mkdirSync(telemetry, { recursive: true })
    const today = dayOf(Date.now())
    const devices = [pad.id, ...Array.from({ length: otherDevices }, (_, n) => `other-${n}`)]
    for (let day = today - days; day < today; day++) fillDay(dayFile(telemetry, day), startOf(day), devices)

    const gateway = await startGateway({ directory })
    try {
      const api = await logIn(gateway.httpUrl)
      await importRegistry(api, town.document)
      const [from, to] = [today - days, today].map(day => new Date(startOf(day)).toISOString())
      const path = `/api/telemetry?device=${pad.id}&metric=heartRate&from=${from}&to=${to}&every=1m`
      let points = 0
      const ask = async (): Promise<number> => {
        const startedAt = performance.now()
        const { body } = await api.get(path)
        const tookMs = performance.now() - startedAt
        points = Series.parse(body).series.length
        return tookMs
      }
      const firstMs = await ask()
      const again: number[] = []
      for (let n = 0; n < repeats; n++) again.push(await ask())
      return { days, otherDevices, points, firstMs, again: percentiles(again) }
    } finally {
      await gateway.stop()
    }
  })
