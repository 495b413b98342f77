import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { permissionNames } from '../../../gateway/model/permissions.ts'
import {
  adminPassword,
  clientWith,
  logIn,
  logInOperator,
  openWorld,
  operatorPassword,
  type World,
} from './world.ts'

let world: World
beforeEach(async () => {
  world = await openWorld()
})
afterEach(async () => {
  expect(world.mismatches).toEqual([])
  await world.close()
})

const login = (payload: object, headers: Record<string, string> = {}, remoteAddress = '10.0.0.1') =>
  world.api.inject({ method: 'POST', url: '/api/session', payload, headers, remoteAddress })

const right = { username: 'admin', password: adminPassword }
const wrong = { username: 'admin', password: 'wrong' }

describe('logging in', () => {
  test('sets a cookie that scripts cannot read and other sites cannot send', async () => {
    const response = await login(right)
    expect(response.json()).toEqual({
      username: 'admin',
      name: 'admin',
      role: 'administrator',
      scopes: [],
      permissions: permissionNames,
      secondFactor: false,
      via: 'session',
      expiresAt: '2026-11-21T14:00:00.000Z',
    })
    expect(response.headers['set-cookie']).toMatch(
      /^anling_session=[A-Za-z0-9_-]{43}; Path=\/; Expires=Sat, 21 Nov 2026 14:00:00 GMT; HttpOnly; SameSite=Strict$/,
    )
  })

  test('answers who one is, until one logs out', async () => {
    const client = await logIn(world)
    expect((await client.get('/api/session')).body).toMatchObject({ username: 'admin', via: 'session' })
    const gone = await client.delete('/api/session')
    expect(gone.status).toBe(204)
    expect(String(gone.headers['set-cookie'])).toMatch(/^anling_session=;/)
    expect(await client.get('/api/session')).toMatchObject({ status: 401, body: { code: 'not-logged-in' } })
  })

  test('with a wrong password or an unknown name is answered alike', async () => {
    const answers = await Promise.all([login(wrong), login({ ...right, username: 'nobody' })])
    for (const answer of answers) {
      expect(answer.statusCode).toBe(401)
      expect(answer.headers['www-authenticate']).toBe('Bearer')
      expect(answer.json()).toMatchObject({ code: 'wrong-credentials' })
    }
  })

  test('is slowed down for whoever guesses, while a colleague at another address gets in', async () => {
    for (let failures = 0; failures < 5; failures += 1) await login(wrong, {}, '10.6.6.6')
    const refused = await login(right, {}, '10.6.6.6')
    expect(refused.statusCode).toBe(429)
    expect(refused.headers['retry-after']).toBe('1')
    expect(refused.json()).toMatchObject({ code: 'too-many-attempts', retryAfterSeconds: 1 })
    world.clock.advance(1_000)
    expect((await login(right, {}, '10.0.0.1')).statusCode).toBe(200)
  })

  test('is refused unread where nobody has logged in from, once that floods; on record, and nobody elsewhere feels it', async () => {
    await login(right, {}, '10.0.0.1')
    for (const address of ['10.6.6.6', '10.0.0.1'])
      for (let count = 0; count < 25; count += 1) await login({ ...wrong, username: 'li' }, {}, address)
    const broken = (remoteAddress: string) =>
      world.api.inject({
        ...{ method: 'POST', url: '/api/session', payload: '{', remoteAddress },
        headers: { 'content-type': 'application/json' },
      })
    const refused = await broken('10.6.6.6')
    expect(refused.statusCode).toBe(429)
    expect(refused.headers['retry-after']).toBe('60')
    expect(refused.json()).toMatchObject({ code: 'too-many-attempts', retryAfterSeconds: 60 })
    // Read where somebody is known, and elsewhere.
    for (const address of ['10.0.0.1', '10.0.0.2']) {
      expect((await broken(address)).statusCode).toBe(400)
      expect((await login(right, {}, address)).statusCode).toBe(200)
    }
    expect((await logIn(world)).cookie).not.toBe('')
    const session = { cookie: (await logIn(world)).cookie }
    const seen = await world.api.inject({
      ...{ url: '/api/session', headers: session, remoteAddress: '10.6.6.6' },
    })
    expect(seen.statusCode).toBe(200)
    world.clock.advance(60_000)
    expect((await broken('10.6.6.6')).statusCode).toBe(400)
    const entries = await world.journal.trail.search({ limit: 50, action: 'POST /api/session' })
    const attempts = entries
      .filter(({ address }) => address === '10.6.6.6')
      .map(({ facts }) => Number(facts?.['attempts']))
    expect(attempts.reduce((sum, count) => sum + count, 0)).toBe(26)
  })

  test('is asked of every route that is not open to anyone', async () => {
    const client = clientWith(world.api, {})
    expect(await client.get('/api/alarms')).toMatchObject({ status: 401, body: { code: 'not-logged-in' } })
    const made = [{ authorization: 'Bearer anl_made-up' }, { authorization: 'Basic YTpi' }]
    for (const headers of [...made, { cookie: 'anling_session=made-up' }]) {
      expect((await clientWith(world.api, headers).get('/api/alarms')).status).toBe(401)
    }
  })

  test('comes before anything else is said about a request', async () => {
    const client = clientWith(world.api, {})
    expect((await client.post('/api/alarms/any/acknowledge', { epoch: 'nonsense' })).status).toBe(401)
    expect((await client.get('/api/alarms?nonsense=1')).status).toBe(401)
  })
})

