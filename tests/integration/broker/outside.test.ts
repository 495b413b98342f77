import { Buffer } from 'node:buffer'
import { EventEmitter, once } from 'node:events'
import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { connectOutsideBroker, type OutsideMessage } from '../../../gateway/transport/outside.ts'
import { type OutsideMosquitto, outsidePassword, prepareMosquitto } from '../../support/outside-mosquitto.ts'

const users = ['_gateway', 'btn-1', 'btn-2', 'points/sp-1', 'points/sp-2']
const password = outsidePassword

let mosquitto: OutsideMosquitto
let port = 0

beforeAll(async () => {
  mosquitto = await prepareMosquitto(users)
  port = mosquitto.port
  await mosquitto.start()
})

afterAll(async () => {
  await mosquitto.stop()
  await mosquitto.remove()
})

const logIn = async (username: string, more: IClientOptions = {}): Promise<MqttClient> => {
  const client = await connectAsync({
    host: '127.0.0.1',
    port,
    username,
    password,
    protocolVersion: 5,
    reconnectPeriod: 0,
    ...more,
  })
  client.on('error', () => {})
  onTestFinished(() => client.endAsync(true))
  return client
}

type Answer = (message: OutsideMessage) => boolean

/** The gateway's side of it, with what it was handed. */
const gateway = (clientId: string, answer: Answer = () => true) => {
  const messages: OutsideMessage[] = []
  const logged: string[] = []
  const changes = new EventEmitter()
  const log = (_fields: object, message: string) => {
    logged.push(message)
    changes.emit('change')
  }
  const until = async (condition: () => boolean) => {
    while (!condition()) await once(changes, 'change')
  }
  const outside = connectOutsideBroker({
    url: `mqtt://127.0.0.1:${port}`,
    username: '_gateway',
    password,
    clientId,
    topics: ['anling/v1/+/event', 'anling/v1/+/measure', 'anling/v1/+/status', 'anling/v1/points/+/reply'],
    log: { info: log, warn: log, error: log },
    hooks: {
      onMessage: async message => {
        messages.push({ ...message, payload: Buffer.from(message.payload) })
        changes.emit('change')
        return answer(message)
      },
    },
  })
  onTestFinished(() => outside.close())
  const connected = () => until(() => logged.includes('connected to the outside broker'))
  return { outside, messages, logged, until, connected }
}

const texts = (messages: readonly OutsideMessage[]) => messages.map(({ payload }) => payload.toString())

describe('through mosquitto with the shipped configuration', () => {
  it('an sos reaches onMessage with its device, and the device is acknowledged', async () => {
    const { messages, until, connected } = gateway('arrives')
    await connected()
    const device = await logIn('btn-1')
    await device.publishAsync('anling/v1/btn-1/event', 'sos', { qos: 1 })
    await until(() => messages.length === 1)
    expect(messages).toEqual([
      {
        identity: 'device:btn-1',
        topic: 'anling/v1/btn-1/event',
        payload: Buffer.from('sos'),
        qos: 1,
        retain: false,
      },
    ])
  })

  it('what could not be committed comes again until it is', async () => {
    const answers = [false, false, true]
    const { messages, until, connected, logged } = gateway('again', () => answers.shift() ?? true)
    await connected()
    const device = await logIn('btn-1')
    await device.publishAsync('anling/v1/btn-1/event', 'sos', { qos: 1 })
    await device.publishAsync('anling/v1/btn-1/event', 'again', { qos: 1 })
    await until(() => messages.at(-1)?.payload.toString() === 'again')
    expect(texts(messages)).toEqual(['sos', 'sos', 'sos', 'again'])
    expect(logged.filter(line => line.startsWith('not committed'))).toHaveLength(2)
  })

  it('what came while the gateway was away is handed on when it is back, also after a restart of mosquitto', async () => {
    const before = gateway('away')
    await before.connected()
    await before.outside.close()
    const device = await logIn('btn-1')
    await device.publishAsync('anling/v1/btn-1/event', 'sos', { qos: 1 })
    await mosquitto.stop()
    await mosquitto.start()
    const after = gateway('away')
    await after.until(() => after.messages.length === 1)
    expect(texts(after.messages)).toEqual(['sos'])
  })

  it('lets nobody speak for another: not a device, not a terminal', async () => {
    const { messages, until, connected } = gateway('listens')
    await connected()
    const device = await logIn('btn-1')
    const terminal = await logIn('points/sp-1')
    const forged = [
      device.publishAsync('anling/v1/btn-2/event', 'forged', { qos: 1 }),
      device.publishAsync('anling/v1/points/sp-1/reply', 'forged', { qos: 1 }),
      terminal.publishAsync('anling/v1/points/sp-2/reply', 'forged', { qos: 1 }),
      terminal.publishAsync('anling/v1/btn-1/event', 'forged', { qos: 1 }),
    ]
    expect((await Promise.allSettled(forged)).map(({ status }) => status)).toEqual(
      Array.from({ length: 4 }, () => 'rejected'),
    )
    await device.publishAsync('anling/v1/btn-1/status', 'mine', { qos: 1 })
    await terminal.publishAsync('anling/v1/points/sp-1/reply', 'mine', { qos: 1 })
    await until(() => messages.length === 2)
    expect(messages.map(({ identity, payload }) => `${identity} ${payload.toString()}`)).toEqual([
      'device:btn-1 mine',
      'point:sp-1 mine',
    ])
  })

  it('lets each read its own topics only, whatever it subscribes to', async () => {
    const { outside, connected } = gateway('speaks')
    await connected()
    const heard: string[] = []
    for (const name of ['btn-1', 'points/sp-1']) {
      const client = await logIn(name)
      client.on('message', topic => heard.push(`${name} hears ${topic}`))
      await client.subscribeAsync('#', { qos: 1 })
    }
    const own = ['anling/v1/btn-1/feedback', 'anling/v1/points/sp-1/offer', 'anling/v1/points/sp-1/update']
    for (const topic of ['anling/v1/btn-2/feedback', 'anling/v1/points/sp-2/offer', ...own]) {
      expect(await outside.publish('anybody', topic, '{}')).toBe('handed-over')
    }
    await expect
      .poll(() => heard.toSorted())
      .toEqual([
        'btn-1 hears anling/v1/btn-1/feedback',
        'points/sp-1 hears anling/v1/points/sp-1/offer',
        'points/sp-1 hears anling/v1/points/sp-1/update',
      ])
  })

  it('lets nobody in without a secret, and disconnects whoever retains an event', async () => {
    await expect(logIn('btn-1', { password: 'guess' })).rejects.toThrow('Not authorized')
    const anonymous = connectAsync({ host: '127.0.0.1', port, reconnectPeriod: 0 })
    await expect(anonymous).rejects.toThrow('Not authorized')
    const device = await logIn('btn-1')
    const closed = new Promise<void>(resolve => device.once('close', resolve))
    device.publish('anling/v1/btn-1/event', 'sos', { qos: 1, retain: true })
    await closed
  })
})

describe('without the outside broker', () => {
  it('publishing says so, and the connection comes by itself when the broker is there', async () => {
    await mosquitto.stop()
    const { outside, until, connected, logged } = gateway('early')
    await until(() => logged.includes('the outside broker cannot be reached'))
    expect(outside.isConnected('device:btn-1')).toBe(false)
    expect(await outside.publish('device:btn-1', 'anling/v1/btn-1/feedback', '{}')).toBe('not-connected')
    await mosquitto.start()
    await connected()
    expect(await outside.publish('device:btn-1', 'anling/v1/btn-1/feedback', '{}')).toBe('handed-over')
  })
})
