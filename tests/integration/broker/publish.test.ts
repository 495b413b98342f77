import { Buffer } from 'node:buffer'
import { connectAsync } from 'mqtt'
import type { Packet } from 'mqtt-packet'
import { describe, expect, it } from 'vitest'
import type { PublishOutcome } from '../../../broker/types.ts'
import { loggedIn, type RawClient, startBroker, subscriber } from './support.ts'

/** Acknowledges the next message and answers with its text. */
const receive = async (client: RawClient): Promise<string> => {
  const { payload, messageId } = await client.next('publish')
  if (messageId !== undefined) client.send({ cmd: 'puback', messageId })
  return payload.toString()
}

const granted = (packet: Packet) => (packet.cmd === 'suback' ? packet.granted : undefined)

describe('a subscription', () => {
  it('that is not allowed is answered with 0x80, and the connection stays', async () => {
    const { port, broker, life } = await startBroker()
    const client = await loggedIn(port, 'a')
    const subscriptions = ['b/feedback', 'a/feedback', '#'].map(topic => ({ topic, qos: 1 }) as const)
    client.send({ cmd: 'subscribe', messageId: 1, subscriptions })
    expect(granted(await client.next('suback'))).toEqual([0x80, 1, 0x80])
    expect(broker.refusals.get('subscribe-not-allowed')).toBe(2)
    expect(life).toEqual(['connected a', 'subscribed a a/feedback'])
    expect(await Promise.all([broker.publish('a', 'a/feedback', 'x'), receive(client)])).toEqual([
      'acknowledged',
      'x',
    ])
  })

  it('ends with UNSUBSCRIBE', async () => {
    const { port, broker } = await startBroker()
    const client = await subscriber(port, 'a')
    client.send({ cmd: 'unsubscribe', messageId: 2, unsubscriptions: ['a/feedback'] })
    await client.next('unsuback')
    expect(await broker.publish('a', 'a/feedback', 'x')).toBe('not-connected')
  })
})

describe('publish', () => {
  it('reaches MQTT.js at QoS 1 and resolves with its acknowledgement', async () => {
    const { port, broker } = await startBroker()
    const client = await connectAsync({ host: '127.0.0.1', port, username: 'a', password: 'secret' })
    await client.subscribeAsync('a/#', { qos: 2 })
    const got = new Promise<string>(resolve =>
      client.on('message', (topic, payload, { qos, retain, dup }) =>
        resolve(JSON.stringify([topic, payload.toString(), qos, retain, dup])),
      ),
    )
    const long = '警'.repeat(20_000)
    expect(await broker.publish('a', 'a/feedback', long)).toBe('acknowledged')
    expect(await got).toBe(JSON.stringify(['a/feedback', long, 1, false, false]))
    await client.endAsync()
  })

  it('is confirmed by the PUBACK of exactly that message', async () => {
    const { port, broker } = await startBroker()
    const client = await subscriber(port, 'a')
    const outcomes: string[] = []
    const sends = ['first', 'second'].map(async text => {
      await broker.publish('a', 'a/feedback', text)
      outcomes.push(text)
    })
    const first = await client.next('publish')
    const second = await client.next('publish')
    client.send({ cmd: 'puback', messageId: 0xffff }, { cmd: 'puback', messageId: second.messageId ?? 0 })
    await sends[1]
    expect(outcomes).toEqual(['second'])
    client.send({ cmd: 'puback', messageId: first.messageId ?? 0 })
    await sends[0]
    expect(outcomes).toEqual(['second', 'first'])
  })

  it('is unconfirmed when the connection ends before the PUBACK', async () => {
    const { port, broker } = await startBroker()
    const client = await subscriber(port, 'a')
    const outcome = broker.publish('a', 'a/feedback', 'x')
    await client.next('publish')
    client.socket.destroy()
    expect(await outcome).toBe('unconfirmed')
  })

  it('is unconfirmed at QoS 0, which nobody confirms', async () => {
    const { port, broker } = await startBroker()
    const client = await subscriber(port, 'a', 0)
    expect(await broker.publish('a', 'a/feedback', 'x')).toBe('unconfirmed')
    expect(await client.next('publish')).toMatchObject({ qos: 0, payload: Buffer.from('x') })
  })

  it('finds nobody where nobody has subscribed to that topic', async () => {
    const { port, broker } = await startBroker()
    await subscriber(port, 'a')
    expect(await broker.publish('a', 'a/config', 'x')).toBe('not-connected')
    expect(await broker.publish('b', 'a/feedback', 'x')).toBe('not-connected')
  })

  it('reaches every connection of the identity, and one acknowledgement is enough', async () => {
    const { port, broker } = await startBroker()
    const clients = await Promise.all(
      ['1', '2'].map(async clientId => {
        const client = await loggedIn(port, 'a', { clientId })
        client.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: 'a/feedback', qos: 1 }] })
        await client.next('suback')
        return client
      }),
    )
    const outcome = broker.publish('a', 'a/feedback', 'x')
    const [first, second] = clients
    if (!first || !second) throw new Error('two clients are connected')
    expect(await receive(second)).toBe('x')
    expect(await outcome).toBe('acknowledged')
    expect(await receive(first)).toBe('x')
  })

  it('holds at most 1,000 messages in flight for one connection', async () => {
    const { port, broker } = await startBroker()
    const client = await subscriber(port, 'a')
    const sends = Array.from({ length: 1_001 }, () => broker.publish('a', 'a/feedback', 'x'))
    expect(await sends[1_000]).toBe('unconfirmed')
    const seen = new Set<number>()
    for (let count = 0; count < 1_000; count += 1) {
      const { messageId = 0 } = await client.next('publish')
      seen.add(messageId)
      client.send({ cmd: 'puback', messageId })
    }
    expect(seen.size).toBe(1_000)
    expect(new Set(await Promise.all(sends.slice(0, 1_000)))).toEqual(new Set(['acknowledged']))
  })

  it('is not delayed by a frozen subscriber, which is closed after the drain timeout', async () => {
    const { port, broker } = await startBroker({ limits: { drainTimeoutMs: 300 } })
    const frozen = await subscriber(port, 'frozen')
    const awake = await subscriber(port, 'awake')
    frozen.socket.pause()
    const megabyte = 'x'.repeat(1 << 20)
    const stuck: Promise<PublishOutcome>[] = []
    for (let count = 0; count < 20; count += 1) {
      stuck.push(broker.publish('frozen', 'frozen/feedback', megabyte))
      // Another turn: what one turn sends is bounded, and less than the system takes in on its own.
      await new Promise(resolve => setImmediate(resolve))
    }
    for (let count = 0; count < 20; count += 1) {
      const [outcome] = await Promise.all([broker.publish('awake', 'awake/feedback', 'x'), receive(awake)])
      expect(outcome).toBe('acknowledged')
    }
    expect(broker.isConnected('frozen')).toBe(true)
    expect(new Set(await Promise.all(stuck))).toEqual(new Set(['unconfirmed']))
    expect(broker.isConnected('frozen')).toBe(false)
    expect(broker.refusals.get('drain-timeout')).toBe(1)
    expect(broker.isConnected('awake')).toBe(true)
  })
})
