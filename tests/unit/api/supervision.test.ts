import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { DeviceId, HomeId } from '../../../gateway/model/ids.ts'
import type { Protection, Weakness } from '../../../gateway/model/supervision.ts'
import { type Client, logIn, logInOperator, openWorld, type World } from './world.ts'

const noon = Date.parse('2026-11-21T12:00:00Z')
const hourMs = 3_600_000
const dayMs = 24 * hourMs
const button = DeviceId.parse('btn-0001')

let world: World
let operator: Client
beforeEach(async () => {
  world = await openWorld()
  operator = await logInOperator(world)
})
afterEach(async () => {
  expect(world.mismatches).toEqual([])
  await world.close()
})

const found = (id: string, state: Protection, weaknesses: readonly Weakness[] = []): void => {
  const home = HomeId.parse(id)
  world.supervision.set(home, { home, state, since: noon - hourMs, weaknesses })
}

const addHomes = async (count: number): Promise<void> => {
  const homes = Array.from({ length: count }, (_, index) => ({
    id: `h-${String(index + 1_000)}`,
    address: `解放路 ${index} 号`,
    area: index % 2 === 0 ? 'tiedong' : 'tiexi',
  }))
  const { rejected } = await world.registry.importDocument({ homes })
  expect(rejected).toEqual([])
}

const Page = z.object({
  items: z.array(z.looseObject({ home: z.looseObject({ id: z.string() }) })),
  counts: z.looseObject({}),
  nextCursor: z.string().nullable(),
})
const read = async (search = '') => Page.parse((await operator.get(`/api/supervision${search}`)).body)
const ids = async (search = '') => (await read(search)).items.map(({ home }) => home.id)

describe('the homes that are watched over', () => {
  test('are listed worst first, then by id, with what is weak and since when', async () => {
    await addHomes(3)
    found('h-1002', 'unprotected', [{ reason: 'no-way-to-call' }])
    found('h-0002', 'degraded', [
      { reason: 'battery-low', device: DeviceId.parse('btn-0002'), since: noon - dayMs },
    ])
    found('h-1000', 'degraded')
    expect(await ids()).toEqual(['h-1002', 'h-0002', 'h-1000', 'h-0001', 'h-1001'])
    expect((await read()).items[1]).toEqual({
      home: { id: 'h-0002', address: '人民路 2 号', area: 'tiexi' },
      state: 'degraded',
      since: '2026-11-21T11:00:00.000Z',
      weaknesses: [{ reason: 'battery-low', device: 'btn-0002', since: '2026-11-20T12:00:00.000Z' }],
    })
    expect((await read()).items[0]).toMatchObject({
      weaknesses: [{ reason: 'no-way-to-call', device: null, since: null }],
    })
    expect((await read()).items[3]).toMatchObject({ state: 'protected', since: null, weaknesses: [] })
  })

  test('are counted in the whole area, whichever state is listed', async () => {
    await addHomes(4)
    found('h-0001', 'unprotected')
    found('h-1001', 'degraded')
    expect(await read('?state=degraded&limit=1')).toMatchObject({
      items: [{ home: { id: 'h-1001' } }],
      counts: { protected: 4, degraded: 1, unprotected: 1 },
      nextCursor: null,
    })
    expect(await read('?area=tiexi&state=unprotected')).toMatchObject({
      items: [],
      counts: { protected: 2, degraded: 1, unprotected: 0 },
    })
    expect((await read('?area=anshan')).items).toHaveLength(6)
    expect(await operator.get('/api/supervision?area=atlantis')).toMatchObject({
      status: 422,
      body: { code: 'unknown-reference' },
    })
    expect((await operator.get('/api/supervision?state=well')).status).toBe(400)
  })

  test('are read page by page, none twice and none left out', async () => {
    await addHomes(23)
    for (const id of ['h-1003', 'h-1020']) found(id, 'degraded')
    found('h-1011', 'unprotected')
    const seen: string[] = []
    let search = '?limit=4'
    for (;;) {
      const { items, nextCursor } = await read(search)
      seen.push(...items.map(({ home }) => home.id))
      if (nextCursor === null) break
      search = `?limit=4&cursor=${encodeURIComponent(nextCursor)}`
    }
    expect(seen).toEqual(await ids('?limit=200'))
    expect(seen).toHaveLength(25)
    expect(seen.slice(0, 4)).toEqual(['h-1011', 'h-1003', 'h-1020', 'h-0001'])
  })
})

