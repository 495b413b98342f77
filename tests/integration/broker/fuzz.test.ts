import { Buffer } from 'node:buffer'
import { once } from 'node:events'
import { connect } from 'node:net'
import fc from 'fast-check'
import { generate } from 'mqtt-packet'
import { expect, it } from 'vitest'
import { connectPacket, loggedIn, publishPacket, startBroker } from './support.ts'

const will = { topic: 'a/status', payload: Buffer.from('{}'), qos: 1, retain: false } as const

const login = generate(connectPacket('a', { will }))
const session = [
  login,
  generate({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: 'a/feedback', qos: 1 }] }),
  publishPacket('a/event', '{"id":"1"}', 2),
  publishPacket('a/event', '{"id":"2"}', 3, 2),
  generate({ cmd: 'pubrel', messageId: 3 }),
  generate({ cmd: 'puback', messageId: 9 }),
  generate({ cmd: 'pubrec', messageId: 9 }),
  generate({ cmd: 'unsubscribe', messageId: 4, unsubscriptions: ['a/feedback'] }),
  generate({ cmd: 'pingreq' }),
  publishPacket('a/measure', '{}'),
  generate({ cmd: 'disconnect' }),
]
const wholeSession = Buffer.concat(session)

/** Sends, hangs up, and waits for the broker to have done the same. */
const throwAt = async (port: number, bytes: Buffer): Promise<void> => {
  const socket = connect({ port, host: '127.0.0.1' })
  socket.on('error', () => {})
  socket.resume()
  const closed = once(socket, 'close')
  socket.end(bytes)
  await closed
}

/** Starts a broker, throws everything at it, and proves that another client noticed nothing. */
const survives = async (attack: (port: number) => Promise<void>): Promise<void> => {
  const { port, broker, errors } = await startBroker()
  const witness = await loggedIn(port, 'witness')
  await attack(port)
  witness.send(publishPacket('witness/event', 'sos', 1))
  expect(await witness.next('puback')).toMatchObject({ messageId: 1 })
  expect(witness.packets).toHaveLength(2)
  await expect.poll(() => broker.connections).toBe(1)
  expect(errors).toEqual([])
}

const flipped = (bytes: Buffer, bit: number): Buffer => {
  const copy = Buffer.from(bytes)
  copy.writeUInt8(copy.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
  return copy
}

const inBatches = async (count: number, run: (index: number) => Promise<void>): Promise<void> => {
  for (let start = 0; start < count; start += 32) {
    await Promise.all(Array.from({ length: Math.min(32, count - start) }, (_, index) => run(start + index)))
  }
}

it('a session with any one bit flipped harms nobody else', () =>
  survives(port => inBatches(wholeSession.length * 8, bit => throwAt(port, flipped(wholeSession, bit)))))

it('a session cut at any byte harms nobody else', () =>
  survives(port => inBatches(wholeSession.length, end => throwAt(port, wholeSession.subarray(0, end)))))

it('random bytes harm nobody else, before the login and after it', () =>
  survives(async port => {
    await fc.assert(
      fc.asyncProperty(fc.boolean(), fc.uint8Array({ minLength: 1, maxLength: 300 }), (inside, noise) =>
        throwAt(port, Buffer.concat(inside ? [login, noise] : [noise])),
      ),
      { numRuns: 500 },
    )
  }))

it('frames of any type with sound lengths and random bodies harm nobody else', () =>
  survives(async port => {
    const frame = fc
      .tuple(fc.integer({ min: 0x10, max: 0xef }), fc.uint8Array({ maxLength: 100 }))
      .map(([head, body]) => Buffer.from([head, body.length, ...body]))
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(frame, fc.constantFrom(...session)), { maxLength: 12 }), frames =>
        throwAt(port, Buffer.concat([login, ...frames])),
      ),
      { numRuns: 500 },
    )
  }))
