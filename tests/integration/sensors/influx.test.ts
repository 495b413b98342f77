/** InfluxDB gets its copy from the gateway process, whatever happens to it meanwhile; alarms never wait for it. */
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { readMetric } from '../../support/api-client.ts'
import { eventually } from '../../support/eventually.ts'
import { database, prepareInfluxd } from '../../support/influxd.ts'
import { type SensorTown, say, withSensorTown } from '../../support/sensor-town.ts'
import { withTemporaryDirectory } from '../../support/temporary-directory.ts'
import { listen } from '../telemetry/forward-scripted-server.ts'

const devices = [
  { id: 'pad-1', model: 'native/bed-pad', home: 'h-1' },
  { id: 'pad-2', model: 'native/bed-pad', home: 'h-1' },
  { id: 'btn-1', model: 'native/call-button', home: 'h-1' },
]
const setupFor = (url: string) => ({
  homes: 1,
  devices,
  settings: { telemetry: { influx: { url, bucket: database, version: '1' } } },
})

const samples = 200
const begin = Math.floor(Date.now() / 3_600_000) * 3_600_000 - 3_600_000

/** One each second, the first of them number `first`. */
const samplesFrom = (first: number) =>
  Array.from({ length: samples }, (_, n) => ({
    at: new Date(begin + (first + n) * 1_000).toISOString(),
    heartRate: 50 + ((first + n) % 30),
  }))

const lag = ({ gateway }: SensorTown): Promise<number> =>
  readMetric(gateway.httpUrl, 'anling_telemetry_forward_lag')

const lagIs = (town: SensorTown, what: string, is: (lag: number) => boolean): Promise<true> =>
  eventually(`the lag is ${what}`, async () => (is(await lag(town)) ? true : undefined), 30_000)

test('points arrive; those of an outage arrive after it; all of them once', () =>
  withTemporaryDirectory(async parent => {
    const influxd = await prepareInfluxd(parent)
    try {
      await influxd.start()
      await influxd.ask(`CREATE DATABASE ${database}`)
      await withSensorTown(setupFor(influxd.url), async town => {
        const points = () => influxd.ask(`SELECT "heartRate" FROM "sensor" WHERE "device" = 'pad-1'`)
        const arrived = (count: number) =>
          eventually(
            `${count} points`,
            async () => ((await points()).length === count ? true : undefined),
            30_000,
          )
        const pad = await town.connect('pad-1')
        expect(await say(pad, 'measure', samplesFrom(0))).toBe(true)
        await arrived(samples)

        await influxd.kill()
        expect(await say(pad, 'measure', samplesFrom(samples))).toBe(true)
        await lagIs(town, `${samples}`, waiting => waiting === samples)
        await influxd.start()
        await arrived(2 * samples)
        await lagIs(town, 'nothing', waiting => waiting === 0)
        expect(await points()).toEqual(
          Array.from({ length: 2 * samples }, (_, n) => [begin + n * 1_000, 50 + (n % 30)]),
        )
      })
    } finally {
      await influxd.kill()
    }
  }))

/** Busy at first; then it will never take what `pad-2` has measured, and takes the rest. */
const capriciousServer = async () => {
  const taken = new Set<string>()
  const state = { isBusy: true, refused: 0 }
  const server = await listen((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const bytes = Buffer.concat(chunks)
      const text = String(request.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes)
      if (state.isBusy) {
        state.refused += 1
        response.writeHead(500).end()
      } else if (text.includes('pad-2')) {
        response.writeHead(400).end('{"error":"partial write: field type conflict dropped=1"}')
      } else {
        for (const line of text.split('\n').filter(Boolean)) taken.add(line)
        response.writeHead(204).end()
      }
    })
  })
  return { ...server, taken, state }
}

test('a server that answers 500 and then 400 holds up no alarm, and costs only what it will never take', async () => {
  const { server, url, taken, state } = await capriciousServer()
  try {
    await withSensorTown(setupFor(url), async town => {
      const [pad, faulty, button] = await Promise.all(devices.map(({ id }) => town.connect(id)))
      if (!pad || !faulty || !button) throw new Error('three devices were asked for')
      expect(await say(pad, 'measure', samplesFrom(0))).toBe(true)
      expect(await say(faulty, 'measure', { heartRate: 60 })).toBe(true)
      await lagIs(town, 'all of them', waiting => waiting === samples + 1)
      await eventually('an answer of 500', () => (state.refused > 0 ? true : undefined))

      expect(await say(button, 'event', { id: 'p-1', type: 'sos' })).toBe(true)
      await eventually('the offer', () => town.terminal.offers.find(({ kind }) => kind === 'sos'))
      expect(await lag(town)).toBe(samples + 1)

      state.isBusy = false
      await lagIs(town, 'nothing', waiting => waiting === 0)
      const figure = (name: string) => readMetric(town.gateway.httpUrl, `anling_telemetry_${name}_total`)
      expect(await figure('rejected')).toBe(1)
      expect(await figure('forwarded')).toBe(samples)
      expect(taken.size).toBe(samples)
    })
  } finally {
    server.close()
  }
})
