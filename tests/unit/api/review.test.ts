import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { DeviceId, HomeId } from '../../../gateway/model/ids.ts'
import { message } from '../../support/alarm-samples.ts'
import { type Client, clientWith, logIn, logInOperator, openWorld, type World } from './world.ts'

const minuteMs = 60_000
const hourMs = 3_600_000
const dayMs = 86_400_000
/** 20:00 in Anshan. */
const noon = Date.parse('2026-11-21T12:00:00Z')
const pad = DeviceId.parse('pad-1')

let world: World
let operator: Client
let supervisor: Client
let admin: Client

beforeEach(async () => {
  world = await openWorld()
  admin = await logIn(world)
  operator = await logInOperator(world)
  const made = await admin.post('/api/tokens', { name: 'supervisor', role: 'supervisor', scopes: [] })
  const { token } = z.object({ token: z.string() }).loose().parse(made.body)
  supervisor = clientWith(world.api, { authorization: `Bearer ${token}` })
  const { rejected } = await world.registry.importDocument({
    homes: [{ id: 'h-0003', address: '胜利路 3 号', area: 'tiedong' }],
    residents: [{ id: 'r-0002', home: 'h-0001', name: '王玉兰' }],
    devices: [
      { id: 'pad-1', model: 'native/bed-pad', home: 'h-0001', resident: 'r-0001', room: 'bedroom' },
      { id: 'pad-2', model: 'native/bed-pad', home: 'h-0001', resident: 'r-0002', room: 'bedroom' },
      { id: 'door-1', model: 'native/door', home: 'h-0001', room: 'hall' },
    ],
  })
  expect(rejected).toEqual([])
})
afterEach(async () => {
  expect(world.mismatches).toEqual([])
  await world.close()
})

const measure = (device: DeviceId, at: number, readings: Readonly<Record<string, number>>): void => {
  world.telemetry.samples.push({ device, at, readings })
}

const Span = z.object({ from: z.string(), to: z.string() })
const Review = z.object({
  resident: z.object({ id: z.string(), name: z.string() }),
  from: z.string(),
  to: z.string(),
  everyMs: z.number(),
  notMedicalDevice: z.boolean(),
  metrics: z.array(
    z.object({
      device: z.string(),
      metric: z.string(),
      unit: z.string(),
      points: z.array(z.object({ at: z.string(), mean: z.number(), count: z.number() })),
      gaps: z.array(Span),
    }),
  ),
  bed: z.array(Span.extend({ inBed: z.boolean().nullable() })),
  thresholds: z.array(z.looseObject({ metric: z.string(), source: z.string() })),
  alarms: z.array(z.object({ id: z.string(), kind: z.string(), cause: z.string().nullable() }).loose()),
  baseline: z.array(z.looseObject({ metric: z.string(), minuteOfDay: z.number(), nights: z.number() })),
})

const review = async (query = '', resident = 'r-0001') => {
  const { status, body } = await operator.get(`/api/residents/${resident}/review${query}`)
  expect(status, JSON.stringify(body)).toBe(200)
  return Review.parse(body)
}

