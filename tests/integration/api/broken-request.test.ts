import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openWorld, type World } from '../../unit/api/world.ts'

let world: World
let port: number
beforeAll(async () => {
  world = await openWorld()
  port = Number(new URL(await world.api.listen({ host: '127.0.0.1', port: 0 })).port)
})
afterAll(() => world.close())

/** Sends bytes, and answers what comes back until the other side hangs up. */
const send = (bytes: string | Buffer): Promise<string> => {
  const { promise, resolve } = Promise.withResolvers<string>()
  let answer = ''
  const socket = connect({ host: '127.0.0.1', port })
  socket.setEncoding('utf8')
  socket.on('data', (chunk: string) => {
    answer += chunk
  })
  socket.on('error', () => {})
  socket.once('close', () => resolve(answer))
  socket.write(bytes)
  return promise
}

describe('bytes that are no HTTP request', () => {
  test.each([
    ['another protocol', Buffer.from([0x10, 0x0e, 0x00, 0x04, 0x4d, 0x51, 0x54, 0x54])],
    ['a broken first line', 'GET\r\n\r\n'],
    [
      'two lengths',
      'POST /api/session HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
    ],
    ['headers without end', `GET / HTTP/1.1\r\nX: ${'x'.repeat(100_000)}`],
  ])('(%s) are answered by a problem document and hung up on', async (_what, bytes) => {
    const answer = await send(bytes)
    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\nContent-Type: application\/problem\+json\r\n/)
    expect(JSON.parse(answer.split('\r\n\r\n')[1] ?? '')).toMatchObject({
      status: 400,
      code: 'invalid-request',
    })
  })
})
