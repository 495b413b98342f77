import type { IncomingMessage } from 'node:http'
import { connect, type Socket } from 'node:net'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { AlarmId, ResidentId, UserId } from '../../../gateway/model/ids.ts'
import { type EventStream, openEventStream } from '../../support/event-stream.ts'
import {
  type Client,
  logIn,
  logInOperator,
  openWorld,
  operatorPassword,
  type World,
} from '../../unit/api/world.ts'

let world: World
let url: string
let cookie: string
let alarm: AlarmId
beforeEach(async () => {
  world = await openWorld()
  const address = await world.api.listen({ host: '127.0.0.1', port: 0 })
  url = `${address}/api/stream`
  cookie = (await logIn(world)).cookie
  // Entries 1 and 2: raised and offered.
  alarm = AlarmId.parse((await world.press()).id)
})
afterEach(() => world.close())

const actor = { kind: 'user', id: UserId.parse('admin'), name: 'admin' } as const

/** One entry of the journal each. */
const note = async (count: number, text = 'note'): Promise<void> => {
  for (let written = 0; written < count; written += 1) {
    const done = await world.desk.act(alarm, { type: 'note', text }, actor)
    if ('refused' in done) throw new Error(done.refused)
  }
}

const open = (place?: number | string, query = ''): Promise<EventStream> =>
  openEventStream(`${url}${query}`, {
    cookie,
    ...(place !== undefined && { 'last-event-id': String(place) }),
  })

/** A reader that connects and then takes nothing, not even what it asked for: all entries from the second on. */
const openFrozen = async () => {
  const { hostname, port, host } = new URL(url)
  const served = Promise.withResolvers<Socket>()
  world.api.server.once('request', (request: IncomingMessage) => served.resolve(request.socket))
  const socket = connect({ host: hostname, port: Number(port) }).pause()
  socket.on('error', () => {})
  socket.write(`GET /api/stream HTTP/1.1\r\nHost: ${host}\r\nCookie: ${cookie}\r\nLast-Event-ID: 2\r\n\r\n`)
  return { socket, served: await served.promise }
}

const seqsOf = ({ events }: EventStream) => events.map(({ data }) => data.seq)
const numbers = (from: number, to: number) =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index)

describe('the live stream', () => {
  test('starts with what happens next, says where that is, and shows each entry with its seq as id', async () => {
    const stream = await open()
    expect(stream.status).toBe(200)
    expect(stream.headers).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    })
    await stream.until(() => stream.comments.length > 0)
    expect(stream.beginning()).toBe('retry: 2000\n: entries after 2\n\n')
    await note(1, '第一行\n第二行')
    await stream.until(() => stream.events.length > 0)
    expect(stream.events).toEqual([
      {
        id: '3',
        name: 'message',
        data: {
          seq: 3,
          alarm,
          version: 3,
          type: 'noted',
          at: '2026-11-21T12:00:00.000Z',
          actor: { kind: 'user', id: 'admin', name: 'admin' },
          text: '第一行\n第二行',
        },
      },
    ])
    expect(stream.beginning()).not.toContain('event:')
    stream.close()
  })

  test('shows an entry as soon as it is committed, to everybody', async () => {
    const streams = await Promise.all([open(), open(), open()])
    await note(1)
    await Promise.all(streams.map(stream => stream.until(() => stream.events.length === 1)))
    expect(streams.map(seqsOf)).toEqual([[3], [3], [3]])
    for (const stream of streams) stream.close()
  })

  test('resumes after the last event that a reader names, in the header or the address', async () => {
    await note(8)
    const byHeader = await open(4)
    const byAddress = await open(undefined, '?lastEventId=0')
    await byHeader.until(() => byHeader.events.length === 6)
    await byAddress.until(() => byAddress.events.length === 10)
    expect(seqsOf(byHeader)).toEqual(numbers(5, 10))
    expect(seqsOf(byAddress)).toEqual(numbers(1, 10))
    expect(byAddress.events[0]?.data).toMatchObject({ type: 'raised', eventId: 'e-1', kind: 'sos' })
    byHeader.close()
    byAddress.close()
  })

  test('refuses a place that is none, or that no entry has reached', async () => {
    for (const place of ['3', '99999999999999999999', '-1', '1.5', 'abc']) {
      const stream = await open(place)
      await stream.ended
      expect(stream.status, place).toBe(400)
      expect(stream.headers['content-type'], place).toMatch(/^application\/problem\+json/)
    }
    const stranger = await openEventStream(url, {})
    expect(stranger.status).toBe(401)
  })

  test('catches up over thousands of entries while more are written, without a gap or repeat', async () => {
    await note(5_000)
    const stream = await open(0)
    await note(500)
    await stream.until(() => stream.events.length >= 5_502)
    expect(seqsOf(stream)).toEqual(numbers(1, 5_502))
    stream.close()
  })

  test('put together over any disconnects is every entry once and in order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(40), { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 1, max: 150 }),
        async (lives, writes) => {
          const { seq: begin } = world.journal.head()
          const end = begin + writes
          const writing = note(writes)
          const seen: number[] = []
          for (const life of [...lives, Number.POSITIVE_INFINITY]) {
            const place = seen.at(-1) ?? begin
            if (place >= end) break
            const stream = await open(place)
            await stream.until(() => stream.events.length >= Math.min(life, end - place))
            // What has come in between counts as well: a browser has seen it.
            seen.push(...seqsOf(stream))
            stream.close()
          }
          await writing
          expect(seen).toEqual(numbers(begin + 1, end))
        },
      ),
      { numRuns: 40 },
    )
  })
})