describe('a review of a resident', () => {
  test('draws each curve of the last day by minutes, and says that this is no medical device', async () => {
    measure(pad, noon - 30 * minuteMs, { heartRate: 60, inBed: 1 })
    measure(pad, noon - 30 * minuteMs + 1_000, { heartRate: 64 })
    const answer = await review()
    expect(answer).toMatchObject({
      resident: { id: 'r-0001', name: '李秀英' },
      from: '2026-11-20T12:00:00.000Z',
      to: '2026-11-21T12:00:00.000Z',
      everyMs: minuteMs,
      notMedicalDevice: true,
    })
    expect(answer.metrics).toMatchObject([
      {
        device: 'pad-1',
        metric: 'heartRate',
        unit: '/min',
        points: [{ at: '2026-11-21T11:30:00.000Z', mean: 62, count: 2 }],
      },
    ])
  })

  test('shows where the sensor said nothing, also within a wide point, and never fills it', async () => {
    for (let at = noon - 6 * hourMs; at < noon; at += minuteMs) {
      const minute = (at - noon) / minuteMs + 360
      if (minute < 70 || minute >= 95) measure(pad, at, { heartRate: 60, inBed: minute < 200 ? 1 : 0 })
    }
    const answer = await review('?from=2026-11-21T06:00:00Z&every=1h')
    const [curve] = answer.metrics
    expect(curve?.points.map(({ count }) => count)).toEqual([60, 35, 60, 60, 60, 60])
    expect(curve?.gaps).toEqual([{ from: '2026-11-21T07:10:00.000Z', to: '2026-11-21T07:35:00.000Z' }])
    expect(answer.bed.map(({ from, inBed }) => [from.slice(11, 16), inBed])).toEqual([
      ['06:00', true],
      ['07:10', null],
      ['07:35', true],
      ['09:20', false],
    ])
  })

  test('has no gap in what has not happened yet', async () => {
    for (let minute = 0; minute < 60; minute += 1)
      measure(pad, noon - hourMs + minute * minuteMs, { heartRate: 60 })
    const { metrics, to } = await review('?from=2026-11-21T11:00:00Z&to=2026-11-21T18:00:00Z')
    expect(to).toBe('2026-11-21T18:00:00.000Z')
    expect(metrics[0]?.gaps).toEqual([])
  })

  test('is about this resident: not about the pad of who lives there too', async () => {
    measure(pad, noon - hourMs, { heartRate: 60 })
    measure(DeviceId.parse('pad-2'), noon - hourMs, { heartRate: 90 })
    const devices = async (resident: string) => (await review('', resident)).metrics.map(one => one.device)
    expect(await devices('r-0001')).toEqual(['pad-1'])
    expect(await devices('r-0002')).toEqual(['pad-2'])
  })

  test('compares with the 14 nights before, and says on how many it rests', async () => {
    const begin = noon - dayMs
    for (const night of [1, 3, 13]) measure(pad, begin - night * dayMs + hourMs, { heartRate: 50 + night })
    measure(pad, begin - 15 * dayMs + hourMs, { heartRate: 200 })
    measure(pad, begin + hourMs, { heartRate: 200 })
    expect((await review()).baseline).toEqual([
      { metric: 'heartRate', minuteOfDay: 21 * 60, low: 51, median: 53, high: 63, nights: 3 },
    ])
  })

  test('draws in the thresholds that hold for the resident, with where they come from', async () => {
    const values = { 'heartRate.highHighAt': 120, 'respiration.on': 0 }
    const { status } = await operator.patch('/api/residents/r-0001/thresholds', { values, why: '医生建议' })
    expect(status).toBe(200)
    expect((await review()).thresholds).toEqual([
      { metric: 'heartRate', level: 'medium', low: 50, source: 'default' },
      { metric: 'heartRate', level: 'high', low: 40, source: 'default' },
      { metric: 'heartRate', level: 'medium', high: 111, source: 'default' },
      { metric: 'heartRate', level: 'high', high: 120, source: 'resident' },
    ])
  })

  test('draws in what rang in that time, but not what is only technical', async () => {
    const call = await world.press('sos')
    await world.press('battery-low')
    world.clock.advance(minuteMs)
    await operator.post(`/api/alarms/${call.id}/resolve`, { epoch: call.epoch, cause: 'accidental' })
    expect((await review()).alarms).toMatchObject([{ id: call.id, kind: 'sos', cause: 'accidental' }])
    expect((await review('?from=2026-11-19T00:00:00Z&to=2026-11-20T00:00:00Z')).alarms).toEqual([])
  })

  test('refuses what is too long, too fine, or the wrong way round, and is not about who is not there', async () => {
    const status = async (path: string) => (await operator.get(path)).status
    const path = '/api/residents/r-0001/review'
    expect(await status(`${path}?from=2026-10-20T00:00:00Z&to=2026-11-21T00:00:00Z`)).toBe(400)
    expect(await status(`${path}?from=2026-11-01T00:00:00Z&every=1m`)).toBe(400)
    expect(await status(`${path}?from=2026-11-21T00:00:00Z&to=2026-11-20T00:00:00Z`)).toBe(400)
    expect(await status(`${path}?from=2026-10-21T12:00:00Z&to=2026-11-21T12:00:00Z`)).toBe(200)
    expect(await status('/api/residents/r-9999/review')).toBe(404)
    expect((await supervisor.get(path)).status).toBe(403)
  })

  test('that cannot be read is told apart from one without data', async () => {
    world.telemetry.broken = true
    expect(await operator.get('/api/residents/r-0001/review')).toMatchObject({
      status: 503,
      body: { code: 'telemetry-unavailable' },
    })
  })
})

