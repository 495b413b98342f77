import { Buffer } from 'node:buffer'
import { generate } from 'mqtt-packet'
import { describe, expect, it } from 'vitest'
import type { BrokerRefusal } from '../../../broker/types.ts'
import { connectPacket, loggedIn, publishPacket, rawClient, startBroker } from './support.ts'

/** Remaining length of 256 MiB less one: the most that MQTT can declare. */
const hugeLength = [0xff, 0xff, 0xff, 0x7f]

describe('a frame that is too large', () => {
  it('is refused at its declared length, before the login as after it', async () => {
    const { port, broker } = await startBroker()
    const stranger = await rawClient(port)
    stranger.send(Buffer.from([0x10, ...hugeLength]))
    await stranger.closed
    const known = await loggedIn(port, 'a')
    known.send(Buffer.from([0x30, ...hugeLength]))
    await known.closed
    expect(broker.refusals.get('frame-too-large')).toBe(2)
    await expect.poll(() => broker.connections).toBe(0)
  })

  it('does not take with it the sound message before it', async () => {
    const { port, messages, broker } = await startBroker()
    const client = await loggedIn(port, 'a')
    client.send(publishPacket('a/event', 'sos', 1), Buffer.from([0x30, ...hugeLength]))
    await client.closed
    expect(messages.map(({ payload }) => payload.toString())).toEqual(['sos'])
    expect(broker.refusals.get('frame-too-large')).toBe(1)
  })

  it('is one byte more than a message that passes', async () => {
    const { port, messages } = await startBroker({ limits: { maxFrameBytes: 1_000 } })
    const client = await loggedIn(port, 'a')
    const overhead = 2 + 'a/event'.length + 2
    client.send(publishPacket('a/event', 'x'.repeat(1_000 - overhead), 1))
    await client.next('puback')
    client.send(publishPacket('a/event', 'x'.repeat(1_001 - overhead), 2))
    await client.closed
    expect(messages).toHaveLength(1)
  })

  it('is not so of those that may say more in one message, once they have logged in', async () => {
    const { port, messages, broker } = await startBroker({
      limits: { maxFrameBytes: 1_000 },
      hooks: { maxFrameBytes: identity => (identity === 'bridge' ? 5_000 : undefined) },
    })
    const bridge = await loggedIn(port, 'bridge')
    bridge.send(publishPacket('bridge/event', 'x'.repeat(4_000), 1))
    await bridge.next('puback')
    const other = await loggedIn(port, 'a')
    other.send(publishPacket('a/event', 'x'.repeat(4_000), 1))
    await other.closed
    expect(messages.map(({ identity }) => identity)).toEqual(['bridge'])
    expect(broker.refusals.get('frame-too-large')).toBe(1)
  })
})

