/** A disk that measurements have filled: they give way, oldest day first, and calls do not notice. */
import { expect, test } from 'vitest'
import { readMetric } from '../../support/api-client.ts'
import { eventually } from '../../support/eventually.ts'
import { fastTime } from '../../support/fast-time.ts'
import type { MqttClient } from '../../support/mqtt-load.ts'
import { type SensorTown, say, withSensorTownIn } from '../../support/sensor-town.ts'
import { readSeries, theAlarm } from '../../support/sensor-views.ts'
import { mayMount, type SmallDisk, withSmallDisk } from '../../support/small-disk.ts'
import { withTemporaryDirectory } from '../../support/temporary-directory.ts'

const diskMebibytes = 48
const mebibyte = 1_048_576
/** What measurements leave to the journal. */
const minFreeBytes = 12 * mebibyte
const samples = 1_000
/** As many messages make a day. */
const messages = 4
const dayMs = 86_400_000

const devices = [
  { id: 'pad-1', model: 'native/bed-pad', home: 'h-1' },
  { id: 'btn-1', model: 'native/call-button', home: 'h-1' },
]

/** Of a day: a second apart, up to `end`. */
const sampleTimes = (end: number): string[] =>
  Array.from({ length: messages * samples }, (_, n) => new Date(end - n * 1_000).toISOString())

const sayDay = async (pad: MqttClient, end: number): Promise<void> => {
  const times = sampleTimes(end)
  for (let first = 0; first < times.length; first += samples) {
    const message = times.slice(first, first + samples).map(at => ({ at, heartRate: 60, movement: 3 }))
    expect(await say(pad, 'measure', message)).toBe(true)
  }
}

const curveUntil = ({ api }: SensorTown, end: number) =>
  readSeries(api, {
    device: 'pad-1',
    metric: 'heartRate',
    from: new Date(end - messages * samples * 1_000).toISOString(),
    to: new Date(end + 1_000).toISOString(),
    every: '1s',
  })

const figure = ({ gateway }: SensorTown, name: string, labels = {}) =>
  readMetric(gateway.httpUrl, `anling_telemetry_${name}_total`, labels)

const squeezeEveryMs = 1_500

/** A little below what must be free, and again when the store has found room without letting go of anything. */
const squeeze = async (disk: SmallDisk, town: SensorTown): Promise<void> => {
  let squeezedAt = Number.NEGATIVE_INFINITY
  await eventually(
    'something let go of',
    async () => {
      if ((await figure(town, 'retired')) > 0) return true
      if (performance.now() - squeezedAt < squeezeEveryMs) return undefined
      await disk.fill(minFreeBytes - mebibyte / 16)
      squeezedAt = performance.now()
      return undefined
    },
    20_000,
  )
}

test.skipIf(!mayMount())(
  'measurements are shed and counted, the oldest day first; presses are acknowledged all the while (needs root)',
  () =>
    withTemporaryDirectory(parent =>
      withSmallDisk(parent, diskMebibytes, disk => {
        // Ten seconds between two looks at the disk, in half of one.
        const time = fastTime(20, '2026-11-21T12:00:00+08:00')
        const settings = { telemetry: { minFreeBytes }, simulation: time.settings }
        return withSensorTownIn(disk.directory, { homes: 1, devices, settings }, async town => {
          const [pad, button] = await Promise.all([town.connect('pad-1'), town.connect('btn-1')])
          const press = (id: string) => say(button, 'event', { id, type: 'sos' })
          const today = Math.floor(time.now() / 1_000) * 1_000 - 3_600_000
          const yesterday = today - dayMs
          for (const end of [yesterday, today]) {
            await sayDay(pad, end)
            expect(await curveUntil(town, end)).toHaveLength(messages * samples)
          }
          expect(await press('p-1')).toBe(true)

          await squeeze(disk, town)
          expect(await figure(town, 'retired')).toBe(messages * samples)
          expect(await curveUntil(town, yesterday)).toEqual([])
          expect(await curveUntil(town, today)).toHaveLength(messages * samples)
          expect(await press('p-2')).toBe(true)

          // Not one byte is left: the journal lives on the room that it has claimed, measurements have none.
          await disk.fill()
          await sayDay(pad, today + dayMs / 48)
          const shed = await figure(town, 'shed', { reason: 'disk' })
          expect(shed).toBeGreaterThan(0)
          expect(await press('p-3')).toBe(true)
          expect(await theAlarm(town.api, 'h-1', 'sos')).toMatchObject({ state: 'offered', repeats: 2 })

          await disk.free()
          const stored = await figure(town, 'stored')
          await eventually('measurements stored again', async () => {
            await sayDay(pad, today + dayMs / 24)
            return (await figure(town, 'stored')) >= stored + messages * samples ? true : undefined
          })
        })
      }),
    ),
)
