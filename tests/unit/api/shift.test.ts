import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { AlarmId, UserId } from '../../../gateway/model/ids.ts'
import { openEventStream } from '../../support/event-stream.ts'
import { eventually } from '../../support/eventually.ts'
import { type Client, clientWith, logIn, openWorld, type World } from './world.ts'

const password = 'a password of the shift'

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

const addUser = async (
  username: string,
  areas: readonly string[] = [],
  role = 'operator',
): Promise<Client> => {
  const scopes = areas.map(area => ({ area }))
  const made = await admin.post('/api/users', { username, name: `${username} 员`, role, scopes, password })
  expect(made.status).toBe(201)
  return logIn(world, username, password)
}

const Shift = z.looseObject({
  onDuty: z.array(z.looseObject({ user: z.string() })),
  pending: z.array(z.looseObject({ id: z.string(), alarms: z.array(z.string()) })),
  last: z.array(z.looseObject({ type: z.string() })),
})
const shiftOf = async (client: Client) => Shift.parse((await client.get('/api/shift')).body)
const onDuty = async (client: Client) => (await shiftOf(client)).onDuty.map(({ user }) => user)

const handOver = async (from: Client, to: string, more: object = {}): Promise<string> => {
  const { status, body } = await from.post('/api/shift/hand-over', { to, ...more })
  expect(status, JSON.stringify(body)).toBe(200)
  return z.looseObject({ id: z.string() }).parse(body).id
}

