/** A device that was away for a night brings what it has measured: it goes into its place and never rings as new. */
import { expect, test } from 'vitest'
import { listAlarms, readMetric } from '../../support/api-client.ts'
import { eventually } from '../../support/eventually.ts'
import { say, withSensorTown } from '../../support/sensor-town.ts'
import { readSeries } from '../../support/sensor-views.ts'

const minuteMs = 60_000
const everyMs = 30_000
const samples = 900

/** Live, this would ring: the bed is empty from the 300th sample on, the heart slow before it. */
const nightUntil = (end: number) =>
  Array.from({ length: samples }, (_, n) => ({
    at: new Date(end - (samples - n) * everyMs).toISOString(),
    inBed: n < 300 ? 1 : 0,
    ...(n < 300 && { heartRate: n < 200 ? 58 + (n % 7) : 34, quality: 95 }),
  }))

test('a night sent twice is one night, in its place, and raises nothing', () =>
  withSensorTown(
    { homes: 1, devices: [{ id: 'pad-1', model: 'native/bed-pad', home: 'h-1' }] },
    async ({ api, connect, gateway }) => {
      const pad = await connect('pad-1')
      // It ends an hour before now, on a whole minute.
      const end = Math.floor(Date.now() / minuteMs) * minuteMs - 60 * minuteMs
      const night = nightUntil(end)
      const query = {
        device: 'pad-1',
        metric: 'heartRate',
        from: new Date(end - samples * everyMs).toISOString(),
        to: new Date(end).toISOString(),
        every: '1m',
      }
      const beats = night.flatMap(({ heartRate }) => heartRate ?? [])
      const minutes = Array.from({ length: 150 }, (_, n) => beats.slice(2 * n, 2 * n + 2))

      for (let round = 0; round < 2; round += 1) {
        expect(await say(pad, 'measure', night)).toBe(true)
        const curve = await readSeries(api, query)
        expect(curve.map(({ min, max, count }) => ({ min, max, count }))).toEqual(
          minutes.map(pair => ({ min: Math.min(...pair), max: Math.max(...pair), count: 2 })),
        )
      }
      // Time has passed for the rules, too.
      const rounds = () => readMetric(gateway.httpUrl, 'anling_detection_tick_seconds_count')
      const before = await rounds()
      await eventually('two rounds', async () => ((await rounds()) >= before + 2 ? true : undefined))
      expect(await listAlarms(api, 'state=all')).toEqual([])
    },
  ))
