/** A night on a fast clock: someone leaves the bed and does not return. */
import { expect, test } from 'vitest'
import { z } from 'zod'
import { readAlarm } from '../../support/api-client.ts'
import { eventually } from '../../support/eventually.ts'
import { type FastTime, fastTime } from '../../support/fast-time.ts'
import { type SensorTown, say, withSensorTown } from '../../support/sensor-town.ts'
import { alarmsAt, readSeries, theAlarm } from '../../support/sensor-views.ts'

const speed = 180
const night = '2026-11-21'
/** Shanghai keeps one time all year. */
const clock = (time: string): string => `${night}T${time}:00+08:00`
const utc = (time: string): string => new Date(clock(time)).toISOString()

const pads = [1, 2].map(n => ({ id: `pad-${n}`, model: 'native/bed-pad', home: `h-${n}`, room: '卧室' }))

const withNight = (work: (town: SensorTown, time: FastTime) => Promise<void>): Promise<void> => {
  const time = fastTime(speed, clock('02:05'))
  const settings = { simulation: time.settings }
  return withSensorTown({ homes: 2, devices: pads, settings }, town => work(town, time))
}

/** Five minutes of sleep, a sample every ten seconds; the rate says which sample it is. */
const asleep = Array.from({ length: 30 }, (_, n) => ({
  at: new Date(Date.parse(clock('02:04')) + n * 10_000).toISOString(),
  inBed: 1,
  heartRate: 50 + n,
  respirationRate: 14,
  quality: 90,
}))

/** At 02:10, or later if the machine is so slow. Resolves with when it was. */
const leaveBed = async ({ connect }: SensorTown, pad: string, time: FastTime): Promise<number> => {
  const client = await connect(pad)
  await time.until(clock('02:10'))
  expect(await say(client, 'measure', asleep)).toBe(true)
  const exitAt = Math.floor(time.now() / 1_000) * 1_000
  const at = new Date(exitAt).toISOString()
  expect(await say(client, 'event', { id: 'exit-1', type: 'bed-exit', at })).toBe(true)
  return exitAt
}

const minutes = 60_000

const Found = z.object({
  rule: z.string(),
  level: z.string(),
  since: z.string(),
  evidence: z.array(z.looseObject({ at: z.string(), device: z.string(), what: z.string() })),
})

const offerFor = ({ terminal }: SensorTown, home: string) =>
  eventually(`an offer for ${home}`, () => terminal.offers.find(offer => offer.home.id === home), 60_000)

test('out of bed at 02:10 and not back: by 02:40 the nearest point has the alarm with the evidence', () =>
  withNight(async (town, time) => {
    const exitAt = await leaveBed(town, 'pad-1', time)
    const exit = new Date(exitAt).toISOString()

    const offer = await offerFor(town, 'h-1')
    const at = time.now()
    expect(at).toBeGreaterThanOrEqual(exitAt + 20 * minutes)
    expect(at).toBeLessThan(exitAt + 30 * minutes)
    expect(offer).toMatchObject({ kind: 'no-return-to-bed', resident: { id: 'r-1', name: '王秀英' } })
    const found = Found.parse(offer['found'])
    expect(found).toMatchObject({ rule: 'bed-exit', level: 'medium', since: exit })
    expect(found.evidence).toEqual([{ at: exit, device: 'pad-1', what: 'bed-exit' }])

    const risen = await eventually(
      'the high level',
      async () => {
        const alarm = await readAlarm(town.api, offer.alarm)
        return alarm['priority'] === 'high' ? alarm : undefined
      },
      30_000,
    )
    expect(time.now()).toBeGreaterThanOrEqual(exitAt + 30 * minutes)
    expect(Found.parse(risen['found'])).toMatchObject({ level: 'high', since: exit })
    expect(await alarmsAt(town.api, 'h-1')).toHaveLength(1)

    const query = { device: 'pad-1', from: clock('02:00'), to: clock('02:10'), every: '1m' }
    const curve = await readSeries(town.api, { ...query, metric: 'heartRate' })
    // Six samples a minute, each one beat above the one before.
    expect(curve).toEqual(
      [50, 56, 62, 68, 74].map((min, minute) => ({
        at: utc(`02:0${4 + minute}`),
        min,
        mean: min + 2.5,
        max: min + 5,
        count: 6,
      })),
    )
    const breath = await readSeries(town.api, { ...query, metric: 'respirationRate' })
    expect(breath.map(({ mean }) => mean)).toEqual([14, 14, 14, 14, 14])
  }))

test('who has a threshold of their own is looked for by it, and history says who set it', () =>
  withNight(async (town, time) => {
    const path = '/api/residents/r-2/thresholds'
    const values = { 'bedExit.mediumAfter': 5, 'bedExit.highAfter': 8 }
    const why = 'falls often at night'
    expect(await town.api.patch(path, { values, why })).toMatchObject({ status: 200 })
    await leaveBed(town, 'pad-1', time)
    const exitAt = await leaveBed(town, 'pad-2', time)

    await offerFor(town, 'h-2')
    expect(time.now()).toBeGreaterThanOrEqual(exitAt + 5 * minutes)
    expect(time.now()).toBeLessThan(exitAt + 15 * minutes)
    expect(await theAlarm(town.api, 'h-2', 'no-return-to-bed')).toMatchObject({
      found: { rule: 'bed-exit', since: new Date(exitAt).toISOString() },
    })
    // The neighbour, by the default, is not missed yet.
    expect(await alarmsAt(town.api, 'h-1')).toEqual([])

    const { body } = await town.api.get(`${path}/history`)
    expect(body).toMatchObject({
      items: expect.arrayContaining([
        expect.objectContaining({
          name: 'bedExit.mediumAfter',
          before: null,
          after: 5,
          why,
          by: expect.objectContaining({ name: 'admin' }),
        }),
      ]),
    })
  }))