const Strip = z.object({
  from: z.string(),
  to: z.string(),
  bins: z.number(),
  devices: z.array(
    z.object({
      id: z.string(),
      lastSeenAt: z.string().nullable(),
      bed: z.array(z.number().nullable()).optional(),
      movement: z.array(z.number().nullable()).optional(),
      events: z.record(z.string(), z.array(z.array(z.number()))),
    }),
  ),
  alarms: z.array(z.object({ id: z.string(), kind: z.string() }).loose()),
  isMasked: z.boolean(),
  isCut: z.boolean(),
  isUnread: z.boolean(),
})

const strip = async (client = operator, query = '', home = 'h-0001') => {
  const { status, body } = await client.get(`/api/homes/${home}/strip${query}`)
  expect(status, JSON.stringify(body)).toBe(200)
  return Strip.parse(body)
}

const keep = (device: string, type: string, ago: number) => {
  const receivedAt = noon - ago
  return world.journal.keep(message(device, String(ago), { type, eventKey: `${type}/${ago}`, receivedAt }))
}

describe('the strip of a home', () => {
  test('ends with the quarter of an hour that is now, and has a lane for each device', async () => {
    const answer = await strip()
    expect(answer).toMatchObject({
      from: '2026-11-20T12:15:00.000Z',
      to: '2026-11-21T12:15:00.000Z',
      bins: 96,
      isMasked: false,
      isCut: false,
      isUnread: false,
    })
    expect(answer.devices.map(({ id }) => id).toSorted()).toEqual(['btn-0001', 'door-1', 'pad-1', 'pad-2'])
    expect((await strip(operator, '?hours=6')).bins).toBe(24)
  })

  test('says of each bin whether somebody was in bed and how much they moved, or that nobody knows', async () => {
    measure(pad, noon - 30 * minuteMs, { inBed: 1, movement: 20 })
    measure(pad, noon - 15 * minuteMs, { inBed: 0, movement: 100 })
    const lane = (await strip()).devices.find(({ id }) => id === 'pad-1')
    expect(lane?.bed?.slice(-4)).toEqual([null, 1, 0, null])
    expect(lane?.movement?.slice(-4)).toEqual([null, 0.2, 1, null])
    expect(lane?.bed).toHaveLength(96)
  })

  test('counts doors and motion as they were told, whether as events or as readings, and presses of buttons', async () => {
    await keep('door-1', 'door-open', 2 * hourMs)
    await keep('door-1', 'door-closed', 2 * hourMs - 1_000)
    await keep('door-1', 'hum', hourMs)
    for (const [ago, doorOpen] of [
      [90, 0],
      [60, 1],
      [45, 1],
    ] as const) {
      measure(DeviceId.parse('door-1'), noon - ago * minuteMs, { doorOpen, motion: doorOpen })
    }
    await world.press('sos')
    world.clock.advance(minuteMs)
    await world.press('sos')
    const { devices, alarms } = await strip()
    const events = (wanted: string) => devices.find(({ id }) => id === wanted)?.events
    expect(events('door-1')).toEqual({
      door: [
        [87, 2],
        [91, 1],
      ],
      motion: [
        [91, 1],
        [92, 1],
      ],
    })
    expect(events('btn-0001')).toEqual({ press: [[95, 2]] })
    expect(alarms).toMatchObject([{ kind: 'sos' }])
  })

  test('keeps an alarm that is still open in sight, however old, and leaves tests out', async () => {
    const { id } = await world.press('sos')
    await world.press('test')
    world.clock.advance(30 * hourMs)
    const nextDay = await logIn(world)
    expect((await strip(nextDay)).alarms).toMatchObject([{ id }])
  })

  test('shows whoever does not see health alarms and signs of life, and nothing else', async () => {
    measure(pad, noon - 30 * minuteMs, { inBed: 1, movement: 20 })
    await keep('door-1', 'door-open', hourMs)
    world.presence.set(pad, { lastSeenAt: noon - minuteMs, status: {}, battery: [] })
    await world.press('sos')
    const answer = await strip(supervisor)
    expect(answer.isMasked).toBe(true)
    expect(answer.alarms).toHaveLength(1)
    expect(answer.devices.find(({ id }) => id === 'pad-1')?.lastSeenAt).toBe('2026-11-21T11:59:00.000Z')
    for (const lane of answer.devices) {
      expect(lane).not.toHaveProperty('bed')
      expect(lane).not.toHaveProperty('movement')
      expect(lane.events).toEqual({})
    }
  })

  test('opens without measurements where they cannot be read, and says so', async () => {
    await world.press('sos')
    world.telemetry.broken = true
    const answer = await strip()
    expect(answer).toMatchObject({ isUnread: true, alarms: [{ kind: 'sos' }] })
    expect(answer.devices.find(({ id }) => id === 'pad-1')?.bed).toEqual(Array(96).fill(null))
  })

  test('of a home with everything in every bin stays below 15 kB, and says what it leaves out', async () => {
    const home = HomeId.parse('h-0003')
    const devices = [
      ...Array.from({ length: 3 }, (_, n) => ({
        id: `full-pad-${n}`,
        model: 'native/bed-pad',
        home,
        room: '卧室',
      })),
      ...Array.from({ length: 7 }, (_, n) => ({
        id: `full-door-${n}`,
        model: 'native/door',
        home,
        room: '门厅',
      })),
      ...Array.from({ length: 4 }, (_, n) => ({ id: `full-btn-${n}`, model: 'native/call-button', home })),
    ]
    await world.registry.importDocument({ devices })
    for (let at = noon - dayMs; at < noon; at += 15 * minuteMs) {
      for (let n = 0; n < 3; n += 1) measure(DeviceId.parse(`full-pad-${n}`), at, { inBed: 1, movement: 57 })
      for (let n = 0; n < 7; n += 1) await keep(`full-door-${n}`, n < 4 ? 'door-open' : 'motion', noon - at)
    }
    for (let n = 0; n < 4; n += 1) await world.press('sos', `full-btn-${n}`, home)
    const { body } = await operator.get(`/api/homes/${home}/strip`)
    expect(Strip.parse(body)).toMatchObject({ isCut: true, devices: { length: 12 } })
    expect(Buffer.byteLength(JSON.stringify(body))).toBeLessThan(15_000)
  })

  test('of no home is not there', async () => {
    expect((await operator.get('/api/homes/h-9999/strip')).status).toBe(404)
    expect((await operator.get('/api/homes/h-0001/strip?hours=49')).status).toBe(400)
  })
})