describe('an operator', () => {
  test('works on alarms and reads the registry, but changes neither registry nor people', async () => {
    const operator = await logInOperator(world)
    for (const path of ['/api/alarms', '/api/homes', '/api/devices/btn-0001/events']) {
      expect((await operator.get(path)).status).toBe(200)
    }
    const refused = [
      operator.post('/api/homes', {}),
      operator.patch('/api/homes/h-0001', {}),
      operator.post('/api/import', {}),
      operator.get('/api/users'),
      operator.post('/api/users', {}),
      operator.patch('/api/users/admin', {}),
      operator.get('/api/tokens'),
      operator.post('/api/tokens', {}),
      operator.delete('/api/tokens/any'),
    ]
    for (const answer of await Promise.all(refused)) {
      expect(answer).toMatchObject({ status: 403, body: { code: 'not-allowed' } })
    }
  })

  test('changes the own password, which ends other sessions and asks for the old one', async () => {
    const here = await logInOperator(world)
    const elsewhere = await logIn(world, 'wang', operatorPassword)
    const newPassword = 'quite another one'
    expect(await here.patch('/api/session', { password: 'wrong', newPassword })).toMatchObject({
      status: 401,
    })
    expect(
      await here.patch('/api/session', { password: operatorPassword, newPassword: 'short' }),
    ).toMatchObject({
      status: 400,
    })
    expect((await here.patch('/api/session', { password: operatorPassword, newPassword })).status).toBe(204)
    expect((await here.get('/api/session')).status).toBe(200)
    expect((await elsewhere.get('/api/session')).status).toBe(401)
    await logIn(world, 'wang', newPassword)
  })
})

describe('a page of another site', () => {
  test('changes nothing with the cookie of whoever looks at it', async () => {
    const { cookie } = await logIn(world)
    const { id, epoch } = await world.press()
    const act = (origin: string) =>
      world.api.inject({
        method: 'POST',
        url: `/api/alarms/${id}/acknowledge`,
        headers: { cookie, origin, host: 'anling.example:8080' },
        payload: { epoch },
      })
    for (const origin of [
      'https://evil.example',
      'http://anling.example',
      'null',
      'http://anling.example:8080.evil',
    ]) {
      const refused = await act(origin)
      expect(refused.statusCode).toBe(403)
      expect(refused.json()).toMatchObject({ code: 'not-allowed' })
    }
    expect((await act('http://anling.example:8080')).statusCode).toBe(200)
  })

  test('cannot log anybody in either', async () => {
    expect((await login(right, { origin: 'https://evil.example' })).statusCode).toBe(403)
  })
})

