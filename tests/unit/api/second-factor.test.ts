import { Secret, TOTP } from 'otpauth'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import {
  type Client,
  clientWith,
  logIn,
  logInOperator,
  openWorld,
  operatorPassword,
  type World,
} from './world.ts'

let world: World
let wang: Client
beforeEach(async () => {
  world = await openWorld()
  wang = await logInOperator(world)
})
afterEach(async () => {
  expect(world.mismatches).toEqual([])
  await world.close()
})

const Begun = z.object({ secret: z.string(), uri: z.string(), qr: z.string() })
const Confirmed = z.object({ recoveryCodes: z.array(z.string()).length(10) })
const password = operatorPassword
const path = '/api/session/second-factor'

const codeOf = (secret: string): string =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: world.clock.now() })

const enrol = async () => {
  const { secret } = Begun.parse((await wang.post(path, { password })).body)
  const confirmed = await wang.post(`${path}/confirm`, { code: codeOf(secret) })
  world.clock.advance(30_000)
  return { secret, ...Confirmed.parse(confirmed.body) }
}
const login = (code?: string) =>
  world.api.inject({
    method: 'POST',
    url: '/api/session',
    payload: { username: 'wang', password, ...(code !== undefined && { code }) },
  })

describe('a second factor', () => {
  test('is set up by its owner, and then every login needs a code', async () => {
    expect(await wang.post(path, { password: 'wrong' })).toMatchObject({ status: 401 })
    const begun = Begun.parse((await wang.post(path, { password })).body)
    expect(begun.uri).toContain(begun.secret)
    expect(begun.qr).toContain('<svg')
    expect(await wang.post(`${path}/confirm`, { code: '000000' })).toMatchObject({
      status: 401,
      body: { code: 'wrong-credentials' },
    })
    expect((await login()).statusCode).toBe(200)
    await wang.post(`${path}/confirm`, { code: codeOf(begun.secret) })
    expect((await wang.get('/api/session')).body).toMatchObject({ secondFactor: true })
    const refused = await login()
    expect(refused.statusCode).toBe(401)
    expect(refused.json()).toMatchObject({ code: 'second-factor-needed', titleZh: '需要输入动态验证码' })
    expect((await login('000000')).json()).toMatchObject({ code: 'wrong-credentials' })
    world.clock.advance(30_000)
    const code = codeOf(begun.secret)
    expect((await login(code)).json()).toMatchObject({ username: 'wang', secondFactor: true })
    expect((await login(code)).statusCode).toBe(401)
  })

  test('is stood in for by recovery codes, each once', async () => {
    const { recoveryCodes } = await enrol()
    const [first = '', second = ''] = recoveryCodes
    expect((await login(first)).statusCode).toBe(200)
    expect((await login(first)).statusCode).toBe(401)
    expect((await login(second)).statusCode).toBe(200)
  })

  test('cannot be begun twice, confirmed before it is begun, or removed when there is none', async () => {
    const refused = { status: 409, body: { code: 'wrong-second-factor-state' } }
    expect(await wang.post(`${path}/confirm`, { code: '123456' })).toMatchObject(refused)
    expect(await wang.delete(path, { password, code: '123456' })).toMatchObject(refused)
    await enrol()
    expect(await wang.post(path, { password })).toMatchObject(refused)
  })

  test('is removed by its owner with password and code', async () => {
    const { secret } = await enrol()
    const code = codeOf(secret)
    expect((await wang.delete(path, { password: 'wrong', code })).status).toBe(401)
    expect((await wang.delete(path, { password, code: '000000' })).status).toBe(401)
    expect((await wang.delete(path, { password, code })).status).toBe(204)
    expect((await login()).statusCode).toBe(200)
  })

  test('that was lost is taken away by an administrator, who cannot set one up for somebody', async () => {
    await enrol()
    const admin = await logIn(world)
    expect((await admin.get('/api/users')).body).toMatchObject({
      items: [
        { username: 'admin', secondFactor: false },
        { username: 'wang', secondFactor: true },
      ],
    })
    expect((await admin.patch('/api/users/wang', { secondFactor: true })).status).toBe(400)
    const taken = await admin.patch('/api/users/wang', { secondFactor: false })
    expect(taken).toMatchObject({ status: 200, body: { secondFactor: false } })
    expect((await login()).statusCode).toBe(200)
  })

  test('is not for programs', async () => {
    const admin = await logIn(world)
    const { body } = await admin.post('/api/tokens', { name: 'x' })
    const { token } = z.looseObject({ token: z.string() }).parse(body)
    const program = clientWith(world.api, { authorization: `Bearer ${token}` })
    for (const answer of [
      await program.post(path, { password }),
      await program.post(`${path}/confirm`, { code: '123456' }),
      await program.delete(path, { password, code: '123456' }),
    ]) {
      expect(answer).toMatchObject({ status: 403, body: { code: 'not-allowed' } })
    }
  })
})