describe('a shift', () => {
  test('is taken over, and shows who is there, since when, for which areas, and at a console', async () => {
    const li = await addUser('li', ['tiedong'])
    expect((await li.post('/api/shift/take-over', {})).status).toBe(200)
    const closed = world.consoles.opened(UserId.parse('li'))
    expect(await shiftOf(li)).toEqual({
      onDuty: [
        {
          user: 'li',
          name: 'li 员',
          since: '2026-11-21T12:00:00.000Z',
          areas: ['tiedong'],
          connected: true,
        },
      ],
      pending: [],
      canFollow: [{ id: 'admin', name: 'admin' }],
      last: [
        {
          at: '2026-11-21T12:00:00.000Z',
          by: { id: 'li', name: 'li 员' },
          type: 'taken-over',
          to: null,
          from: null,
          alarms: null,
          kept: null,
        },
      ],
      unattendedSince: null,
    })
    closed()
    expect(await shiftOf(li)).toMatchObject({ onDuty: [{ connected: false }] })
  })

  test('counts a live stream as a console, until it is closed', async () => {
    const li = await addUser('li')
    await li.post('/api/shift/take-over', {})
    const base = await world.api.listen({ host: '127.0.0.1', port: 0 })
    const stream = await openEventStream(`${base}/api/stream`, { cookie: li.cookie })
    expect(await shiftOf(li)).toMatchObject({ onDuty: [{ connected: true }] })
    stream.close()
    const isGone = async () => {
      const [here] = (await shiftOf(li)).onDuty
      return here?.['connected'] === false ? true : undefined
    }
    expect(await eventually('the stream is closed', isGone)).toBe(true)
  })

  test('goes over by name with the open alarms of the leaver', async () => {
    const li = await addUser('li')
    const wang = await addUser('wang')
    await li.post('/api/shift/take-over', {})
    const first = await world.press('sos')
    const second = await world.press('fall')
    const free = await world.press('smoke')
    await li.post(`/api/alarms/${first.id}/acknowledge`, { epoch: first.epoch })
    await li.post(`/api/alarms/${second.id}/confirm`, {})
    await li.post(`/api/alarms/${second.id}/acknowledge`, { epoch: second.epoch })
    const id = await handOver(li, 'wang', { note: '二号楼已联系家属' })
    expect((await shiftOf(wang)).pending).toEqual([
      {
        id,
        from: { id: 'li', name: 'li 员' },
        to: { id: 'wang', name: 'wang 员' },
        alarms: [first.id, second.id],
        note: '二号楼已联系家属',
        offeredAt: '2026-11-21T12:00:00.000Z',
      },
    ])
    await li.post(`/api/alarms/${second.id}/resolve`, { cause: 'accidental' })

    expect(await wang.post('/api/shift/accept', { id })).toMatchObject({
      status: 200,
      body: {
        transferred: [first.id],
        notTransferred: [{ alarm: second.id, code: 'already-resolved' }],
      },
    })
    expect((await wang.get(`/api/alarms/${first.id}`)).body).toMatchObject({
      state: 'acknowledged',
      acknowledgedBy: { kind: 'user', id: 'wang' },
    })
    expect((await wang.get(`/api/alarms/${free.id}`)).body).toMatchObject({ acknowledgedBy: null })
    const { last } = await shiftOf(wang)
    expect(await onDuty(wang)).toEqual(['wang'])
    expect(last[0]).toMatchObject({ type: 'accepted', by: { id: 'wang' }, alarms: 1, kept: 1 })
    expect(last.map(({ type }) => type)).toEqual(['accepted', 'offered', 'taken-over'])
  })

  test('is not left by the last unless that is said, and that is an alarm', async () => {
    const li = await addUser('li')
    await li.post('/api/shift/take-over', {})
    expect(await li.post('/api/shift/leave', {})).toMatchObject({
      status: 409,
      body: { code: 'last-on-duty' },
    })
    expect((await li.post('/api/shift/leave', { leaveEmpty: true })).status).toBe(200)
    expect(await onDuty(li)).toEqual([])
    await world.clock.pass(0)
    expect((await li.get('/api/alarms?state=open')).body).toMatchObject({
      items: [{ kind: 'nobody-on-duty', class: 'technical', priority: 'high', home: null }],
    })
    expect(await shiftOf(li)).toMatchObject({ unattendedSince: '2026-11-21T12:00:00.000Z' })
  })

  test('that was offered can be withdrawn', async () => {
    const li = await addUser('li')
    const wang = await addUser('wang')
    await li.post('/api/shift/take-over', {})
    const id = await handOver(li, 'wang')
    expect((await li.post('/api/shift/withdraw', {})).status).toBe(200)
    expect(await wang.post('/api/shift/accept', { id })).toMatchObject({ status: 404 })
    expect(await onDuty(li)).toEqual(['li'])
  })

  test('cannot be had by a program', async () => {
    const { body } = await admin.post('/api/tokens', { name: 'script', role: 'operator' })
    const { token } = z.looseObject({ token: z.string() }).parse(body)
    const program = clientWith(world.api, { authorization: `Bearer ${token}` })
    expect(await program.post('/api/shift/take-over', {})).toMatchObject({
      status: 403,
      body: { code: 'not-allowed' },
    })
    expect(await onDuty(program)).toEqual([])
  })

  test('puts each act on record, with the colleague that it was about', async () => {
    const li = await addUser('li')
    await addUser('wang')
    await li.post('/api/shift/take-over', {})
    await handOver(li, 'wang')
    expect((await admin.get('/api/trail?limit=2')).body).toMatchObject({
      items: [
        { action: 'POST /api/shift/hand-over', subject: 'users/wang', actor: { id: 'li' }, outcome: 'done' },
        { action: 'POST /api/shift/take-over', actor: { id: 'li' }, outcome: 'done' },
      ],
    })
  })
})

