import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Client, logIn, openWorld, type World } from './world.ts'

let world: World
let admin: Client
beforeAll(async () => {
  world = await openWorld()
  admin = await logIn(world)
})
afterAll(async () => {
  expect(world.mismatches).toEqual([])
  await world.close()
})

const ask = async (request: {
  method: 'GET' | 'POST' | 'PATCH' | 'PUT'
  url: string
  payload?: string
  headers?: Record<string, string>
}) => {
  const response = await world.api.inject({
    ...request,
    headers: { cookie: admin.cookie, ...request.headers },
  })
  return {
    status: response.statusCode,
    type: response.headers['content-type'],
    body: response.json<unknown>(),
  }
}

const json = { 'content-type': 'application/json' }
const problemType = expect.stringMatching(/^application\/problem\+json/)

describe('a problem document', () => {
  test('has the members of RFC 9457, the stable code, and the title in both languages', async () => {
    expect(await ask({ method: 'GET', url: '/api/homes/nowhere?x=1' })).toEqual({
      status: 404,
      type: problemType,
      body: {
        type: 'urn:anling:error:not-found',
        title: 'There is nothing under this address',
        titleZh: '找不到该资源',
        status: 404,
        code: 'not-found',
        instance: '/api/homes/nowhere',
      },
    })
  })

  test('says which methods an address knows', async () => {
    const response = await world.api.inject({ method: 'PUT', url: '/api/homes/h-0001' })
    expect(response.headers.allow?.split(', ').toSorted()).toEqual(['GET', 'HEAD', 'PATCH'])
  })

  test('names every mistake of a request with its place', async () => {
    const answer = await ask({
      method: 'POST',
      url: '/api/alarms/any/dispatch',
      payload: JSON.stringify({ epoch: -1, etaMinutes: 'soon', responder: '/' }),
      headers: json,
    })
    expect(answer).toMatchObject({
      status: 400,
      type: problemType,
      body: {
        code: 'invalid-request',
        errors: [
          { in: 'body', path: '/epoch', message: expect.any(String) },
          { in: 'body', path: '/responder', message: expect.any(String) },
          { in: 'body', path: '/etaMinutes', message: expect.any(String) },
        ],
      },
    })
  })

  test('names what is missing when there is no body at all', async () => {
    expect(await ask({ method: 'POST', url: '/api/alarms/any/acknowledge' })).toMatchObject({
      status: 400,
      body: { code: 'invalid-request', errors: [{ in: 'body', path: '/epoch' }] },
    })
  })
})

describe('bad input', () => {
  const invalid = { status: 400, type: problemType, body: { code: 'invalid-request' } }

  test.each([
    ['an unknown address', 'GET', '/api/nothing', 404, 'not-found'],
    ['an address outside of the API', 'GET', '/nothing', 404, 'not-found'],
    ['a method that an address does not know', 'PUT', '/api/homes/h-0001', 405, 'method-not-allowed'],
    ['an address with broken escapes', 'GET', '/api/homes/%zz', 400, 'invalid-request'],
    ['a misspelt filter', 'GET', '/api/alarms?stat=open', 400, 'invalid-request'],
    ['a filter given twice', 'GET', '/api/alarms?kind=sos&kind=fall', 400, 'invalid-request'],
    ['a page that is too large', 'GET', '/api/alarms?limit=201', 400, 'invalid-request'],
    ['a date without an offset', 'GET', '/api/alarms?from=2026-11-21T00:00:00', 400, 'invalid-request'],
    ['an area that does not exist', 'GET', '/api/alarms?area=atlantis', 422, 'unknown-reference'],
    ['a point that does not exist', 'GET', '/api/alarms?point=sp-999', 422, 'unknown-reference'],
    ['an alarm that does not exist', 'GET', '/api/alarms/nowhere', 404, 'alarm-not-found'],
  ] as const)('%s is answered by a problem', async (_what, method, url, status, code) => {
    expect(await ask({ method, url })).toMatchObject({ status, type: problemType, body: { status, code } })
  })

  test.each([
    ['{"epoch":', 'cut off'],
    ['\u0000', 'not JSON'],
    ['[]', 'an array'],
    ['"text"', 'a text'],
    ['7', 'a number'],
    ['{"epoch":1,"__proto__":{"admin":true}}', 'a poisoned prototype'],
  ])('the body %j (%s) is answered by a problem', async payload => {
    const request = { method: 'POST', url: '/api/alarms/any/acknowledge', payload, headers: json } as const
    expect(await ask(request)).toMatchObject(invalid)
  })

  test('in another media type is answered 415', async () => {
    for (const type of ['text/plain', 'application/xml', 'text/csv', 'nonsense', 'multipart/form-data']) {
      const request = { method: 'POST', url: '/api/alarms/any/note', payload: 'x' } as const
      expect(await ask({ ...request, headers: { 'content-type': type } })).toMatchObject({
        status: 415,
        type: problemType,
        body: { code: 'unsupported-media-type' },
      })
    }
  })

  test('that is too large is answered 413, and only an import may be larger', async () => {
    const large = JSON.stringify({ text: 'x'.repeat(300_000) })
    const tooLarge = { status: 413, type: problemType, body: { code: 'body-too-large' } }
    const post = (url: string, payload: string) => ask({ method: 'POST', url, payload, headers: json })
    expect(await post('/api/alarms/any/note', large)).toMatchObject(tooLarge)
    expect(await post('/api/import', large)).toMatchObject({ status: 200 })
    expect(await post('/api/import', JSON.stringify({ text: 'x'.repeat(1_048_576) }))).toMatchObject(tooLarge)
  })
})

describe('a failure inside', () => {
  test('is answered without a word of what it was', async () => {
    const broken = await openWorld()
    const client = await logIn(broken)
    broken.journal.list = () => Promise.reject(new Error('secret detail of the inside'))
    const answer = await client.get('/api/alarms')
    expect(answer).toMatchObject({ status: 500, body: { code: 'internal-error' } })
    expect(JSON.stringify(answer)).not.toMatch(/secret detail|\.ts|at /)
    await broken.close()
  })

  test('of the journal is answered 503 and changes nothing', async () => {
    const full = await openWorld()
    const client = await logIn(full)
    const { id, epoch } = await full.press()
    full.journal.setHealth({ writable: false, detail: 'disk full' })
    expect(await client.post(`/api/alarms/${id}/acknowledge`, { epoch })).toMatchObject({
      status: 503,
      body: { code: 'journal-unavailable' },
    })
    full.journal.setHealth({ writable: true })
    expect(await client.post(`/api/alarms/${id}/acknowledge`, { epoch })).toMatchObject({
      status: 200,
      body: { state: 'acknowledged' },
    })
    await full.close()
  })
})
