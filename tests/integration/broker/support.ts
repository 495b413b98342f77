/** A broker with hooks that record, and a bare client that speaks MQTT as badly as it is told to. */
import { Buffer } from 'node:buffer'
import { EventEmitter, once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { generate, type IConnectPacket, type Packet, parser } from 'mqtt-packet'
import { onTestFinished } from 'vitest'
import { createBroker } from '../../../broker/broker.ts'
import type { Broker, BrokerHooks, BrokerLimits, InboundMessage } from '../../../broker/types.ts'

export const limits: BrokerLimits = {
  maxFrameBytes: 66_000,
  maxConnections: 100,
  maxConnectionsPerAddress: 90,
  maxPendingPerAddress: 80,
  connectTimeoutMs: 5_000,
  maxKeepAliveSeconds: 300,
  maxTopicLevels: 8,
  drainTimeoutMs: 3_000,
}

export type Recorded = {
  readonly broker: Broker
  readonly port: number
  readonly messages: InboundMessage[]
  /** `connected a`, `subscribed a a/feedback`, `disconnected a` in order. */
  readonly life: string[]
  readonly errors: string[]
  /** Resolves when `condition` holds: looked at after every call of a hook. */
  readonly until: (condition: () => boolean) => Promise<void>
}

type Options = { readonly hooks?: Partial<BrokerHooks>; readonly limits?: Partial<BrokerLimits> }

/** The password is `secret`; who is `a` may publish under `a/` without retain, and subscribe to `a/feedback` and `a/#`. */
export const startBroker = async (options: Options = {}): Promise<Recorded> => {
  const messages: InboundMessage[] = []
  const life: string[] = []
  const errors: string[] = []
  const changes = new EventEmitter().setMaxListeners(100)
  const note = (what: string) => {
    life.push(what)
    changes.emit('change')
  }
  const commit = options.hooks?.onMessage ?? (async () => true)
  const broker = await createBroker({
    limits: { ...limits, ...options.limits },
    log: { info: () => {}, warn: () => {}, error: (_fields, message) => errors.push(message) },
    hooks: {
      authenticate: ({ username, password }) =>
        username !== undefined && password && Buffer.from(password).toString() === 'secret'
          ? username
          : { refused: 'not-authenticated' },
      mayPublish: (identity, { topic, retain }) => topic.startsWith(`${identity}/`) && !retain,
      maySubscribe: (identity, filter) => [`${identity}/feedback`, `${identity}/#`].includes(filter),
      onSubscribed: (identity, filter) => note(`subscribed ${identity} ${filter}`),
      onConnected: identity => note(`connected ${identity}`),
      onDisconnected: identity => note(`disconnected ${identity}`),
      ...options.hooks,
      onMessage: message => {
        messages.push({ ...message, payload: Buffer.from(message.payload) })
        changes.emit('change')
        return commit(message)
      },
    },
  })
  onTestFinished(() => broker.close())
  const until = async (condition: () => boolean) => {
    while (!condition()) await once(changes, 'change')
  }
  return { broker, port: await broker.listen('127.0.0.1', 0), messages, life, errors, until }
}

export const connectPacket = (username: string, more: Partial<IConnectPacket> = {}): IConnectPacket => ({
  cmd: 'connect',
  protocolId: 'MQTT',
  protocolVersion: 4,
  clean: true,
  clientId: `client-of-${username}`,
  keepalive: 60,
  username,
  password: Buffer.from('secret'),
  ...more,
})

export const publishPacket = (topic: string, payload: string, messageId?: number, qos: 1 | 2 = 1): Buffer =>
  generate(
    messageId === undefined
      ? { cmd: 'publish', topic, payload, qos: 0, dup: false, retain: false }
      : { cmd: 'publish', topic, payload, qos, dup: false, retain: false, messageId },
  )

export type RawClient = {
  readonly socket: Socket
  readonly packets: Packet[]
  /** Everything that came, for answers that no parser of 3.1.1 takes. */
  readonly bytes: () => Buffer
  readonly send: (...frames: (Packet | Buffer)[]) => void
  /** The first packet of this kind that was not asked for yet. */
  readonly next: <C extends Packet['cmd']>(cmd: C) => Promise<Extract<Packet, { cmd: C }>>
  readonly closed: Promise<unknown>
}

/** A socket with a codec: it answers nothing by itself. */
export const rawClient = async (port: number): Promise<RawClient> => {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  onTestFinished(() => void socket.destroy())
  const packets: Packet[] = []
  const chunks: Buffer[] = []
  const arrivals = new EventEmitter()
  const decoder = parser({ protocolVersion: 4 })
  decoder.on('packet', packet => {
    packets.push(packet)
    arrivals.emit('packet')
  })
  decoder.on('error', () => {})
  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk)
    decoder.parse(chunk)
  })
  socket.on('error', () => {})
  const closed = once(socket, 'close')
  await once(socket, 'connect')

  const taken = new Set<Packet>()
  const next: RawClient['next'] = async cmd => {
    const wanted = (packet: Packet): packet is Extract<Packet, { cmd: typeof cmd }> =>
      packet.cmd === cmd && !taken.has(packet)
    for (;;) {
      const packet = packets.find(wanted)
      if (packet) {
        taken.add(packet)
        return packet
      }
      if (socket.destroyed) throw new Error(`closed before ${cmd}`)
      await Promise.race([once(arrivals, 'packet'), closed])
    }
  }
  return {
    socket,
    packets,
    bytes: () => Buffer.concat(chunks),
    send: (...frames) =>
      void socket.write(
        Buffer.concat(frames.map(frame => (Buffer.isBuffer(frame) ? frame : generate(frame)))),
      ),
    next,
    closed,
  }
}

/** Logged in as `username`. */
export const loggedIn = async (
  port: number,
  username: string,
  more: Partial<IConnectPacket> = {},
): Promise<RawClient> => {
  const client = await rawClient(port)
  client.send(connectPacket(username, more))
  await client.next('connack')
  return client
}

/** Logged in and subscribed to its feedback. */
export const subscriber = async (port: number, username: string, qos: 0 | 1 | 2 = 1): Promise<RawClient> => {
  const client = await loggedIn(port, username)
  client.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: `${username}/feedback`, qos }] })
  await client.next('suback')
  return client
}
