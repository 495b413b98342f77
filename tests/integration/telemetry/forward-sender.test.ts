/** One request and what a far side of any kind makes of it. */
import type { IncomingMessage, RequestListener, Server } from 'node:http'
import { text } from 'node:stream/consumers'
import { createGunzip } from 'node:zlib'
import { afterEach, expect, test } from 'vitest'
import { createSender } from '../../../gateway/telemetry/influx/sender.ts'
import type { InfluxTarget } from '../../../gateway/telemetry/influx/target.ts'
import { night } from './forward-day-files.ts'
import { listen } from './forward-scripted-server.ts'

let server: Server | undefined
afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})

type Call = { readonly count?: number; readonly target?: Partial<InfluxTarget>; readonly timeoutMs?: number }

const send = async (listener: RequestListener, { count = 3, target, timeoutMs = 5_000 }: Call = {}) => {
  const listening = await listen(listener)
  server = listening.server
  const sender = createSender({ url: listening.url, bucket: 'sensors', ...target }, timeoutMs)
  return sender(night('pad-1', count), new AbortController().signal)
}

const answers =
  (status: number, body = '', headers: Readonly<Record<string, string>> = {}): RequestListener =>
  (request, response) => {
    request.resume()
    request.on('end', () => response.writeHead(status, headers).end(body))
  }

const json = { 'content-type': 'application/json' }
const conflict =
  'partial write: field type conflict: input field "x" on measurement "sensor" is type float, already exists as type string dropped=2'

test.each([
  [204, 'taken'],
  [201, 'taken'],
  [200, 'misconfigured'],
  [302, 'misconfigured'],
  [400, 'refused'],
  [401, 'misconfigured'],
  [403, 'misconfigured'],
  [404, 'misconfigured'],
  [405, 'misconfigured'],
  [408, 'unavailable'],
  [413, 'too-large'],
  [422, 'refused'],
  [425, 'unavailable'],
  [429, 'unavailable'],
  [500, 'unavailable'],
  [502, 'unavailable'],
  [503, 'unavailable'],
])('an answer of %i means %s', async (status, kind) => {
  expect(await send(answers(status, 'some words', { location: '/else' }))).toMatchObject({ kind })
})

test.each([
  ['7', 7_000],
  ['Fri, 01 Jan 1999 00:00:00 GMT', 0],
  ['soon', undefined],
])('a Retry-After of %s is a wish for %s ms', async (header, retryAfterMs) => {
  const outcome = await send(answers(429, '', { 'retry-after': header }))
  expect(outcome).toEqual({
    kind: 'unavailable',
    reason: expect.stringContaining('HTTP 429'),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  })
})

test.each([
  [400, { error: conflict }],
  [422, { code: 'unprocessable entity', message: `failure writing points to database: ${conflict}` }],
])('InfluxDB says in its answer of %i how many it dropped', async (status, body) => {
  expect(await send(answers(status, JSON.stringify(body), json))).toMatchObject({
    kind: 'refused',
    dropped: 2,
    reason: expect.stringContaining('field type conflict'),
  })
})

test('a long answer is cut short', async () => {
  const outcome = await send(answers(500, 'x'.repeat(100_000)))
  expect(outcome).toMatchObject({ kind: 'unavailable', reason: expect.stringMatching(/^.{300}$/) })
})

test('nobody listening, a closed connection and half an answer are passing', async () => {
  const gone = await listen(() => undefined)
  gone.server.close()
  expect(
    await createSender({ url: gone.url, bucket: 'b' }, 5_000)(
      night('pad-1', 1),
      new AbortController().signal,
    ),
  ).toMatchObject({ kind: 'unavailable', reason: expect.stringContaining('ECONNREFUSED') })
  expect(await send(request => request.socket.destroy())).toMatchObject({ kind: 'unavailable' })
  const half = await send((_request, response) => {
    response.writeHead(200, { 'content-length': '100' }).write('half')
    setImmediate(() => response.socket?.destroy())
  })
  expect(half).toMatchObject({ kind: 'unavailable' })
})

test('a server that does not answer in time is left, and its connection closed', async () => {
  const closed = Promise.withResolvers<void>()
  const outcome = await send(request => request.socket.once('close', () => closed.resolve()), {
    timeoutMs: 100,
  })
  expect(outcome).toEqual({ kind: 'unavailable', reason: 'no answer within 100 ms' })
  await closed.promise
})

test('a server that answers slowly, but in time, is waited for', async () => {
  const slow: RequestListener = (request, response) => {
    request.resume()
    // A word at a time: the limit is on the whole, and this is well within.
    response.writeHead(201, json)
    response.write('{')
    setTimeout(() => response.end('}'), 200)
  }
  expect(await send(slow)).toEqual({ kind: 'taken' })
})

test('stopping ends a request that is under way', async () => {
  const stop = new AbortController()
  const listening = await listen(() => stop.abort())
  server = listening.server
  const outcome = await createSender({ url: listening.url, bucket: 'b' }, 60_000)(
    night('pad-1', 1),
    stop.signal,
  )
  expect(outcome).toMatchObject({ kind: 'unavailable' })
})

const bodyOf = (request: IncomingMessage): Promise<string> =>
  text(request.headers['content-encoding'] === 'gzip' ? request.pipe(createGunzip()) : request)

test.each([
  [{ version: '1', token: 'u:p' }, '/write?db=sensors&precision=ms', `Basic ${btoa('u:p')}`],
  [
    { version: '2', token: 't', org: '安 铃' },
    '/api/v2/write?org=%E5%AE%89+%E9%93%83&bucket=sensors&precision=ms',
    'Token t',
  ],
  [{ version: '3', token: 't' }, '/api/v2/write?bucket=sensors&precision=ms', 'Token t'],
  [{}, '/api/v2/write?bucket=sensors&precision=ms', undefined],
] as const)('%o is written to %s', async (target, path, authorization) => {
  let seen: readonly unknown[] = []
  await send(
    (request, response) => {
      seen = [request.method, request.url, request.headers.authorization]
      answers(204)(request, response)
    },
    { target },
  )
  expect(seen).toEqual(['POST', path, authorization])
})

test('many lines go as gzip, a few as they are; a sample without readings goes not at all', async () => {
  const seen: { encoding: string | undefined; lines: number }[] = []
  const listening = await listen((request, response) => {
    void bodyOf(request).then(body => {
      seen.push({ encoding: request.headers['content-encoding'], lines: body.split('\n').length })
      response.writeHead(204).end()
    })
  })
  server = listening.server
  const sender = createSender({ url: listening.url, bucket: 'b' }, 5_000)
  const { signal } = new AbortController()
  await sender(night('pad-1', 5_000), signal)
  await sender(night('pad-1', 1), signal)
  const [sample] = night('pad-1', 1)
  const empty = sample ? [{ ...sample, readings: {} }] : []
  expect(await sender(empty, signal)).toEqual({ kind: 'taken' })
  expect(seen).toEqual([
    { encoding: 'gzip', lines: 5_000 },
    { encoding: undefined, lines: 1 },
  ])
})
