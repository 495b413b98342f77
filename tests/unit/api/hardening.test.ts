import { afterEach, describe, expect, test, vi } from 'vitest'
import { type Client, clientWith, logIn, logInOperator, openWorld, type World } from './world.ts'

const opened: World[] = []
const open = async (given: Parameters<typeof openWorld>[0] = {}): Promise<World> => {
  const world = await openWorld(given)
  opened.push(world)
  return world
}
afterEach(async () => {
  vi.useRealTimers()
  for (const world of opened.splice(0)) {
    expect(world.mismatches).toEqual([])
    await world.close()
  }
})

describe('what a browser may do with an answer', () => {
  test('is nothing at all with data, and nothing from elsewhere with a page', async () => {
    const world = await open()
    const data = (await world.api.inject('/api/openapi.json')).headers
    const page = (await world.api.inject('/')).headers
    expect(data['content-security-policy']).toBe("default-src 'none';frame-ancestors 'none'")
    expect(String(page['content-security-policy']).split(';').toSorted()).toEqual([
      "base-uri 'none'",
      "default-src 'self'",
      "form-action 'self'",
      "frame-ancestors 'none'",
      "object-src 'none'",
      "require-trusted-types-for 'script'",
      // The one style that a library of the pages puts into them by itself.
      "style-src 'self' 'sha256-38RhXrc7EdReTKsOm23ZPOCUgniTUUcjky8QOOrQx6o='",
      "worker-src 'self'",
    ])
    for (const headers of [data, page]) {
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
      })
      expect(headers).not.toHaveProperty('x-powered-by')
    }
  })

  test('is to insist on https where people come in by it, and only there', async () => {
    const plain = await open()
    expect((await plain.api.inject('/')).headers).not.toHaveProperty('strict-transport-security')
    const secure = await open({ secureCookies: true })
    for (const url of ['/', '/api/session', '/api/nothing']) {
      expect((await secure.api.inject(url)).headers['strict-transport-security']).toContain(
        'max-age=31536000',
      )
    }
  })
})

describe('a fault inside', () => {
  test('is answered without a word of where and what', async () => {
    const { api } = await open()
    api.get('/fault', { config: { access: 'anyone' }, schema: { response: {} } }, async () => {
      throw new Error('secret detail at /srv/anling/gateway.ts')
    })
    const { statusCode, payload } = await api.inject('/fault')
    expect(statusCode).toBe(500)
    expect(JSON.parse(payload)).toMatchObject({ code: 'internal-error' })
    expect(payload).not.toMatch(/secret|\/srv|\.ts|Error:|\bat /)
    opened.at(-1)?.mismatches.splice(0)
  })
})

describe('too many requests', () => {
  const statuses = async (client: Client, path: string, count: number): Promise<Set<number>> => {
    const seen = new Set<number>()
    for (let number = 0; number < count; number += 1) seen.add((await client.get(path)).status)
    return seen
  }

  test('of one person are refused until the minute is over, and nobody else’s', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const world = await open({ requestsPerMinute: 60 })
    const admin = await logIn(world)
    const operator = await logInOperator(world)
    expect(await statuses(operator, '/api/homes', 60)).toEqual(new Set([200]))
    const refused = await operator.get('/api/residents')
    expect(refused).toMatchObject({ status: 429, body: { code: 'too-many-requests' } })
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
    expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(60)
    expect((await admin.get('/api/homes')).status).toBe(200)
    vi.setSystemTime(Date.now() + 60_000)
    expect((await operator.get('/api/residents')).status).toBe(200)
  })

  test('of nobody known are counted by address, and do not keep others from logging in there', async () => {
    const world = await open({ requestsPerMinute: 60 })
    const stranger = clientWith(world.api, {})
    expect(await statuses(stranger, '/api/homes', 60)).toEqual(new Set([401]))
    expect((await stranger.get('/api/homes')).status).toBe(429)
    expect((await stranger.get('/api/session')).status).toBe(401)
    expect((await (await logIn(world)).get('/api/homes')).status).toBe(200)
    const elsewhere = await world.api.inject({ url: '/api/homes', remoteAddress: '10.9.9.9' })
    expect(elsewhere.statusCode).toBe(401)
  })

  test('never keep anybody from an alarm, nor a watcher from the health', async () => {
    const world = await open({ requestsPerMinute: 60 })
    const operator = await logInOperator(world)
    await statuses(operator, '/api/homes', 61)
    expect((await operator.get('/api/homes')).status).toBe(429)
    expect((await operator.get('/api/session')).status).toBe(200)
    const { id, epoch } = await world.press()
    expect(await statuses(operator, '/api/alarms', 100)).toEqual(new Set([200]))
    expect(await statuses(operator, `/api/alarms/${id}`, 100)).toEqual(new Set([200]))
    expect((await operator.post(`/api/alarms/${id}/acknowledge`, { epoch })).status).toBe(200)
    expect((await operator.post(`/api/alarms/${id}/reveal`, {})).status).toBe(200)
    expect(await statuses(operator, '/healthz', 100)).toEqual(new Set([200]))
    // Refused requests change nothing, so they are not on record.
    const before = world.journal.trail.head().seq
    expect((await operator.put('/api/homes/h-0001/absence', {})).status).toBe(429)
    expect(world.journal.trail.head().seq).toBe(before)
  })
})
