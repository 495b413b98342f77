import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { PointId, UserId } from '../../../gateway/model/ids.ts'
import { type Client, logIn, openWorld, type World } from './world.ts'

const password = 'a password of the wall'

let world: World
let admin: Client
beforeEach(async () => {
  world = await openWorld()
  admin = await logIn(world)
})
afterEach(async () => {
  expect(world.mismatches).toEqual([])
  await world.close()
})

const addUser = async (username: string, role: string, scopes: readonly object[] = []): Promise<Client> => {
  const made = await admin.post('/api/users', { username, name: `${username} 员`, role, scopes, password })
  expect(made.status).toBe(201)
  return logIn(world, username, password)
}

/** An hour's ride from any point, and two without a place on the map. */
const addHomes = async (): Promise<void> => {
  const far = { lat: 41.5, lon: 122.99, datum: 'WGS84' }
  const { rejected } = await world.registry.importDocument({
    homes: [
      { id: 'h-far-1', address: '远山路 1 号', area: 'tiedong', position: far },
      { id: 'h-far-2', address: '远山路 2 号', area: 'tiexi', position: far },
      { id: 'h-lost', address: '无名路 3 号', area: 'tiedong' },
    ],
  })
  expect(rejected).toEqual([])
}

const Uncovered = z.object({
  minutes: z.number(),
  homes: z.array(z.looseObject({ id: z.string() })),
  nextCursor: z.string().nullable(),
})
const uncoveredFor = async (client: Client, search = '') =>
  Uncovered.parse((await client.get(`/api/coverage${search}`)).body)
const idsIn = ({ homes }: z.infer<typeof Uncovered>) => homes.map(({ id }) => id)

describe('the wall board', () => {
  test('shows points with their load, alarms that wait, homes out of reach, and who is on duty', async () => {
    await addHomes()
    const closed = { hours: 'Mo-Su 08:00-10:00', suspended: true }
    expect((await admin.patch('/api/service-points/sp-002', closed)).status).toBe(200)
    world.reachable.add(PointId.parse('sp-001'))
    const taken = await world.press('sos')
    const first = world.clock.now()
    await world.press('smoke')
    world.clock.advance(60_000)
    await world.press('fall')
    await world.press('test')
    await admin.post(`/api/alarms/${taken.id}/acknowledge`, { epoch: taken.epoch })
    await admin.post(`/api/alarms/${taken.id}/transfer`, { to: { point: 'sp-001' } })
    const sent = await admin.post(`/api/alarms/${taken.id}/dispatch`, { responder: 'rs-01' })
    expect(sent.status).toBe(200)
    await admin.post('/api/shift/take-over', {})

    const point = { area: 'tiedong', responders: 0, busyResponders: 0, connected: false }
    expect((await admin.get('/api/wall')).body).toEqual({
      at: '2026-11-21T12:01:00.000Z',
      points: [
        {
          ...point,
          id: 'sp-001',
          name: '第1服务站',
          position: { lat: 41.11, lon: 122.99, datum: 'WGS84' },
          open: true,
          suspended: false,
          connected: true,
          responders: 1,
          busyResponders: 1,
          // The call that it holds, and the smoke that it was asked about; a fall that is only suspected asks nobody.
          openAlarms: 2,
          reachMeters: expect.closeTo(769.2, 1),
        },
        {
          ...point,
          id: 'sp-002',
          name: '第2服务站',
          position: { lat: expect.closeTo(41.12), lon: 122.99, datum: 'WGS84' },
          open: false,
          suspended: true,
          openAlarms: 0,
          reachMeters: null,
        },
      ],
      alarms: {
        byClass: { call: 1, hazard: 1, inferred: 1, technical: 0, service: 0, test: 1 },
        waiting: 1,
        oldestWaitingSince: new Date(first).toISOString(),
      },
      // h-0001 lies 27 minutes from the only open point.
      homes: { total: 5, uncovered: 3, withoutPosition: 2 },
      onDuty: 1,
    })
  })

  test('of an area shows that area, and nothing of another to who is bound to one', async () => {
    await addHomes()
    await world.press('sos')
    await world.press('sos', 'btn-0002', 'h-0002', 'tiexi')
    const bound = await addUser('bound', 'supervisor', [{ area: 'tiexi' }])
    const ofTiexi = { homes: { total: 2, uncovered: 1, withoutPosition: 1 }, alarms: { waiting: 1 } }
    expect((await admin.get('/api/wall?area=tiexi')).body).toMatchObject({ ...ofTiexi, points: [] })
    expect((await bound.get('/api/wall')).body).toMatchObject({ ...ofTiexi, points: [] })
    expect(await bound.get('/api/wall?area=tiedong')).toMatchObject({ status: 422 })
    expect((await admin.get('/api/wall?area=anshan')).body).toMatchObject({ alarms: { waiting: 2 } })
  })

  test('shows the lead of a point that point, and the alarms that it was asked about', async () => {
    await addHomes()
    await world.press('sos')
    const lead = await addUser('lead', 'point-lead', [{ point: 'sp-001' }])
    const other = await addUser('other', 'point-lead', [{ point: 'sp-002' }])
    expect((await lead.get('/api/wall')).body).toMatchObject({
      points: [{ id: 'sp-001', openAlarms: 1 }],
      alarms: { waiting: 1 },
      homes: { total: 0 },
    })
    expect((await other.get('/api/wall')).body).toMatchObject({
      points: [{ id: 'sp-002' }],
      alarms: { waiting: 0 },
    })
  })

  test('counts those on duty whom the caller shares an area with', async () => {
    const here = await addUser('here', 'operator', [{ area: 'tiedong' }])
    const beside = await addUser('beside', 'operator', [{ area: 'tiexi' }])
    await here.post('/api/shift/take-over', {})
    world.consoles.opened(UserId.parse('here'))
    expect((await here.get('/api/wall')).body).toMatchObject({ onDuty: 1 })
    expect((await beside.get('/api/wall')).body).toMatchObject({ onDuty: 0 })
  })
})

