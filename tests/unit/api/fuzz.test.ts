import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { clientWith, logIn, logInOperator, openWorld, type World } from './world.ts'

const Document = z.looseObject({
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.looseObject({
        parameters: z.array(z.looseObject({ name: z.string(), in: z.string() })).default([]),
        requestBody: z
          .looseObject({
            content: z.looseObject({
              'application/json': z
                .looseObject({
                  schema: z.looseObject({ properties: z.record(z.string(), z.unknown()).default({}) }),
                })
                .optional(),
            }),
          })
          .optional(),
      }),
    ),
  ),
})

type Operation = { method: Method; url: string; queries: string[]; members: string[] }

const methods = ['GET', 'POST', 'PATCH', 'DELETE', 'PUT', 'HEAD', 'OPTIONS'] as const
type Method = (typeof methods)[number]

let world: World
let cookie: string
let operations: Operation[]
beforeAll(async () => {
  world = await openWorld()
  await logInOperator(world, 'wang')
  cookie = (await logIn(world)).cookie
  const { paths } = Document.parse((await world.api.inject('/api/openapi.json')).json())
  operations = Object.entries(paths)
    // A stream has no end, and without its session all that follows would be 401.
    .filter(([url]) => url !== '/api/stream' && url !== '/api/session')
    .flatMap(([url, item]) =>
      Object.entries(item).map(([method, { parameters, requestBody }]) => ({
        method: z.enum(methods).parse(method.toUpperCase()),
        url,
        queries: parameters.filter(parameter => parameter.in === 'query').map(({ name }) => name),
        members: Object.keys(requestBody?.content['application/json']?.schema.properties ?? {}),
      })),
    )
  for (const kind of ['sos', 'fall', 'smoke'] as const) await world.press(kind)
  const admin = clientWith(world.api, { cookie })
  await admin.post('/api/institutions', { id: 'inst-01', name: '机构' })
  const bed = { id: 'bed-01', home: 'h-0001', resident: 'r-0001', institution: 'inst-01' }
  await admin.post('/api/beds', { ...bed, from: '2026-11-01T00:00:00Z' })
  await admin.post('/api/jobs', { home: 'h-0001', devices: [{ device: 'btn-0001' }] })
})
afterAll(() => world.close())

/** Of each member, values that are right somewhere, so that many requests get past the first check. */
const fitting: Readonly<Record<string, readonly unknown[]>> = {
  id: ['h-0009', 'sp-009', 'btn-0009', 'bed-09', 'h-0001'],
  epoch: [1, 2],
  cause: ['real', 'test'],
  to: [{ point: 'sp-002' }, { user: 'admin' }, { user: 'nobody' }],
  responder: ['rs-01', 'rs-99'],
  reached: [true, false],
  position: [
    { lat: 41, lon: 123, datum: 'GCJ02' },
    { lat: 41, lon: 123 },
  ],
  area: ['tiedong', 'atlantis'],
  parent: ['anshan', 'tiedong'],
  level: ['city', 'county'],
  hours: ['24/7', 'Mo-Fr 08:00-18:00', 'whenever'],
  capabilities: [['emergency']],
  point: ['sp-001'],
  home: ['h-0001'],
  resident: ['r-0001'],
  transport: [{ mqtt: {} }, { serial: { line: 'pads', number: 7 } }],
  contacts: [[], [{ name: '李明', phone: '139' }]],
  username: ['li', 'token-x'],
  role: ['operator', 'administrator'],
  disabled: [false],
  expiresAt: ['2027-01-01T00:00:00Z'],
  from: ['2026-11-21T12:00:00Z'],
  limit: [1, 200],
  device: ['btn-0001', 'nowhere'],
  metric: ['heartRate', 'of_its_own'],
  every: ['30s', '5m', '1d', '3600'],
  reason: ['out', 'hospital'],
  until: ['2026-11-22T12:00:00Z', '2027-11-22T12:00:00Z'],
  values: [{ 'bedExit.highAfter': 40 }, { 'bedExit.mediumAfter': 39 }, { 'test.every': null }, { x: 1 }],
  why: ['夜间如厕较多'],
  state: ['open', 'all', 'degraded'],
  kind: ['sos'],
  table: ['homes'],
  devices: [[{ device: 'btn-0001' }]],
  institution: ['inst-01', 'inst-99'],
  version: [1, 2],
  scopes: [[], [{ area: 'tiedong' }], [{ point: 'nowhere' }]],
  purpose: ['monitoring', 'health'],
  given: [true, false],
  minutes: [1, 15],
  code: ['123456', 'ANLING:1:btn-0001:ABCDEFGHJK0'],
  homes: [[{ id: 'h-0008', address: 'x', area: 'tiedong' }, {}]],
}
const unfitting = ['', '\u0000', '\ud800', '安'.repeat(2_500), '🔔', null, false, -1, 0, 1e21, 0.5, [], {}]
const valueOf = (member: string): fc.Arbitrary<unknown> =>
  fc.oneof(
    { arbitrary: fc.constantFrom(...(fitting[member] ?? ['a fitting text'])), weight: 9 },
    { arbitrary: fc.constantFrom<unknown>(...unfitting), weight: 1 },
    { arbitrary: fc.anything({ maxDepth: 2, withNullPrototype: false }), weight: 1 },
  )

