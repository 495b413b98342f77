import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { seriesText } from '../../../gateway/api/series-text.ts'
import { momentOf } from '../../../gateway/api/shapes.ts'
import { Series } from '../../../gateway/api/telemetry.ts'
import { DeviceId } from '../../../gateway/model/ids.ts'
import { metrics } from '../../../gateway/model/measurement.ts'
import { type Client, logInOperator, openWorld, type World } from './world.ts'

const device = DeviceId.parse('btn-0001')
const noon = Date.parse('2026-11-21T12:00:00Z')
const minuteMs = 60_000
const dayMs = 1_440 * minuteMs

let world: World
let operator: Client
beforeAll(async () => {
  world = await openWorld()
  operator = await logInOperator(world)
})
afterEach(() => {
  expect(world.mismatches).toEqual([])
  world.telemetry.samples = []
  world.telemetry.broken = false
})
afterAll(() => world.close())

const ask = (search: string) => operator.get(`/api/telemetry?device=btn-0001&metric=heartRate${search}`)
const read = async (search: string) => Series.parse((await ask(search)).body)
const moment = (at: number): string => new Date(at).toISOString()

describe('a curve', () => {
  test('shows the least, mean and most of each point, and a gap as a gap', async () => {
    for (const [minutes, heartRate] of [
      [-120, 60],
      [-119.5, 70],
      [-90, 55],
    ] as const)
      world.telemetry.samples.push({ device, at: noon + minutes * minuteMs, readings: { heartRate } })
    expect(await read('&every=1m')).toEqual({
      everySeconds: 60,
      series: [
        { at: '2026-11-21T10:00:00.000Z', min: 60, mean: 65, max: 70, count: 2 },
        { at: '2026-11-21T10:30:00.000Z', min: 55, mean: 55, max: 55, count: 1 },
      ],
    })
  })

  test('is of the day before now, unless another time is asked for: from then on, up to but without', async () => {
    for (const at of [noon - dayMs - 1, noon - dayMs, noon - 1, noon])
      world.telemetry.samples.push({ device, at, readings: { heartRate: 60 } })
    expect((await read('&every=2s')).series).toHaveLength(2)
    const all = `&from=${moment(noon - 2 * dayMs)}&to=${moment(noon + 1)}`
    expect((await read(`${all}&every=1m`)).series).toHaveLength(4)
    const before = `&to=${encodeURIComponent('2026-11-20T20:00:00+08:00')}`
    expect((await read(`${before}&every=2s`)).series).toHaveLength(1)
  })

  test.each([
    ['30s', 30],
    ['5m', 300],
    ['1h', 3_600],
    ['1d', 86_400],
    ['45', 45],
  ])('takes %s for the width of a point', async (every, seconds) => {
    expect((await read(`&every=${every}`)).everySeconds).toBe(seconds)
  })

  test.each([
    [25 * minuteMs, 1],
    [25 * minuteMs + 1, 10],
    [250 * minuteMs, 10],
    [dayMs, 60],
    [5 * dayMs, 300],
    [30 * dayMs, 3_600],
    [375 * dayMs, 21_600],
    [376 * dayMs, 86_400],
    [30_000 * dayMs, 86_400],
  ])('over %i ms has points of %i s, so that it has at most 1,500', async (lengthMs, seconds) => {
    const answer = await read(`&from=${moment(noon - lengthMs)}&to=${moment(noon)}`)
    expect(answer.everySeconds).toBe(seconds)
  })

  test('of more than 50,000 points is refused, and says how many it would be', async () => {
    const from = moment(noon - 50_000_000)
    expect(await ask(`&from=${from}&every=1s`)).toMatchObject({ status: 200 })
    expect(await ask(`&from=${moment(noon - 50_001_000)}&every=1s`)).toMatchObject({
      status: 400,
      body: { code: 'invalid-request', detail: expect.stringContaining('50001 points') },
    })
  })

  test('of a metric that nobody sent is empty; of an unknown device there is none', async () => {
    expect(await operator.get('/api/telemetry?device=btn-0001&metric=never_sent')).toMatchObject({
      status: 200,
      body: { series: [] },
    })
    expect(await operator.get('/api/telemetry?device=btn-9999&metric=heartRate')).toMatchObject({
      status: 404,
      body: { code: 'not-found', detail: 'there is no device btn-9999' },
    })
  })

  test.each([
    '&every=0',
    '&every=-1m',
    '&every=1w',
    '&every=99999999999d',
    '&from=yesterday',
    `&from=${moment(noon)}&to=${moment(noon)}`,
    '&form=2026-11-21T00:00:00Z',
  ])('that is asked for with %s is refused', async search => {
    expect(await ask(search)).toMatchObject({ status: 400, body: { code: 'invalid-request' } })
  })

  test('of a name that no metric can have is refused', async () => {
    for (const metric of ['', '1st', 'heart-rate', 'a'.repeat(33)])
      expect((await operator.get(`/api/telemetry?device=btn-0001&metric=${metric}`)).status).toBe(400)
  })

  test('that cannot be read is told apart from one that is empty', async () => {
    world.telemetry.broken = true
    expect(await ask('')).toMatchObject({ status: 503, body: { code: 'telemetry-unavailable' } })
  })
})

const from2000 = Date.UTC(2000, 0)
const to2100 = Date.UTC(2100, 0)
const value = fc.double({ noNaN: true, noDefaultInfinity: true })
const instant = fc.oneof(
  fc.integer({ min: from2000, max: to2100 }),
  // Around midnight, where one date ends and the next begins.
  fc
    .tuple(fc.integer({ min: from2000 / dayMs, max: to2100 / dayMs }), fc.integer({ min: -2, max: 2 }))
    .map(([day, ms]) => day * dayMs + ms),
)
const point = fc.record({ at: instant, min: value, mean: value, max: value, count: fc.nat() })

describe('the text of a curve', () => {
  test('is what JSON makes of the described answer, whatever the points', () => {
    fc.assert(
      fc.property(fc.array(point), fc.integer({ min: 1, max: dayMs }), (points, everyMs) => {
        const text = seriesText(everyMs, points)
        const series = points.map(one => ({ ...one, at: momentOf(one.at) }))
        const plain = JSON.stringify({ everySeconds: everyMs / 1_000, series })
        expect(text).toBe(plain)
        const parsed: unknown = JSON.parse(text)
        expect(Series.parse(parsed)).toEqual(parsed)
      }),
    )
  })

  test('shows a figure that no JSON number can be as JSON does, and stays readable', () => {
    const at = from2000
    const broken = [{ at, min: Number.NaN, mean: Number.POSITIVE_INFINITY, max: -0, count: 1 }]
    const shown = { at: '2000-01-01T00:00:00.000Z', min: null, mean: null, max: 0, count: 1 }
    expect(JSON.parse(seriesText(60_000, broken))).toEqual({ everySeconds: 60, series: [shown] })
  })

  test('is sent as JSON', async () => {
    world.telemetry.samples.push({ device, at: noon - minuteMs, readings: { heartRate: 60 } })
    const { status, headers } = await ask('')
    expect({ status, type: headers['content-type'] }).toEqual({
      status: 200,
      type: 'application/json; charset=utf-8',
    })
  })
})

test('the known metrics are listed with unit, range and meaning', async () => {
  const { items } = z
    .object({ items: z.array(z.looseObject({ name: z.string() })) })
    .parse((await operator.get('/api/telemetry/metrics')).body)
  expect(items.map(({ name }) => name)).toEqual(Object.keys(metrics))
  expect(items[0]).toEqual({ name: 'heartRate', ...metrics.heartRate })
})
