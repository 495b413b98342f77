/** What somebody who is bound to a part sees and may change, where the matrix does not look closely enough. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { AlarmId, HomeId } from '../../../gateway/model/ids.ts'
import { type EventStream, openEventStream } from '../../support/event-stream.ts'
import { eventually } from '../../support/eventually.ts'
import { fillCounties, noteIn, type Subjects, scopeOf } from './counties.ts'
import { type Client, clientWith, logIn, openWorld, type World } from './world.ts'

let world: World
let subjects: Subjects
let root: Client
beforeEach(async () => {
  world = await openWorld({ commentMs: 50 })
  subjects = await fillCounties(world)
  root = await logIn(world)
})
afterEach(async () => {
  await world.close()
})

const password = 'a fitting password'
const addUser = async (username: string, role: string, scopes: readonly object[]): Promise<Client> => {
  const { status } = await root.post('/api/users', { username, role, scopes, password })
  expect(status).toBe(201)
  return logIn(world, username, password)
}
const admin = () => addUser('county-admin', 'administrator', [scopeOf.area])
const Page = z.looseObject({
  items: z.array(z.looseObject({ id: z.string() })),
  nextCursor: z.string().nullable(),
})

describe('an administrator of one county', () => {
  test('adds what lies in it, and what lies elsewhere is refused in the words for what is not there', async () => {
    const client = await admin()
    const home = { id: 'h-new', address: '新路 1 号' }
    expect((await client.post('/api/homes', { ...home, area: 'county-one' })).status).toBe(201)
    const elsewhere = await client.post('/api/homes', { ...home, id: 'h-other', area: 'county-zeta' })
    const nowhere = await client.post('/api/homes', { ...home, id: 'h-other', area: 'county-none' })
    expect(elsewhere).toMatchObject({ status: 422, body: { code: 'unknown-reference' } })
    expect(JSON.stringify(elsewhere.body).replaceAll('zeta', 'none')).toBe(JSON.stringify(nowhere.body))
    // Also when something else about it is wrong.
    const device = { id: 'btn-new', model: 'native/call-button', home: 'h-none' }
    const twice = await Promise.all(
      ['r-zeta', 'r-none'].map(resident => client.post('/api/devices', { ...device, resident })),
    )
    expect(twice[0]?.body).toEqual(twice[1]?.body)
    expect(await client.post('/api/areas', { id: 'new', name: '新', level: 'city' })).toMatchObject({
      status: 403,
      body: { code: 'not-allowed' },
    })
  })

  test('moves nothing into or out of the sibling', async () => {
    const client = await admin()
    const { area } = { area: 'county-zeta' }
    expect((await client.patch('/api/homes/h-alpha', { area })).status).toBe(422)
    expect((await client.patch('/api/homes/h-zeta', { area: 'county-one' })).status).toBe(404)
    expect((await client.patch('/api/residents/r-alpha', { home: 'h-zeta' })).status).toBe(422)
    expect((await client.patch('/api/service-points/sp-alpha', { area })).status).toBe(422)
    expect((await client.patch('/api/areas/county-one', { parent: area })).status).toBe(422)
    // Out of its city, whose seats are asked when the county does not answer.
    expect((await client.patch('/api/areas/county-one', { parent: null })).status).toBe(403)
    expect((await client.patch('/api/devices/btn-alpha', { home: null, resident: null })).status).toBe(403)
    expect(world.registry.get('homes', 'h-alpha')?.area).toBe('county-one')
    expect(world.registry.get('devices', 'btn-alpha')?.home).toBe('h-alpha')
  })

  test('writes back what was read, though it names what lies outside', async () => {
    const client = await admin()
    const { body } = await client.get('/api/areas/county-one')
    expect(body).toMatchObject({ parent: 'city' })
    const changed = await client.patch('/api/areas/county-one', {
      ...z.looseObject({}).parse(body),
      name: '甲',
    })
    expect(changed).toMatchObject({ status: 200, body: { parent: 'city', name: '甲' } })
  })
})

describe('lists', () => {
  test('are full pages of what is in sight, none twice and none left out', async () => {
    const homes = Array.from({ length: 40 }, (_, n) => ({
      id: `h-${String(n).padStart(3, '0')}`,
      address: `${n} 号`,
      area: n % 3 === 0 ? 'county-one' : 'county-zeta',
    }))
    await world.registry.importDocument({ homes })
    const client = await admin()
    const seen: string[] = []
    for (let cursor: string | null = ''; cursor !== null; ) {
      const search: string = cursor === '' ? '' : `&cursor=${cursor}`
      const page = Page.parse((await client.get(`/api/homes?limit=5${search}`)).body)
      if (page.nextCursor !== null) expect(page.items).toHaveLength(5)
      seen.push(...page.items.map(({ id }) => id))
      cursor = page.nextCursor
    }
    const wanted = homes.filter(home => home.area === 'county-one').map(({ id }) => id)
    expect(seen).toEqual([...wanted, 'h-alpha', 'h-gamma'].toSorted())
  })

  test('of alarms hold one from nowhere known for every county, and for nobody who is bound otherwise', async () => {
    const lost = await world.journal.load(AlarmId.parse(subjects.sibling.alarms))
    if (!lost) throw new Error('there is no alarm')
    const id = AlarmId.parse('alarm-lost')
    const appended = await world.journal.append({
      alarm: { ...lost, id, version: 1, subject: 'sos/lost', location: { preset: 'urban' }, asked: [] },
      expectedVersion: 0,
      events: [{ type: 'noted', text: '地址不明' }],
      actor: { kind: 'clock' },
      recordedAt: world.clock.now(),
      deliveries: [],
    })
    expect(appended).toMatchObject({ ok: true })
    const lead = await addUser('lead', 'point-lead', [scopeOf.point])
    const operator = await addUser('operator', 'operator', [scopeOf.area])
    const listed = async (client: Client) =>
      Page.parse((await client.get('/api/alarms')).body).items.map(one => one.id)
    expect((await listed(operator)).toSorted()).toEqual(['alarm-alpha', 'alarm-gamma', id])
    expect((await operator.get(`/api/alarms/${id}`)).status).toBe(200)
    expect(await listed(lead)).toEqual(['alarm-alpha'])
    expect((await lead.get(`/api/alarms/${id}`)).status).toBe(404)
  })

  test('of strangers hold those of lines in homes in sight, and those of nowhere known', async () => {
    for (const line of ['panel-alpha', 'panel-zeta', 'pads']) {
      world.strangers.push({
        ...{ source: 'serial', line, address: '7', messages: 1, facts: {} },
        ...{ firstSeenAt: 0, lastSeenAt: 0 },
      })
    }
    world.lines.set('panel-alpha', HomeId.parse('h-alpha')).set('panel-zeta', HomeId.parse('h-zeta'))
    const technician = await addUser('technician', 'technician', [scopeOf.area])
    const { body } = await technician.get('/api/strangers')
    const { items } = z.object({ items: z.array(z.looseObject({ line: z.string() })) }).parse(body)
    expect(items.map(({ line }) => line)).toEqual(['panel-alpha', 'pads'])
  })

  test('of how homes are watched over count those in sight alone', async () => {
    world.supervision.set(HomeId.parse('h-zeta'), {
      home: HomeId.parse('h-zeta'),
      state: 'unprotected',
      weaknesses: [],
    })
    const assessor = await addUser('assessor', 'assessor', [scopeOf.area])
    // Of two homes a figure would be somebody's.
    expect(await assessor.get('/api/supervision/counts')).toMatchObject({
      status: 400,
      body: { code: 'invalid-request' },
    })
    expect((await root.get('/api/supervision/counts?area=county-one')).body).toMatchObject({ protected: 2 })
    const more = [1, 2, 3].map(n => ({ id: `h-${n}`, address: `${n} 号`, area: 'county-one' }))
    await world.registry.importDocument({ homes: more })
    const counts = { protected: 5, degraded: 0, unprotected: 0 }
    expect((await assessor.get('/api/supervision/counts')).body).toEqual(counts)
    expect((await assessor.get('/api/supervision/counts?area=county-one')).body).toEqual(counts)
    expect((await assessor.get('/api/supervision/counts?area=county-zeta')).status).toBe(422)
    expect((await root.get('/api/supervision/counts?area=county-zeta')).body).toMatchObject({
      unprotected: 1,
    })
    const supervisor = await addUser('supervisor', 'supervisor', [scopeOf.area])
    expect((await supervisor.get('/api/supervision')).body).toMatchObject({
      counts,
      items: [{}, {}, {}, {}, {}],
    })
  })
})

describe('the family of somebody who has left', () => {
  test('sees that resident, and no more of the home and its calls', async () => {
    const family = await addUser('daughter', 'family', [scopeOf.resident])
    const statuses = async () =>
      [
        await family.get('/api/residents/r-alpha'),
        await family.get('/api/homes/h-alpha'),
        await family.get(`/api/alarms/${subjects.own.alarms}`),
      ].map(({ status }) => status)
    const listed = async () => Page.parse((await family.get('/api/alarms')).body).items.length
    expect([await statuses(), await listed()]).toEqual([[200, 200, 200], 1])
    await root.patch('/api/residents/r-alpha', { leftAt: '2026-11-20T00:00:00Z' })
    expect([await statuses(), await listed()]).toEqual([[200, 404, 404], 0])
  })
})

describe('a command', () => {
  test('hands an alarm to nobody who could not see it or work on it, and sends nobody whom the caller does not', async () => {
    const operator = await addUser('operator', 'operator', [scopeOf.area])
    await addUser('far', 'operator', [{ area: 'county-zeta' }])
    await addUser('onlooker', 'supervisor', [scopeOf.area])
    const act = (command: string, body: object) =>
      operator.post(`/api/alarms/${subjects.own.alarms}/${command}`, body)
    const unknown = { status: 422, body: { code: 'unknown-reference' } }
    expect(await act('transfer', { to: { user: 'far' } })).toMatchObject(unknown)
    expect(await act('transfer', { to: { user: 'onlooker' } })).toMatchObject(unknown)
    expect(await act('transfer', { to: { point: 'sp-zeta' } })).toMatchObject(unknown)
    expect(await act('dispatch', { responder: 'rs-zeta' })).toMatchObject(unknown)
    expect((await act('transfer', { to: { user: 'operator' } })).status).toBe(200)
    expect((await act('dispatch', { responder: 'rs-alpha' })).status).toBe(200)
  })

  test('may name a point of the neighbours that was asked to take this alarm', async () => {
    const alarm = await world.journal.load(AlarmId.parse(subjects.own.alarms))
    const { asked } = (await world.journal.load(AlarmId.parse(subjects.sibling.alarms))) ?? {}
    if (!alarm || !asked) throw new Error('there is no alarm')
    const offered = await world.journal.append({
      alarm: { ...alarm, version: alarm.version + 1, asked: [...alarm.asked, ...asked] },
      expectedVersion: alarm.version,
      events: [{ type: 'noted', text: '扩大派发' }],
      actor: { kind: 'clock' },
      recordedAt: world.clock.now(),
      deliveries: [],
    })
    expect(offered).toMatchObject({ ok: true })
    const operator = await addUser('operator', 'operator', [scopeOf.area])
    expect(
      (await operator.post(`/api/alarms/${alarm.id}/transfer`, { to: { point: 'sp-zeta' } })).body,
    ).toMatchObject({ acknowledgedBy: { kind: 'point', id: 'sp-zeta' } })
  })
})

describe('the live stream', () => {
  const streams: EventStream[] = []
  const watch = async ({ cookie }: Client, lastEventId: number): Promise<EventStream> => {
    const base = world.api.server.listening
      ? addressOf()
      : await world.api.listen({ host: '127.0.0.1', port: 0 })
    const stream = await openEventStream(`${base}/api/stream?lastEventId=${lastEventId}`, { cookie })
    streams.push(stream)
    return stream
  }
  const addressOf = (): string => {
    const address = world.api.server.address()
    if (typeof address !== 'object' || address === null) throw new Error('not listening')
    return `http://127.0.0.1:${address.port}`
  }
  afterEach(() => {
    for (const stream of streams.splice(0)) stream.close()
  })
  const seqs = ({ events }: EventStream): number[] => events.map(({ data }) => data.seq)

  test('is resumed by somebody who is bound to a part exactly where it broke off', async () => {
    const operator = await addUser('operator', 'operator', [scopeOf.area])
    const whole = await watch(operator, 0)
    const first = await watch(operator, 0)
    await noteIn(world, 'own')
    await first.until(() => first.events.at(-1)?.data.seq === world.journal.head().seq)
    first.close()
    for (const ward of ['sibling', 'own', 'sibling', 'neighbour'] as const) await noteIn(world, ward)
    const second = await watch(operator, Number(first.events.at(-1)?.id))
    await noteIn(world, 'own')
    const { seq } = world.journal.head()
    for (const stream of [second, whole]) await stream.until(() => stream.events.at(-1)?.data.seq === seq)
    expect([...seqs(first), ...seqs(second)]).toEqual(seqs(whole))
  })

  test('begins for a point with what asks it', async () => {
    const lead = await addUser('lead', 'point-lead', [scopeOf.point])
    const stream = await watch(lead, 0)
    for (const ward of ['neighbour', 'own'] as const) await noteIn(world, ward)
    await stream.until(() => stream.events.length === 3)
    const alarm = await world.journal.load(AlarmId.parse(subjects.neighbour.alarms))
    const { asked } = (await world.journal.load(AlarmId.parse(subjects.own.alarms))) ?? {}
    if (!alarm || !asked) throw new Error('there is no alarm')
    const appended = await world.journal.append({
      alarm: { ...alarm, version: alarm.version + 1, asked: [...alarm.asked, ...asked] },
      expectedVersion: alarm.version,
      events: [{ type: 'noted', text: '扩大派发' }],
      actor: { kind: 'clock' },
      recordedAt: world.clock.now(),
      deliveries: [],
    })
    if (!appended.ok) throw new Error(JSON.stringify(appended))
    world.feed.push(appended.entries)
    await stream.until(() => stream.events.length === 4)
    expect(seqs(stream).at(-1)).toBe(world.journal.head().seq)
  })

  test('follows a change of scope by its next comment, and ends for whoever may read no longer', async () => {
    const operator = await addUser('operator', 'operator', [scopeOf.area])
    const stream = await watch(operator, world.journal.head().seq)
    await noteIn(world, 'own')
    await stream.until(() => stream.events.length === 1)
    expect((await root.patch('/api/users/operator', { scopes: [{ area: 'county-zeta' }] })).status).toBe(200)
    const before = stream.comments.length
    await eventually('a comment', () => {
      world.clock.advance(50)
      return stream.comments.length > before ? true : undefined
    })
    await noteIn(world, 'own')
    await noteIn(world, 'sibling')
    await stream.until(() => stream.events.length === 2)
    expect(stream.events.map(({ data }) => data.alarm)).toEqual([
      subjects.own.alarms,
      subjects.sibling.alarms,
    ])
    expect((await root.patch('/api/users/operator', { role: 'assessor' })).status).toBe(200)
    let isOver = false
    void stream.ended.then(() => {
      isOver = true
    })
    await eventually('the end of the stream', () => {
      world.clock.advance(50)
      return isOver || undefined
    })
  })
})

describe('a program', () => {
  test('is bound by its token as people are', async () => {
    const { body } = await root.post('/api/tokens', {
      name: '网格',
      role: 'operator',
      scopes: [scopeOf.area],
    })
    const { token } = z.looseObject({ token: z.string() }).parse(body)
    const program = clientWith(world.api, { authorization: `Bearer ${token}` })
    expect((await program.get('/api/homes/h-alpha')).status).toBe(200)
    expect((await program.get('/api/homes/h-zeta')).status).toBe(404)
  })
})
