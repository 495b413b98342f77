import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type Client, clientWith, logIn, openWorld, type World } from './world.ts'

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

const zhao = { username: 'zhao', name: '赵强', role: 'point-lead', scopes: [{ point: 'sp-001' }] }
const Made = z.looseObject({ id: z.string(), token: z.string(), path: z.string() })
const invite = async (wanted: object = {}) =>
  Made.parse((await admin.post('/api/invitations', { ...zhao, ...wanted })).body)

const accept = (token: string, password = 'a password of my own', headers: Record<string, string> = {}) =>
  world.api.inject({
    method: 'POST',
    url: '/api/invitations/accept',
    payload: { token, password },
    headers,
    remoteAddress: '10.0.0.7',
  })

describe('an invitation', () => {
  test('is shown with its link once, and makes a person who is logged in at once', async () => {
    const made = await invite()
    expect(made).toMatchObject({ ...zhao, createdBy: 'admin', expiresAt: '2026-11-24T12:00:00.000Z' })
    expect(made.path).toBe(`/#invitation=${made.token}`)
    const listed = await admin.get('/api/invitations')
    expect(listed.body).toMatchObject({ items: [{ id: made.id, username: 'zhao' }] })
    expect(JSON.stringify(listed.body)).not.toContain(made.token)
    const accepted = await accept(made.token)
    expect(accepted.statusCode).toBe(200)
    expect(accepted.json()).toMatchObject({ ...zhao, via: 'session', secondFactor: false })
    const [cookie] = accepted.cookies
    expect(cookie).toMatchObject({ name: 'anling_session', httpOnly: true, sameSite: 'Strict' })
    const client = clientWith(world.api, { cookie: `${cookie?.name}=${cookie?.value}` })
    expect((await client.get('/api/session')).body).toMatchObject({ username: 'zhao' })
    const again = await accept(made.token)
    expect(again.statusCode).toBe(410)
    expect(again.json()).toMatchObject({ code: 'invitation-void' })
    expect((await admin.get('/api/invitations')).body).toEqual({ items: [] })
  })

  test('ends in time, and at once when it is withdrawn', async () => {
    const short = await invite({ hours: 1 })
    const withdrawn = await invite({ username: 'li' })
    expect((await admin.delete(`/api/invitations/${withdrawn.id}`)).status).toBe(204)
    expect((await admin.delete(`/api/invitations/${withdrawn.id}`)).status).toBe(404)
    world.clock.advance(3_600_000)
    for (const { token } of [short, withdrawn]) expect((await accept(token)).statusCode).toBe(410)
  })

  test.each([
    [{ hours: 0 }, 400, 'invalid-request'],
    [{ hours: 169 }, 400, 'invalid-request'],
    [{ username: 'token-1' }, 400, 'invalid-request'],
    [{ role: undefined }, 400, 'invalid-request'],
    [{ username: 'admin' }, 409, 'user-exists'],
    [{ scopes: [] }, 422, 'invalid-scope'],
    [{ scopes: [{ point: 'sp-999' }] }, 422, 'unknown-reference'],
  ])('is not made with what makes no sense: %j', async (wrong, status, code) => {
    const answer = await admin.post('/api/invitations', { ...zhao, ...wrong })
    expect(answer).toMatchObject({ status, body: { code } })
  })

  test('is not accepted with an easy password, nor by a page of another site', async () => {
    const { token } = await invite()
    const weak = await accept(token, 'zhao-zhao-2026')
    expect(weak.statusCode).toBe(422)
    expect(weak.json()).toMatchObject({ code: 'weak-password' })
    expect((await accept(token, undefined, { origin: 'https://evil.example' })).statusCode).toBe(403)
    expect((await accept(token)).statusCode).toBe(200)
  })

  test('cannot be guessed: who tries links that are none is made to wait', async () => {
    for (let count = 0; count < 20; count += 1) expect((await accept(`guess-${count}`)).statusCode).toBe(410)
    const refused = await accept('one more')
    expect(refused.statusCode).toBe(429)
    expect(refused.headers['retry-after']).toBe('1')
  })
})
