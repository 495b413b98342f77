import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { clientWith, logIn, logInOperator, openWorld, operatorPassword, type World } from './world.ts'

let world: World
beforeEach(async () => {
  world = await openWorld()
})
afterEach(async () => {
  expect(world.mismatches).toEqual([])
  await world.close()
})

const Sessions = z.object({
  items: z.array(z.looseObject({ id: z.string(), current: z.boolean(), username: z.string() })),
})
const Made = z.looseObject({ id: z.string(), token: z.string() })

describe('a person', () => {
  test('is bound to where they work, and is told what they may do there', async () => {
    const admin = await logIn(world)
    const made = await admin.post('/api/users', {
      username: 'zhao',
      role: 'responder',
      scopes: [{ point: 'sp-001' }],
      password: operatorPassword,
    })
    expect(made).toMatchObject({
      status: 201,
      body: { role: 'responder', scopes: [{ point: 'sp-001' }], secondFactor: false },
    })
    const zhao = await logIn(world, 'zhao', operatorPassword)
    const mayAsResponder = {
      role: 'responder',
      scopes: [{ point: 'sp-001' }],
      permissions: [
        ...['alarm:read', 'alarm:work', 'card:read', 'card:share'],
        ...['registry:read', 'telemetry:read', 'rules:read'],
        'personal:reveal-in-alarm',
      ],
    }
    expect((await zhao.get('/api/session')).body).toMatchObject(mayAsResponder)
    await admin.patch('/api/users/zhao', { role: 'technician', scopes: [{ area: 'tiedong' }] })
    expect((await zhao.get('/api/session')).body).toMatchObject({
      role: 'technician',
      scopes: [{ area: 'tiedong' }],
      permissions: expect.arrayContaining(['device:fit']),
    })
    await admin.patch('/api/users/zhao', { disabled: true })
    expect((await zhao.get('/api/session')).status).toBe(401)
  })

  test.each([
    [{ role: 'responder' }, 'invalid-scope'],
    [{ role: 'family', scopes: [{ area: 'tiedong' }] }, 'invalid-scope'],
    [{ role: 'operator', scopes: [{ area: 'atlantis' }] }, 'unknown-reference'],
    [{ role: 'point-lead', scopes: [{ point: 'sp-999' }] }, 'unknown-reference'],
    [{ role: 'family', scopes: [{ resident: 'r-9999' }] }, 'unknown-reference'],
    [{ password: 'woaini1314' }, 'weak-password'],
  ])('is not made or changed so that it makes no sense: %j', async (wrong, code) => {
    const admin = await logIn(world)
    await admin.post('/api/users', { username: 'wang', password: operatorPassword })
    for (const answer of [
      await admin.post('/api/users', { username: 'zhao', ...wrong }),
      await admin.patch('/api/users/wang', wrong),
    ]) {
      expect(answer).toMatchObject({ status: 422, body: { code } })
    }
    expect((await admin.get('/api/users')).body).toMatchObject({
      items: [{ username: 'admin' }, { username: 'wang', role: 'operator', scopes: [] }],
    })
  })

  test('cannot choose a password that is easy to guess', async () => {
    const operator = await logInOperator(world)
    const change = { password: operatorPassword, newPassword: 'Qwerty123456' }
    expect(await operator.patch('/api/session', change)).toMatchObject({
      status: 422,
      body: { code: 'weak-password', titleZh: '密码过于简单，请更换' },
    })
    await logIn(world, 'wang', operatorPassword)
  })

  test('who manages people of an area does not manage people: that is for those who are bound to none', async () => {
    const admin = await logIn(world)
    await admin.post('/api/users', {
      username: 'county',
      role: 'administrator',
      scopes: [{ area: 'tiedong' }],
      password: 'known in Tiedong alone',
    })
    const county = await logIn(world, 'county', 'known in Tiedong alone')
    for (const path of ['/api/users', '/api/invitations', '/api/tokens', '/api/sessions?username=admin']) {
      expect(await county.get(path), path).toMatchObject({ status: 403, body: { code: 'not-allowed' } })
    }
  })
})