describe('an administrator', () => {
  test('adds people, renames, disables and reinstates them', async () => {
    const admin = await logIn(world)
    const made = await admin.post('/api/users', { username: 'zhao', name: '赵强' })
    expect(made).toMatchObject({
      status: 201,
      body: { username: 'zhao', name: '赵强', role: 'operator', disabled: false },
    })
    const { password } = z.looseObject({ password: z.string() }).parse(made.body)
    await logIn(world, 'zhao', password)
    expect((await admin.patch('/api/users/zhao', { disabled: true })).body).toMatchObject({ disabled: true })
    expect((await login({ username: 'zhao', password })).statusCode).toBe(401)
    await admin.patch('/api/users/zhao', { disabled: false, name: '赵大强' })
    await logIn(world, 'zhao', password)
    expect((await admin.get('/api/users')).body).toMatchObject({
      items: [{ username: 'admin' }, { username: 'zhao', name: '赵大强' }],
    })
  })

  test('is told what is wrong with a person', async () => {
    const admin = await logIn(world)
    expect(await admin.post('/api/users', { username: 'admin', role: 'operator' })).toMatchObject({
      status: 409,
      body: { code: 'user-exists' },
    })
    for (const body of [{ username: 'token-1' }, { username: '王' }, { username: 'x', rol: 'operator' }]) {
      expect((await admin.post('/api/users', body)).status).toBe(400)
    }
    expect((await admin.patch('/api/users/nobody', { name: 'x' })).status).toBe(404)
    expect(await admin.patch('/api/users/admin', { role: 'operator' })).toMatchObject({
      status: 409,
      body: { code: 'last-administrator' },
    })
  })

  test('makes a token that is shown once, expires, and is revoked at once', async () => {
    const admin = await logIn(world)
    const made = await admin.post('/api/tokens', { name: 'report', expiresAt: '2026-11-22T00:00:00+08:00' })
    expect(made).toMatchObject({
      status: 201,
      body: { name: 'report', role: 'operator', createdBy: 'admin', expiresAt: '2026-11-21T16:00:00.000Z' },
    })
    const { id, token } = z.looseObject({ id: z.string(), token: z.string() }).parse(made.body)
    const program = clientWith(world.api, { authorization: `Bearer ${token}` })
    expect((await program.get('/api/session')).body).toMatchObject({ username: id, via: 'token' })
    expect((await program.get('/api/users')).status).toBe(403)
    expect(
      (await program.patch('/api/session', { password: 'x', newPassword: 'a new password' })).status,
    ).toBe(403)
    const list = await admin.get('/api/tokens')
    expect(list.body).toMatchObject({ items: [{ id, lastUsedAt: '2026-11-21T12:00:00.000Z' }] })
    expect(JSON.stringify(list.body)).not.toContain(token)
    expect((await admin.delete(`/api/tokens/${id}`)).status).toBe(204)
    expect((await program.get('/api/session')).status).toBe(401)
    expect((await admin.delete(`/api/tokens/${id}`)).status).toBe(404)
  })

  test('is told about a misspelt expiry instead of getting a token that never ends', async () => {
    const admin = await logIn(world)
    expect((await admin.post('/api/tokens', { name: 'x', expires: '2027-01-01T00:00:00Z' })).status).toBe(400)
  })
})

describe('an answer', () => {
  test('is not kept, guessed at, framed or used by other sites', async () => {
    const client = await logIn(world)
    for (const path of ['/api/alarms', '/api/nothing']) {
      expect((await client.get(path)).headers).toMatchObject({
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
        'content-security-policy': "default-src 'none';frame-ancestors 'none'",
      })
    }
  })
})