describe('the strip of the home of an alarm', () => {
  const lead = async (): Promise<Client> => {
    const scopes = [{ point: 'sp-001' }]
    const { body } = await admin.post('/api/tokens', { name: 'lead', role: 'point-lead', scopes })
    const { token } = z.looseObject({ token: z.string() }).parse(body)
    return clientWith(world.api, { authorization: `Bearer ${token}` })
  }

  test('is there for the point that was asked, as long as the alarm is open', async () => {
    const atPoint = await lead()
    const { id, epoch } = await world.press('sos')
    expect((await atPoint.get('/api/homes/h-0001/strip')).status).toBe(404)
    const { status, body } = await atPoint.get(`/api/alarms/${id}/strip?hours=6`)
    expect(status).toBe(200)
    expect(body).toEqual((await operator.get('/api/homes/h-0001/strip?hours=6')).body)
    await operator.post(`/api/alarms/${id}/acknowledge`, { epoch })
    await operator.post(`/api/alarms/${id}/resolve`, { cause: 'real' })
    expect(await atPoint.get(`/api/alarms/${id}/strip`)).toMatchObject({
      status: 409,
      body: { code: 'already-resolved' },
    })
    expect((await operator.get(`/api/alarms/${id}/strip`)).status).toBe(200)
  })

  test('is not there where nobody knows the home, nor for whoever does not see the alarm', async () => {
    const { id } = await world.press('sos', 'btn-9', 'h-9999')
    expect(await operator.get(`/api/alarms/${id}/strip`)).toMatchObject({
      status: 404,
      body: { code: 'not-found' },
    })
    expect(await operator.get('/api/alarms/nowhere/strip')).toMatchObject({
      body: { code: 'alarm-not-found' },
    })
  })
})

test('strips are counted like other questions: whoever asks without end does not stand in the way of calls', async () => {
  const limited = await openWorld({ requestsPerMinute: 60 })
  const client = await logIn(limited)
  const statuses = new Set<number>()
  for (let n = 0; n < 61; n += 1) statuses.add((await client.get('/api/homes/h-0001/strip')).status)
  expect([...statuses]).toEqual([200, 429])
  expect((await client.get('/api/alarms')).status).toBe(200)
  await limited.close()
})