describe('sessions', () => {
  test('are shown to their owner, who can end each of them', async () => {
    const here = await logInOperator(world)
    const there = await logIn(world, 'wang', operatorPassword)
    const { items } = Sessions.parse((await here.get('/api/sessions')).body)
    expect(items).toHaveLength(2)
    expect(items).toContainEqual({
      id: expect.stringMatching(/^[0-9a-f]{32}$/),
      username: 'wang',
      createdAt: '2026-11-21T12:00:00.000Z',
      lastUsedAt: '2026-11-21T12:00:00.000Z',
      address: '127.0.0.1',
      userAgent: 'lightMyRequest',
      current: true,
    })
    const other = items.find(({ current }) => !current)
    expect((await here.delete(`/api/sessions/${other?.id}`)).status).toBe(204)
    expect((await there.get('/api/session')).status).toBe(401)
    expect((await here.get('/api/session')).status).toBe(200)
    expect((await here.delete(`/api/sessions/${other?.id}`)).status).toBe(404)
  })

  test('of others are for who manages people', async () => {
    const operator = await logInOperator(world)
    const admin = await logIn(world)
    const own = Sessions.parse((await admin.get('/api/sessions')).body)
    expect(own.items.length).toBeGreaterThan(0)
    expect(await operator.get('/api/sessions?username=admin')).toMatchObject({
      status: 403,
      body: { code: 'not-allowed' },
    })
    for (const { id } of own.items) expect((await operator.delete(`/api/sessions/${id}`)).status).toBe(404)
    expect((await admin.get('/api/session')).status).toBe(200)
    const theirs = Sessions.parse((await admin.get('/api/sessions?username=wang')).body)
    expect(theirs.items).toMatchObject([{ username: 'wang', current: false }])
    expect((await admin.delete(`/api/sessions/${theirs.items[0]?.id}`)).status).toBe(204)
    expect((await operator.get('/api/session')).status).toBe(401)
  })
})

describe('a token', () => {
  test('that is narrowed to managing people or tokens makes nobody who may do more', async () => {
    const admin = await logIn(world)
    const narrowed = { role: 'administrator', permissions: ['user:manage', 'token:manage', 'rules:read'] }
    const { token } = Made.parse((await admin.post('/api/tokens', { name: 'people', ...narrowed })).body)
    const program = clientWith(world.api, { authorization: `Bearer ${token}` })
    const chief = { username: 'chief', name: 'chief', role: 'administrator' }
    for (const answer of [
      await program.post('/api/users', chief),
      await program.post('/api/invitations', chief),
      await program.post('/api/tokens', { name: 'all', role: 'administrator' }),
      await program.post('/api/tokens', { name: 'more', role: 'operator', permissions: ['alarm:work'] }),
      await program.patch('/api/users/admin', { password: 'a password of somebody else' }),
    ]) {
      expect(answer).toMatchObject({ status: 403, body: { code: 'not-allowed' } })
    }
    expect((await program.post('/api/tokens', { name: 'same', ...narrowed })).status).toBe(201)
    await logIn(world)
  })

  test('is bound and narrowed like no more than its role', async () => {
    const admin = await logIn(world)
    const made = await admin.post('/api/tokens', {
      name: 'board',
      scopes: [{ area: 'tiedong' }],
      permissions: ['alarm:read'],
    })
    expect(made).toMatchObject({
      status: 201,
      body: { role: 'operator', scopes: [{ area: 'tiedong' }], permissions: ['alarm:read'] },
    })
    const program = clientWith(world.api, { authorization: `Bearer ${Made.parse(made.body).token}` })
    expect((await program.get('/api/session')).body).toMatchObject({
      scopes: [{ area: 'tiedong' }],
      permissions: ['alarm:read'],
      secondFactor: false,
      via: 'token',
    })
    expect((await program.get('/api/alarms')).status).toBe(200)
    expect((await program.get('/api/homes')).status).toBe(403)
    expect((await program.get('/api/sessions')).body).toEqual({ items: [] })
    const open = await admin.post('/api/tokens', { name: 'open' })
    expect(open.body).toMatchObject({ role: 'operator', scopes: [], permissions: null })
  })

  test.each([
    [{ permissions: ['user:manage'] }, 400, 'invalid-request'],
    [{ permissions: ['fly'] }, 400, 'invalid-request'],
    [{ permissions: [] }, 400, 'invalid-request'],
    [{ role: 'responder' }, 422, 'invalid-scope'],
    [{ scopes: [{ area: 'atlantis' }] }, 422, 'unknown-reference'],
  ])('is not made with what makes no sense: %j', async (wrong, status, code) => {
    const admin = await logIn(world)
    expect(await admin.post('/api/tokens', { name: 'x', ...wrong })).toMatchObject({ status, body: { code } })
    expect((await admin.get('/api/tokens')).body).toEqual({ items: [] })
  })
})
