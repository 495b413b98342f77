import { Buffer } from 'node:buffer'
import { connectAsync } from 'mqtt'
import { generate } from 'mqtt-packet'
import { describe, expect, it } from 'vitest'
import { connectPacket, loggedIn, publishPacket, rawClient, startBroker } from './support.ts'

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1)
const texts = (messages: readonly { payload: Buffer }[]) => messages.map(({ payload }) => payload.toString())

/** Commits that settle when they are told to. */
const held = () => {
  const waiting: ((committed: boolean) => void)[] = []
  const onMessage = () => new Promise<boolean>(resolve => waiting.push(resolve))
  return { waiting, onMessage }
}

describe('a published message', () => {
  it.each([0, 1, 2] as const)('of QoS %s from MQTT.js is handed on with its owner', async qos => {
    const { port, messages, until } = await startBroker()
    const client = await connectAsync({ host: '127.0.0.1', port, username: 'a', password: 'secret' })
    await client.publishAsync('a/event', 'sos', { qos })
    await until(() => messages.length === 1)
    expect(messages).toEqual([
      { identity: 'a', topic: 'a/event', payload: Buffer.from('sos'), qos, retain: false },
    ])
    await client.endAsync()
  })

  it.each([
    ['PUBACK', 1, 'puback'],
    ['PUBREC', 2, 'pubrec'],
  ] as const)('gets its %s after the commit and not before', async (_name, qos, answer) => {
    const { waiting, onMessage } = held()
    const { port, messages, until } = await startBroker({ hooks: { onMessage } })
    const client = await loggedIn(port, 'a')
    const other = await loggedIn(port, 'b')
    client.send(publishPacket('a/event', 'sos', 7, qos))
    await until(() => messages.length === 1)
    other.send({ cmd: 'pingreq' })
    await other.next('pingresp')
    expect(client.packets).toHaveLength(1)
    waiting[0]?.(true)
    expect(await client.next(answer)).toMatchObject({ messageId: 7 })
  })

  it('is not acknowledged when it could not be committed: the connection closes and the client returns', async () => {
    let commits = false
    const { port, messages, broker } = await startBroker({ hooks: { onMessage: async () => commits } })
    const client = await connectAsync({
      host: '127.0.0.1',
      port,
      username: 'a',
      password: 'secret',
      clean: false,
      clientId: 'keeps-its-message',
      reconnectPeriod: 1,
    })
    client.once('close', () => {
      commits = true
    })
    await client.publishAsync('a/event', 'sos', { qos: 1 })
    expect(texts(messages)).toEqual(['sos', 'sos'])
    expect(broker.refusals.get('not-committed')).toBe(1)
    await client.endAsync()
  })

  it('of QoS 2 completes its handshake, and comes twice at most when it is sent again', async () => {
    const { port, messages } = await startBroker()
    const client = await loggedIn(port, 'a')
    const again = publishPacket('a/event', 'sos', 7, 2)
    again.writeUInt8(again.readUInt8(0) | 0x08, 0)
    client.send(publishPacket('a/event', 'sos', 7, 2), again)
    await client.next('pubrec')
    await client.next('pubrec')
    client.send({ cmd: 'pubrel', messageId: 7 })
    expect(await client.next('pubcomp')).toMatchObject({ messageId: 7 })
    client.send({ cmd: 'pubrel', messageId: 7 })
    expect(await client.next('pubcomp')).toMatchObject({ messageId: 7 })
    expect(texts(messages)).toEqual(['sos', 'sos'])
  })

  it.each([
    ['DISCONNECT', [generate({ cmd: 'disconnect' })]],
    ['the end of the stream', []],
  ])(
    'is handed on though %s follows at once: CONNECT and 1,000 messages in one write',
    async (_what, last) => {
      const { port, messages, until } = await startBroker()
      const client = await rawClient(port)
      const published = numbers(1_000).map(id => publishPacket('a/event', String(id), id))
      client.socket.end(Buffer.concat([generate(connectPacket('a')), ...published, ...last]))
      await until(() => messages.length === 1_000)
      expect(texts(messages)).toEqual(numbers(1_000).map(String))
      await client.closed
    },
  )

  it('waits in the socket, not in memory, while 256 commits of its connection are open', async () => {
    const { waiting, onMessage } = held()
    const { port, messages, until } = await startBroker({
      hooks: { onMessage: message => (message.identity === 'a' ? onMessage() : Promise.resolve(true)) },
    })
    const client = await loggedIn(port, 'a')
    client.send(...numbers(1_000).map(id => publishPacket('a/event', String(id), id)))
    await until(() => waiting.length === 256)
    const other = await loggedIn(port, 'b')
    for (const id of numbers(20)) {
      other.send(publishPacket('b/event', 'sos', id))
      await other.next('puback')
    }
    expect(waiting).toHaveLength(256)

    let settled = 0
    while (settled < 1_000) {
      const batch = waiting.slice(settled)
      for (const commit of batch) commit(true)
      settled += batch.length
      await until(() => waiting.length > settled || settled === 1_000)
    }
    for (const id of numbers(1_000)) expect(await client.next('puback')).toMatchObject({ messageId: id })
    expect(texts(messages.filter(({ identity }) => identity === 'a'))).toEqual(numbers(1_000).map(String))
  })

  it.each([
    ['under a foreign name', publishPacket('b/event', 'sos', 1)],
    [
      'with the retain flag',
      Buffer.concat([Buffer.from([0x33]), publishPacket('a/event', 'x', 1).subarray(1)]),
    ],
  ])('%s closes the connection and is handed to nobody', async (_what, publish) => {
    const { port, messages, broker } = await startBroker()
    const client = await loggedIn(port, 'a')
    client.send(publish)
    await client.closed
    expect(broker.refusals.get('publish-not-allowed')).toBe(1)
    expect(messages).toEqual([])
  })

  it('is never passed on to another client, however that one has subscribed', async () => {
    const { port, messages } = await startBroker({ hooks: { maySubscribe: () => true } })
    const listener = await loggedIn(port, 'b')
    listener.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: '#', qos: 1 }] })
    await listener.next('suback')
    const client = await loggedIn(port, 'a')
    client.send(publishPacket('a/event', 'sos', 1))
    await client.next('puback')
    listener.send({ cmd: 'pingreq' })
    await listener.next('pingresp')
    expect(messages).toHaveLength(1)
    expect(listener.packets.map(({ cmd }) => cmd)).toEqual(['connack', 'suback', 'pingresp'])
  })

  it('beyond what one may bring is acknowledged, counted and let go, and the next call is taken', async () => {
    const { port, messages, broker } = await startBroker({
      hooks: { isWithinQuota: (_identity, topic) => topic !== 'a/measure' },
    })
    const client = await loggedIn(port, 'a')
    for (const id of numbers(20)) client.send(publishPacket('a/measure', 'too much', id))
    client.send(publishPacket('a/event', 'sos', 21))
    for (const id of numbers(21)) expect(await client.next('puback')).toMatchObject({ messageId: id })
    expect(texts(messages)).toEqual(['sos'])
    expect(broker.refusals.get('quota')).toBe(20)
  })

  it('left as a will is handed on when the connection breaks, and not after DISCONNECT', async () => {
    const { port, messages, until, life } = await startBroker()
    const will = {
      topic: 'a/status',
      payload: Buffer.from('{"online":false}'),
      qos: 1,
      retain: false,
    } as const
    const polite = await loggedIn(port, 'a', { will })
    polite.send({ cmd: 'disconnect' })
    await until(() => life.includes('disconnected a'))
    expect(messages).toEqual([])
    const broken = await loggedIn(port, 'a', { will })
    broken.socket.resetAndDestroy()
    await until(() => messages.length === 1)
    expect(texts(messages)).toEqual(['{"online":false}'])
  })
})