describe('one home', () => {
  test('shows each of its devices: when it was heard, pressed and tested, and how its battery goes', async () => {
    found('h-0001', 'degraded', [
      { reason: 'weekly-test', device: button, since: noon - dayMs },
      { reason: 'line-lost' },
    ])
    world.presence.set(button, {
      lastSeenAt: noon,
      lastPressedAt: noon - dayMs,
      lastTestedAt: noon - 8 * dayMs,
      connected: true,
      status: { rssiDbm: -71 },
      battery: [90, 88, 89, 85].map((percent, day) => ({ at: noon + (day - 3) * dayMs, percent })),
    })
    expect((await operator.get('/api/homes/h-0001/supervision')).body).toMatchObject({
      home: { id: 'h-0001', address: '胜利路 1 号', area: 'tiedong' },
      state: 'degraded',
      weaknesses: [{ reason: 'weekly-test' }, { reason: 'line-lost' }],
      devices: [
        {
          id: 'btn-0001',
          model: 'native/call-button',
          room: 'bedroom',
          lastSeenAt: '2026-11-21T12:00:00.000Z',
          lastPressedAt: '2026-11-20T12:00:00.000Z',
          lastTestedAt: '2026-11-13T12:00:00.000Z',
          connected: true,
          rssiDbm: -71,
          // Around their means: (-1.5·2 + -0.5·0 + 0.5·1 + 1.5·-3) / (2.25 + 0.25 + 0.25 + 2.25)
          battery: { percentPerDay: -1.4, days: [{ percent: 90 }, {}, {}, { percent: 85 }] },
          conditions: [{ reason: 'weekly-test', since: '2026-11-20T12:00:00.000Z' }],
        },
      ],
    })
  })

  test('with a device that nobody has heard of makes nothing up', async () => {
    expect((await operator.get('/api/homes/h-0002/supervision')).body).toMatchObject({
      since: null,
      devices: [
        {
          id: 'btn-0002',
          room: null,
          lastSeenAt: null,
          connected: null,
          rssiDbm: null,
          battery: { percentPerDay: null, days: [] },
          conditions: [],
        },
      ],
    })
    expect((await operator.get('/api/homes/h-9999/supervision')).status).toBe(404)
  })

  test('with one day of battery has no trend yet', async () => {
    world.presence.set(button, { lastSeenAt: noon, status: {}, battery: [{ at: noon, percent: 80 }] })
    expect((await operator.get('/api/homes/h-0001/supervision')).body).toMatchObject({
      devices: [{ battery: { percentPerDay: null, days: [{ percent: 80 }] } }],
    })
  })
})

describe('the technician’s list', () => {
  test('names each device whose weekly test is missing, longest first, with its home', async () => {
    const admin = await logIn(world)
    await admin.post('/api/devices', { id: 'btn-0003', model: 'native/pendant', home: 'h-0001' })
    found('h-0001', 'degraded', [
      { reason: 'weekly-test', device: button, since: noon - dayMs },
      { reason: 'battery-low', device: button, since: noon - dayMs },
      { reason: 'weekly-test', device: DeviceId.parse('btn-0003'), since: noon - 3 * dayMs },
    ])
    found('h-0002', 'degraded', [
      { reason: 'weekly-test', device: DeviceId.parse('btn-0002'), since: noon - 2 * dayMs },
    ])
    world.presence.set(button, {
      lastSeenAt: noon,
      lastTestedAt: noon - 8 * dayMs,
      status: {},
      battery: [],
    })
    const Due = z.object({
      items: z.array(z.looseObject({ device: z.looseObject({ id: z.string() }) })),
      nextCursor: z.string().nullable(),
    })
    const due = async (search = '') =>
      Due.parse((await operator.get(`/api/supervision/tests-due${search}`)).body)
    const { items } = await due()
    expect(items.map(({ device }) => device.id)).toEqual(['btn-0003', 'btn-0002', 'btn-0001'])
    expect(items[2]).toEqual({
      device: { id: 'btn-0001', model: 'native/call-button', room: 'bedroom' },
      home: { id: 'h-0001', address: '胜利路 1 号', area: 'tiedong' },
      since: '2026-11-20T12:00:00.000Z',
      lastTestedAt: '2026-11-13T12:00:00.000Z',
    })
    expect(items[0]).toMatchObject({ lastTestedAt: null })
    expect((await due('?area=tiexi')).items).toHaveLength(1)
    const first = await due('?limit=2')
    const second = await due(`?limit=2&cursor=${encodeURIComponent(first.nextCursor ?? '')}`)
    expect(second.items.map(({ device }) => device.id)).toEqual(['btn-0001'])
    expect(second.nextCursor).toBeNull()
  })
})
