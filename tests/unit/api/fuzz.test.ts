import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { logIn, openWorld, type World } from './world.ts'

const Document = z.looseObject({
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.looseObject({ parameters: z.array(z.looseObject({ name: z.string(), in: z.string() })).default([]) }),
    ),
  ),
})

let world: World
let cookie: string
let routes: { url: string; queries: string[] }[]
beforeAll(async () => {
  world = await openWorld()
  cookie = (await logIn(world)).cookie
  const { paths } = Document.parse((await world.api.inject('/api/openapi.json')).json())
  routes = Object.entries(paths)
    .filter(([url]) => url !== '/api/stream')
    .map(([url, item]) => ({
      url,
      queries: Object.values(item).flatMap(({ parameters }) =>
        parameters.filter(parameter => parameter.in === 'query').map(({ name }) => name),
      ),
    }))
  for (const kind of ['sos', 'fall', 'smoke'] as const) await world.press(kind)
})
afterAll(async () => {
  await world.close()
})

const methods = ['GET', 'POST', 'PATCH', 'DELETE', 'PUT', 'HEAD', 'OPTIONS'] as const
const contentTypes = ['application/json', 'text/csv', 'text/plain', 'application/json; charset=gbk', '', ';']

/** What is documented somewhere, so that random bodies get past the first check now and then. */
const members = [
  ...['epoch', 'note', 'text', 'to', 'user', 'point', 'cause', 'reached', 'satisfaction', 'responder', 'id'],
  ...['name', 'role', 'disabled', 'expiresAt', 'area', 'parent', 'level', 'position', 'lat', 'lon', 'datum'],
  ...['hours', 'home', 'address', 'resident', 'transport', 'mqtt', 'homes', 'devices', 'areas', '__proto__'],
]
const values = [
  ...['sp-001', 'admin', 'real', 'h-0001', 'tiedong', 'anshan', 'WGS84', '24/7', '2026-11-21T12:00:00Z'],
  ...['city', 'operator', 'rs-01', '', '\u0000', '\ud800', '安'.repeat(300), '🔔'],
]
const scalar = fc.oneof(
  fc.constantFrom(...values),
  fc.constantFrom(null, true, false, 0, 1, -1, 5, 1e21, 0.5),
  fc.string({ unit: 'binary', maxLength: 20 }),
)
const { body: randomBody } = fc.letrec<{ body: unknown }>(tie => ({
  body: fc.oneof(
    { maxDepth: 3 },
    scalar,
    fc.dictionary(fc.constantFrom(...members), tie('body'), { maxKeys: 5 }),
    fc.array(tie('body'), { maxLength: 3 }),
  ),
}))

const idOf = fc.oneof(
  fc.constantFrom('h-0001', 'sp-001', 'btn-0001', 'tiedong', 'alarm-001', 'alarm-002', 'alarm-003', 'admin'),
  fc.string({ unit: 'binary', maxLength: 80 }).map(text => encodeURIComponent(text.toWellFormed())),
  fc.constantFrom('%', '%ff', '..', '.', '%2e%2e%2f', '__proto__', 'constructor'),
)

describe('random requests on every documented address', () => {
  test('never make the gateway fail, and every refusal is a problem document', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat().map(number => routes[number % routes.length] ?? { url: '/', queries: [] }),
        fc.constantFrom(...methods),
        idOf,
        fc.array(fc.tuple(fc.nat(), fc.oneof(scalar.map(String), fc.string({ unit: 'binary' }))), {
          maxLength: 3,
        }),
        fc.oneof(
          randomBody.map(body => JSON.stringify(body)),
          fc.string({ unit: 'binary' }),
        ),
        fc.constantFrom(...contentTypes),
        async (route, method, id, query, payload, contentType) => {
          const search = query
            .map(([which, value]) => {
              const name = route.queries[which % (route.queries.length + 1)] ?? 'limit'
              return `${name}=${encodeURIComponent(value.toWellFormed())}`
            })
            .join('&')
          const url = `${route.url.replaceAll(/\{\w+\}/g, id)}?${search}`
          // The session must live on: its loss would turn all that follows into 401.
          if (route.url === '/api/session' && method === 'DELETE') return
          const response = await world.api.inject({
            method,
            url,
            headers: { cookie, ...(contentType !== '' && { 'content-type': contentType }) },
            ...(method !== 'GET' && method !== 'HEAD' && { payload }),
          })
          const what = `${method} ${url} ${contentType} ${payload} → ${response.statusCode} ${response.payload}`
          expect(response.statusCode, what).toBeLessThan(500)
          if (response.statusCode >= 400 && method !== 'HEAD') {
            expect(response.headers['content-type'], what).toMatch(/^application\/problem\+json/)
            expect(response.json(), what).toMatchObject({
              status: response.statusCode,
              code: expect.any(String),
            })
          }
        },
      ),
      { numRuns: 1_500 },
    )
    expect(world.mismatches).toEqual([])
    expect((await world.api.inject({ url: '/api/session', headers: { cookie } })).statusCode).toBe(200)
  }, 60_000)
})