describe('homes out of reach', () => {
  test('are listed by id, page by page, with the nearest point and the way', async () => {
    await addHomes()
    const all = await uncoveredFor(admin)
    expect(all).toMatchObject({
      minutes: 15,
      homes: [
        // 840 m in a straight line.
        { id: 'h-0001', nearestPoint: 'sp-002', travelMinutes: 16.4 },
        // 42.3 km, on foot.
        {
          id: 'h-far-1',
          area: 'tiedong',
          address: '远山路 1 号',
          nearestPoint: 'sp-002',
          travelMinutes: 824,
        },
        { id: 'h-far-2' },
      ],
      nextCursor: null,
    })
    const page = await uncoveredFor(admin, '?limit=1')
    expect(idsIn(page)).toEqual(['h-0001'])
    const rest = await uncoveredFor(admin, `?limit=9&cursor=${page.nextCursor}`)
    expect(idsIn(rest)).toEqual(['h-far-1', 'h-far-2'])
  })

  test('depend on the minutes and the area that are asked for', async () => {
    await addHomes()
    expect(idsIn(await uncoveredFor(admin, '?minutes=240&area=tiexi'))).toEqual(['h-far-2'])
    expect(idsIn(await uncoveredFor(admin, '?minutes=1&area=tiedong'))).toEqual(['h-0001', 'h-far-1'])
    for (const minutes of ['0', '241', 'many']) {
      expect((await admin.get(`/api/coverage?minutes=${minutes}`)).status).toBe(400)
    }
  })

  test('are all of them where no point is open', async () => {
    for (const id of ['sp-001', 'sp-002']) {
      await admin.patch(`/api/service-points/${id}`, { suspended: true })
    }
    expect((await uncoveredFor(admin)).homes).toMatchObject([
      { id: 'h-0001', nearestPoint: null, travelMinutes: null },
    ])
  })

  test('are shown without their address or place to who supervises', async () => {
    await addHomes()
    const supervisor = await addUser('supervisor', 'supervisor')
    const { homes } = await uncoveredFor(supervisor, '?area=tiexi')
    expect(homes).toMatchObject([{ id: 'h-far-2', address: '远**', position: null }])
  })
})

const Reaching = z.looseObject({
  points: z.array(
    z.looseObject({
      position: z.object({ lat: z.number(), lon: z.number(), datum: z.string() }),
      reachMeters: z.number().nullable(),
    }),
  ),
})

describe('the map', () => {
  test('shows homes with open alarms where they are, and the points', async () => {
    const call = await world.press('sos')
    const fall = await world.press('fall')
    await world.press('sos', 'btn-0002', 'h-0002', 'tiexi')
    const { body } = await admin.get('/api/map')
    expect(body).toMatchObject({
      homes: [
        {
          id: 'h-0001',
          area: 'tiedong',
          position: { lat: 41.12, lon: 122.98, datum: 'WGS84' },
          alarms: [
            { id: call.id, kind: 'sos', class: 'call', priority: 'high', state: 'offered' },
            { id: fall.id, kind: 'fall', state: 'suspected' },
          ],
        },
        { id: 'h-0002', position: null },
      ],
      points: [{ id: 'sp-001' }, { id: 'sp-002' }],
    })
    expect((await admin.get('/api/map?area=tiexi')).body).toMatchObject({
      homes: [{ id: 'h-0002' }],
      points: [],
    })
    expect(await admin.get('/api/map?area=atlantis')).toMatchObject({ status: 422 })
  })

  test('shows who supervises that there is an alarm, but not where somebody lives', async () => {
    await world.press('sos')
    const supervisor = await addUser('supervisor', 'supervisor')
    const { body } = await supervisor.get('/api/map')
    expect(body).toMatchObject({ homes: [{ id: 'h-0001', position: null, alarms: [{ kind: 'sos' }] }] })
  })

  test('gives each point that takes emergencies the circle in which a home is within reach, and no metre more', async () => {
    const { body } = await admin.get('/api/map')
    const { points } = Reaching.parse(body)
    const first = points[0]
    if (!first?.reachMeters) throw new Error('a point that takes emergencies')
    const { reachMeters } = first
    const northOf = (meters: number) => ({ ...first.position, lat: first.position.lat + meters / 111_194.9 })
    await admin.patch('/api/service-points/sp-002', { suspended: true })
    await world.registry.importDocument({
      homes: [
        { id: 'h-inside', address: '圈内', area: 'tiedong', position: northOf(reachMeters - 2) },
        { id: 'h-outside', address: '圈外', area: 'tiedong', position: northOf(reachMeters + 10) },
      ],
    })
    const out = idsIn(await uncoveredFor(admin, '?area=tiedong'))
    expect(out).toContain('h-outside')
    expect(out).not.toContain('h-inside')
    expect((await admin.get('/api/map')).body).toMatchObject({
      points: [{ reachMeters }, { reachMeters: null }],
    })
    await admin.patch('/api/areas/tiedong', { preset: 'rural' })
    const rural = Reaching.parse((await admin.get('/api/map?area=tiedong')).body).points[0]
    expect(rural?.reachMeters).toBeCloseTo(3_214.3, 1)
  })

  test('forgets a home when its alarms are over', async () => {
    const { id, epoch } = await world.press('sos')
    await admin.post(`/api/alarms/${id}/acknowledge`, { epoch })
    await admin.post(`/api/alarms/${id}/resolve`, { cause: 'accidental' })
    expect((await admin.get('/api/map')).body).toMatchObject({ homes: [] })
  })
})