describe('a broken frame', () => {
  it.each<[string, BrokerRefusal, Buffer]>([
    ['a fifth byte of length', 'malformed-frame', Buffer.from([0x30, 0xff, 0xff, 0xff, 0xff, 0x01])],
    ['a reserved type', 'malformed-frame', Buffer.from([0xf0, 0x00])],
    ['a server’s packet', 'malformed-frame', generate({ cmd: 'pingresp' })],
    ['wrong flags', 'malformed-frame', Buffer.from([0x80, 0x06, 0x00, 0x01, 0x00, 0x01, 0x61, 0x01])],
    ['both QoS bits', 'malformed-frame', Buffer.from([0x36, 0x05, 0x00, 0x01, 0x61, 0x00, 0x01])],
    ['a message id of 0', 'malformed-frame', publishPacket('a/event', 'x', 0)],
    ['a topic longer than its frame', 'malformed-frame', Buffer.from([0x30, 0x03, 0x00, 0x09, 0x61])],
    ['a topic that is not UTF-8', 'malformed-frame', Buffer.from([0x30, 0x04, 0x00, 0x02, 0xc3, 0x28])],
    ['an empty topic', 'malformed-frame', Buffer.from([0x30, 0x03, 0x00, 0x00, 0x61])],
    ['a wildcard in a topic', 'malformed-frame', publishPacket('a/#', 'x', 1)],
    ['a second CONNECT', 'malformed-frame', generate(connectPacket('a'))],
    ['a topic of too many levels', 'topic-too-deep', publishPacket('a/b/c/d/e/f/g/h/i', 'x', 1)],
  ])('%s closes its connection, is counted, and touches nobody else', async (_what, refusal, bytes) => {
    const { port, broker, messages } = await startBroker()
    const witness = await loggedIn(port, 'witness')
    const client = await loggedIn(port, 'a')
    client.send(bytes)
    await client.closed
    expect(broker.refusals.get(refusal)).toBe(1)
    expect([...broker.refusals.values()].reduce((sum, count) => sum + count)).toBe(1)
    witness.send(publishPacket('witness/event', 'sos', 1))
    await witness.next('puback')
    expect(messages.map(({ identity }) => identity)).toEqual(['witness'])
  })

  it('whose message id runs over its end borrows none from the next frame', async () => {
    const { port, broker, messages } = await startBroker()
    const client = await loggedIn(port, 'a')
    client.send(Buffer.from([0x32, 0x04, 0x00, 0x02, 0x61, 0x2f]), publishPacket('a/event', 'x', 1))
    await client.closed
    expect(messages).toEqual([])
    expect(broker.refusals.get('malformed-frame')).toBe(1)
  })

  it('instead of CONNECT closes the connection', async () => {
    const { port, broker } = await startBroker()
    for (const bytes of [publishPacket('a/event', 'x', 1), Buffer.from('GET / HTTP/1.1\r\n\r\n')]) {
      const client = await rawClient(port)
      client.send(bytes)
      await client.closed
    }
    expect(broker.refusals.get('malformed-frame')).toBe(2)
  })
})

describe('a connection', () => {
  it('without CONNECT is closed at the deadline, also when its bytes dribble in', async () => {
    const { port, broker } = await startBroker({ limits: { connectTimeoutMs: 100 } })
    const mute = await rawClient(port)
    const slow = await rawClient(port)
    slow.send(generate(connectPacket('a')).subarray(0, 20))
    await Promise.all([mute.closed, slow.closed])
    expect(broker.refusals.get('connect-timeout')).toBe(2)
  })

  it.each([0, 3_600])(
    'that asks for a keep-alive of %s s is let in and held to the limit',
    async keepalive => {
      const { port, broker } = await startBroker({ limits: { maxKeepAliveSeconds: 1 } })
      const client = await loggedIn(port, 'a', { keepalive })
      await client.closed
      expect(broker.refusals.get('keep-alive-too-long')).toBe(1)
    },
  )

  it('that goes silent beyond its own keep-alive is closed, which is no refusal', async () => {
    const { port, broker, life, until } = await startBroker()
    await loggedIn(port, 'a', { keepalive: 1 })
    await until(() => life.includes('disconnected a'))
    expect(Math.max(...broker.refusals.values())).toBe(0)
  })

  it('beyond the bound of its address is refused, and accepted again when another has left', async () => {
    const { port, broker } = await startBroker({ limits: { maxPendingPerAddress: 1 } })
    const pending = await rawClient(port)
    const refused = await rawClient(port)
    await refused.closed
    expect(broker.refusals.get('too-many-connections-from-address')).toBe(1)
    pending.socket.destroy()
    await expect.poll(() => broker.connections).toBe(0)
    await loggedIn(port, 'a')
    await loggedIn(port, 'b')
    expect(broker.connections).toBe(2)
  })

  it('beyond the bound in total is refused', async () => {
    const { port, broker } = await startBroker({ limits: { maxConnections: 1 } })
    await loggedIn(port, 'a')
    const refused = await rawClient(port)
    await refused.closed
    expect(broker.refusals.get('too-many-connections')).toBe(1)
  })
})