describe('a colleague', () => {
  test('must see all that the leaver sees, and work at a console', async () => {
    const li = await addUser('li', ['tiedong'])
    await addUser('city', ['anshan'])
    await addUser('beside', ['tiexi'])
    await addUser('looks-on', ['tiedong'], 'supervisor')
    await addUser('gone', ['tiedong'])
    await admin.patch('/api/users/gone', { disabled: true })
    await li.post('/api/shift/take-over', {})
    for (const to of ['beside', 'looks-on', 'gone', 'nobody-of-this-name']) {
      expect(await li.post('/api/shift/hand-over', { to }), to).toMatchObject({
        status: 422,
        body: { code: 'unknown-reference', detail: expect.stringContaining(to) },
      })
    }
    await handOver(li, 'city')
  })

  test('of somebody who sees everything must see everything', async () => {
    const li = await addUser('li')
    await addUser('city', ['anshan'])
    await li.post('/api/shift/take-over', {})
    expect((await li.post('/api/shift/hand-over', { to: 'city' })).status).toBe(422)
    await handOver(li, 'admin')
  })

  test('is one of those who are named to the leaver: enabled, at consoles, and seeing all of the same', async () => {
    const li = await addUser('li', ['tiedong'])
    await addUser('same', ['tiedong'])
    await addUser('wider', ['anshan'])
    await addUser('elsewhere', ['tiexi'])
    await addUser('gone', ['tiedong'])
    await addUser('onlooker', ['tiedong'], 'supervisor')
    await admin.patch('/api/users/gone', { disabled: true })
    const namedTo = async (client: Client) =>
      z
        .looseObject({ canFollow: z.array(z.object({ id: z.string(), name: z.string() })) })
        .parse((await client.get('/api/shift')).body)
        .canFollow.map(({ id }) => id)
        .toSorted()
    expect(await namedTo(li)).toEqual(['admin', 'same', 'wider'])
    await li.post('/api/shift/take-over', {})
    for (const id of await namedTo(li)) {
      expect(await handOver(li, id)).not.toBe('')
      await li.post('/api/shift/withdraw', {})
    }
    // Whoever sees everything can be followed by who does, and an onlooker has nothing to hand over.
    expect(await namedTo(admin)).toEqual([])
    expect(await namedTo(await logIn(world, 'onlooker', password))).toEqual([])
  })

  test('must see all that the leaver sees when accepting, too: nobody is handed what they cannot see', async () => {
    const li = await addUser('li', ['tiedong'])
    const wang = await addUser('wang', ['tiedong'])
    await li.post('/api/shift/take-over', {})
    const { id: alarm, epoch } = await world.press('sos')
    await li.post(`/api/alarms/${alarm}/acknowledge`, { epoch })
    const id = await handOver(li, 'wang')
    await admin.patch('/api/users/wang', { scopes: [{ area: 'tiexi' }] })
    expect(await wang.post('/api/shift/accept', { id })).toMatchObject({
      status: 403,
      body: { code: 'not-allowed' },
    })
    expect((await li.get(`/api/alarms/${alarm}`)).body).toMatchObject({ acknowledgedBy: { id: 'li' } })
  })

  test('who is disabled or moved to other work is on duty no more, which only their own part is told', async () => {
    const here = await addUser('here', ['tiedong'])
    const beside = await addUser('beside', ['tiexi'])
    await here.post('/api/shift/take-over', {})
    await beside.post('/api/shift/take-over', {})
    await admin.patch('/api/users/here', { role: 'supervisor' })
    await world.clock.pass(10_000)
    expect(await onDuty(admin)).toEqual(['beside'])
    expect((await shiftOf(admin)).last[0]).toMatchObject({
      type: 'struck-off',
      by: null,
      from: { id: 'here' },
    })
    expect(JSON.stringify(await shiftOf(beside))).not.toContain('"here"')
    await admin.patch('/api/users/beside', { disabled: true })
    await world.clock.pass(10_000)
    expect((await admin.get('/api/alarms?state=open')).body).toMatchObject({
      items: [{ kind: 'nobody-on-duty' }],
    })
  })

  test('of another county is not seen, nor what happens there', async () => {
    const here = await addUser('here', ['tiedong'])
    const beside = await addUser('beside', ['tiexi'])
    const above = await addUser('above', ['anshan'])
    await here.post('/api/shift/take-over', {})
    await beside.post('/api/shift/take-over', {})
    await above.post('/api/shift/take-over', {})
    expect(await onDuty(here)).toEqual(['here', 'above'])
    expect(await onDuty(above)).toEqual(['here', 'beside', 'above'])
    await handOver(here, 'above')
    expect((await shiftOf(beside)).pending).toEqual([])
    expect(JSON.stringify(await shiftOf(beside))).not.toContain('"here"')
    expect(await onDuty(admin)).toEqual(['here', 'beside', 'above'])
  })

  test('is shown of the alarms handed over those in sight', async () => {
    const above = await addUser('above', ['anshan'])
    const here = await addUser('here', ['tiedong'])
    await addUser('next', ['anshan'])
    await above.post('/api/shift/take-over', {})
    const own = await world.press('sos')
    const other = await world.press('sos', 'btn-0002', 'h-0002', 'tiexi')
    // Asked of the same points, which the caller is not bound to.
    for (const { id, epoch } of [own, other]) await above.post(`/api/alarms/${id}/acknowledge`, { epoch })
    await handOver(above, 'next')
    expect((await shiftOf(here)).pending).toMatchObject([{ alarms: [own.id] }])
    expect((await shiftOf(above)).pending).toMatchObject([{ alarms: [own.id, AlarmId.parse(other.id)] }])
  })
})