describe('a reader of the stream', () => {
  test('who resumes is not told what was erased since, though others were', async () => {
    const told = await open()
    await note(1, '李秀英说腿疼')
    await told.until(() => told.events.length === 1)
    world.privacy.papers.eraseAbout({ resident: ResidentId.parse('r-0001') })
    const resumed = await open(2)
    await resumed.until(() => resumed.events.length === 1)
    expect([told, resumed].map(({ events }) => events[0]?.data.text)).toEqual([
      '李秀英说腿疼',
      '（已删除 erased）',
    ])
    for (const stream of [told, resumed]) stream.close()
  })

  test('gets a comment at least every five seconds, whether anything happens or not', async () => {
    const stream = await open()
    await stream.until(() => stream.comments.length === 1)
    for (let round = 1; round <= 5; round += 1) {
      if (round % 2 === 0) await note(3)
      world.clock.advance(5_000)
      await stream.until(() => stream.comments.length > round)
    }
    expect(seqsOf(stream)).toEqual(numbers(3, 8))
    stream.close()
  })

  test('who takes nothing is cut off, holds up nobody, and can resume', async () => {
    const live = await open()
    // More than the buffers of a loopback connection hold.
    const entries = 1_500
    await note(entries, 'x'.repeat(16_000))
    await live.until(() => live.events.length === entries)

    const frozen = await openFrozen()
    let isCutOff = false
    frozen.served.once('close', () => {
      isCutOff = true
    })
    while (!isCutOff) {
      world.clock.advance(100)
      await new Promise<void>(resolve => setImmediate(resolve))
    }
    frozen.socket.destroy()
    await note(1)
    await live.until(() => live.events.length === entries + 1)
    const resumed = await open(2)
    await resumed.until(() => resumed.events.length === entries + 1)
    expect(seqsOf(resumed)).toEqual(seqsOf(live))
    live.close()
    resumed.close()
  })

  test('whose session ends sees no more after the next comment', async () => {
    const stream = await open()
    await world.api.inject({ method: 'DELETE', url: '/api/session', headers: { cookie } })
    world.clock.advance(5_000)
    await stream.ended
    expect(stream.comments).toHaveLength(1)
  })

  test('keeps the session alive by watching', async () => {
    const stream = await open()
    await stream.until(() => stream.comments.length === 1)
    // Idle sessions end after an hour here.
    for (let round = 1; round <= 3; round += 1) {
      world.clock.advance(40 * 60_000)
      if (round < 3) await stream.until(() => stream.comments.length > round)
    }
    // After two hours the absolute limit ends it.
    await stream.ended
    expect(stream.comments).toHaveLength(3)
  })

  test('is refused when there are as many as can be served, and let in when one has gone', async () => {
    const streams = await Promise.all(Array.from({ length: 500 }, () => open()))
    expect(new Set(streams.map(({ status }) => status))).toEqual(new Set([200]))
    const refused = await open()
    expect(refused.status).toBe(503)
    streams[0]?.close()
    let next = await open()
    while (next.status === 503) next = await open()
    expect(next.status).toBe(200)
    for (const stream of [...streams, next]) stream.close()
  })

  test('finds room though others have taken it all: who only looks on gives way, then who holds most', async () => {
    const wang = await logInOperator(world)
    const admin = await logIn(world)
    const user = { username: 'onlooker', role: 'supervisor', password: operatorPassword }
    expect((await admin.post('/api/users', user)).status).toBe(201)
    const onlooker = await logIn(world, 'onlooker', operatorPassword)
    const openAs = ({ cookie }: Client) => openEventStream(url, { cookie })
    const looking = await openAs(onlooker)
    const streams = await Promise.all(Array.from({ length: 499 }, () => open()))

    const first = await openAs(wang)
    expect(first.status).toBe(200)
    await looking.ended
    expect((await openAs(onlooker)).status).toBe(503)
    const second = await openAs(wang)
    expect(second.status).toBe(200)
    await Promise.race(streams.map(({ ended }) => ended))
    await note(1)
    for (const stream of [first, second]) await stream.until(() => stream.events.length === 1)
    for (const stream of [...streams, first, second]) stream.close()
  })

  test('is let go when the gateway stops, even one that takes nothing', async () => {
    await note(600, 'x'.repeat(16_000))
    const streams = await Promise.all([open(), open(0)])
    const frozen = await openFrozen()
    await world.api.close()
    await Promise.all(streams.map(({ ended }) => ended))
    expect(streams.map(({ status }) => status)).toEqual([200, 200])
    frozen.socket.destroy()
  })
})
