/**
 * A lean MQTT 3.1.1 client for measuring and for misbehaving: a bare socket and a codec of its own, so that ten thousand
 * of them fit into one process and nothing stands between the wire and the clock.
 * Takes an address and credentials, gives a connection that has been accepted. Never reconnects by itself.
 */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { generate, type IPublishPacket, type Packet, parser } from 'mqtt-packet'

const connectTimeoutMs = 30_000
const maxMessageId = 0xffff

export type MqttOptions = {
  readonly url: string
  readonly clientId: string
  readonly username?: string
  readonly password?: string
  /** Spreads many connections over addresses of the loopback network: each has its own range of ports. */
  readonly localAddress?: string
  /** What the server says in its name, at QoS 1, when its connection breaks. */
  readonly will?: { readonly topic: string; readonly payload: string }
  /** Subscribed at QoS 1 before `connectMqtt` resolves. */
  readonly subscribe?: readonly string[]
  readonly onMessage?: (message: IPublishPacket, client: MqttClient) => void
}

export type MqttClient = {
  readonly clientId: string
  readonly socket: Socket
  /** Settles when the connection has gone, whoever ended it. */
  readonly closed: Promise<void>
  /**
   * QoS 1. `settled` is called once: true with the PUBACK, false when the connection ends without it.
   * The bytes are handed to the kernel before this returns, so a clock read just before it starts with the press.
   */
  publish(topic: string, payload: string | Buffer, settled: (acknowledged: boolean) => void): void
  /** QoS 1, without waiting to know. */
  send(topic: string, payload: string): void
  /** DISCONNECT, then end. */
  end(): void
}

const keepAliveSeconds = 120

const readPackets = (socket: Socket, onPacket: (packet: Packet) => void): void => {
  const decoder = parser({ protocolVersion: 4 })
  decoder.on('packet', onPacket)
  decoder.on('error', error => socket.destroy(error instanceof Error ? error : new Error(String(error))))
  socket.on('data', bytes => decoder.parse(Buffer.from(bytes)))
}

const openSocket = async (options: MqttOptions): Promise<Socket> => {
  const { hostname, port } = new URL(options.url)
  const socket = connect({
    host: hostname,
    port: Number(port),
    noDelay: true,
    ...(options.localAddress === undefined ? {} : { localAddress: options.localAddress }),
  })
  await once(socket, 'connect')
  return socket
}

type Waiting = Map<number, (acknowledged: boolean) => void>

const makeClient = (socket: Socket, options: MqttOptions, waiting: Waiting): MqttClient => {
  let lastMessageId = 0
  const write = (topic: string, payload: string | Buffer, settled?: (acknowledged: boolean) => void) => {
    lastMessageId = (lastMessageId % maxMessageId) + 1
    if (settled) waiting.set(lastMessageId, settled)
    socket.write(
      generate({
        cmd: 'publish',
        messageId: lastMessageId,
        qos: 1,
        dup: false,
        retain: false,
        topic,
        payload,
      }),
    )
  }
  const { promise: closed, resolve } = Promise.withResolvers<void>()
  socket.once('close', () => {
    for (const settle of waiting.values()) settle(false)
    waiting.clear()
    resolve()
  })
  return {
    clientId: options.clientId,
    socket,
    closed,
    publish: (topic, payload, settled) => {
      if (socket.writable) write(topic, payload, settled)
      else settled(false)
    },
    send: (topic, payload) => {
      if (socket.writable) write(topic, payload)
    },
    end: () => {
      if (socket.writable) socket.end(generate({ cmd: 'disconnect' }))
    },
  }
}

const subscriptionId = 1