const idsOf = (url: string): readonly string[] =>
  url.startsWith('/api/alarms')
    ? ['alarm-001', 'alarm-002', 'alarm-003']
    : url.startsWith('/api/presets')
      ? ['0', '4']
      : [
          ...['h-0001', 'sp-001', 'rs-01', 'r-0001', 'btn-0001', 'tiedong', 'wang'],
          ...['inst-01', 'bed-01', 'job-1'],
        ]
const idFor = (url: string): fc.Arbitrary<string> =>
  fc.oneof(
    { arbitrary: fc.constantFrom(...idsOf(url)), weight: 5 },
    fc.string({ unit: 'binary', maxLength: 80 }).map(text => encodeURIComponent(text.toWellFormed())),
    fc.constantFrom('%', '%ff', '..', '.', '%2e%2e%2f', '__proto__', 'constructor'),
  )

const textOf = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))

const rarely = <T>(usual: T, arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ arbitrary: fc.constant(usual), weight: 8 }, { arbitrary, weight: 1 })

const bodyOf = (members: readonly string[]): fc.Arbitrary<string> =>
  fc.oneof(
    {
      arbitrary: fc
        .tuple(
          ...members.map(member =>
            rarely(true, fc.constant(false)).chain(isThere =>
              isThere ? valueOf(member) : fc.constant(undefined),
            ),
          ),
        )
        .map(values =>
          JSON.stringify(Object.fromEntries(values.map((value, index) => [members[index], value]))),
        ),
      weight: 8,
    },
    { arbitrary: fc.anything().map(body => JSON.stringify(body) ?? ''), weight: 1 },
    { arbitrary: fc.constantFrom('{"__proto__":{"epoch":1}}', '[[', '"', '\u0000'), weight: 1 },
  )

const searchOf = (queries: readonly string[]): fc.Arbitrary<string> =>
  fc
    .array(
      fc
        .constantFrom(...queries, 'limit')
        .chain(name => fc.tuple(fc.constant(name), valueOf(name).map(textOf))),
      { maxLength: 3 },
    )
    .map(pairs => pairs.map(([name, text]) => `${name}=${encodeURIComponent(text.toWellFormed())}`).join('&'))

const request = fc.nat().chain(number => {
  const operation = operations[number % operations.length]
  if (!operation) throw new Error('the description holds no operation')
  return fc.record({
    method: rarely<Method>(operation.method, fc.constantFrom(...methods)),
    url: fc
      .tuple(idFor(operation.url), searchOf(operation.queries))
      .map(([given, search]) => `${operation.url.replaceAll(/\{\w+\}/g, given)}?${search}`),
    payload: bodyOf(operation.members),
    contentType: rarely(
      'application/json',
      fc.constantFrom('text/csv', 'text/plain', 'application/json; a', ';'),
    ),
  })
})

describe('random requests on every documented address', () => {
  test('never make the gateway fail, and every refusal is a problem document', async () => {
    const answers = new Map<number, number>()
    await fc.assert(
      fc.asyncProperty(request, async ({ method, url, payload, contentType }) => {
        const hasBody = method === 'POST' || method === 'PATCH' || method === 'PUT'
        const response = await world.api.inject({
          method,
          url,
          headers: { cookie, ...(hasBody && { 'content-type': contentType }) },
          ...(hasBody && { payload }),
        })
        const { statusCode } = response
        answers.set(statusCode, (answers.get(statusCode) ?? 0) + 1)
        const what = `${method} ${url} ${contentType} ${payload} → ${statusCode} ${response.payload}`
        expect(statusCode, what).toBeLessThan(500)
        if (statusCode >= 400 && method !== 'HEAD') {
          expect(response.headers['content-type'], what).toMatch(/^application\/problem\+json/)
          expect(response.json(), what).toMatchObject({ status: statusCode, code: expect.any(String) })
        }
      }),
      { numRuns: 2_000 },
    )
    expect(world.mismatches).toEqual([])
    expect((await world.api.inject({ url: '/api/session', headers: { cookie } })).statusCode).toBe(200)
    // The requests were neither all nonsense nor all harmless.
    for (const status of [200, 201, 400, 404, 405, 409, 415, 422])
      expect(answers.get(status), String(status)).toBeDefined()
  }, 60_000)
})