/** Connects, logs in and subscribes. Rejects when the server refuses, closes or stays silent. */
export const connectMqtt = async (options: MqttOptions): Promise<MqttClient> => {
  const socket = await openSocket(options)
  const waiting: Waiting = new Map()
  const client = makeClient(socket, options, waiting)
  const { promise: accepted, resolve, reject } = Promise.withResolvers<void>()
  const topics = options.subscribe ?? []

  readPackets(socket, packet => {
    if (packet.cmd === 'publish') {
      if (packet.qos === 1 && packet.messageId !== undefined) {
        socket.write(generate({ cmd: 'puback', messageId: packet.messageId }))
      }
      options.onMessage?.(packet, client)
    } else if (packet.cmd === 'puback' && packet.messageId !== undefined) {
      const settle = waiting.get(packet.messageId)
      waiting.delete(packet.messageId)
      settle?.(true)
    } else if (packet.cmd === 'connack') {
      if (packet.returnCode !== 0) reject(new Error(`${options.clientId}: CONNACK ${packet.returnCode}`))
      else if (topics.length === 0) resolve()
      else {
        const subscriptions = topics.map(topic => ({ topic, qos: 1 as const }))
        socket.write(generate({ cmd: 'subscribe', messageId: subscriptionId, subscriptions }))
      }
    } else if (packet.cmd === 'suback') {
      if (packet.granted.includes(128)) reject(new Error(`${options.clientId}: subscription refused`))
      else resolve()
    }
  })
  // A broken connection is a result here, not a crash: `closed` tells.
  socket.on('error', () => {})
  socket.once('close', () => reject(new Error(`${options.clientId}: closed before it was accepted`)))
  const timer = setTimeout(() => {
    reject(new Error(`${options.clientId}: no answer within ${connectTimeoutMs} ms`))
    socket.destroy()
  }, connectTimeoutMs)

  socket.write(
    generate({
      cmd: 'connect',
      protocolId: 'MQTT',
      protocolVersion: 4,
      clean: true,
      clientId: options.clientId,
      keepalive: keepAliveSeconds,
      ...(options.username === undefined ? {} : { username: options.username }),
      ...(options.password === undefined ? {} : { password: Buffer.from(options.password) }),
      ...(options.will && {
        will: {
          topic: options.will.topic,
          payload: Buffer.from(options.will.payload),
          qos: 1,
          retain: false,
        },
      }),
    }),
  )
  await accepted.finally(() => clearTimeout(timer))
  return client
}

/** Resolves true with the PUBACK, false when the connection ended without it. */
export const publishAcknowledged = (
  client: MqttClient,
  topic: string,
  payload: string | Buffer,
): Promise<boolean> => new Promise(resolve => client.publish(topic, payload, resolve))

const publishAtQos1 = 0x32
const pubackBytes = 4
/** What one byte of remaining length can say (MQTT-2.2.3): measurements are shorter. */
const longestShortFrame = 127

/**
 * A PUBLISH at QoS 1, for loads in which a general encoder would be most of the work. Two bytes of length: the frame
 * stays below 16 KiB.
 */
export const publishFrame = (topic: Buffer, messageId: number, payload: Buffer): Buffer => {
  const remaining = 2 + topic.length + 2 + payload.length
  const long = remaining > longestShortFrame
  const head = long ? 3 : 2
  const frame = Buffer.allocUnsafe(head + remaining)
  frame[0] = publishAtQos1
  frame[1] = long ? (remaining & 0x7f) | 0x80 : remaining
  if (long) frame[2] = remaining >> 7
  frame.writeUInt16BE(topic.length, head)
  topic.copy(frame, head + 2)
  frame.writeUInt16BE(messageId, head + 2 + topic.length)
  payload.copy(frame, head + 4 + topic.length)
  return frame
}

/** From here on the connection gets nothing but PUBACKs, and each is told by its message id. */
export const onPubacks = (socket: Socket, tell: (messageId: number) => void): void => {
  let rest: Buffer = Buffer.alloc(0)
  socket.removeAllListeners('data')
  socket.on('data', (bytes: Buffer) => {
    const all = rest.length === 0 ? bytes : Buffer.concat([rest, bytes])
    const whole = all.length - (all.length % pubackBytes)
    for (let at = 0; at < whole; at += pubackBytes) tell(all.readUInt16BE(at + 2))
    rest = all.subarray(whole)
  })
}
