/**
 * A device's line to the broker: MQTT 3.1.1, one connection at a time, and a small queue of its own. What is delivered
 * by it is kept until the broker acknowledges it, and sent anew, in order, on every new connection. Its timeouts are real
 * time, however fast the device lives: a network does not get faster with it.
 */
import { connect } from 'node:net'
import { type IPublishPacket, MqttClient } from 'mqtt'
import { systemClock as clock } from './clock.ts'
import type { Random } from './random.ts'

export type LinkState = { readonly up: true } | { readonly up: false; readonly reason: string }

export type LinkOptions = {
  /** `mqtt://host:port` */
  readonly url: string
  readonly username: string
  readonly password: string
  /** Asked for at QoS 1. */
  readonly subscriptions: readonly string[]
  readonly will?: { readonly topic: string; readonly payload: string; readonly retain?: boolean }
  readonly random: Random
  readonly onMessage: (topic: string, payload: Uint8Array) => void
  /** Up: logged in and subscribed. Down: with the reason, before each new try. */
  readonly onState?: (state: LinkState) => void
}

export type Link = {
  /** QoS 1. Resolves true at the PUBACK; false when the queue is full, or the link is closed before. */
  deliver(topic: string, payload: string): Promise<boolean>
  /** QoS 0: sent if there is a connection, else forgotten. */
  mention(topic: string, payload: string, retain?: boolean): void
  /** Off: gone without a word, so that the broker speaks the last will. On: it connects again. */
  power(on: boolean): void
  /** How many messages wait for their PUBACK. */
  readonly unacknowledged: number
  close(): Promise<void>
}

/** A device has little memory. What comes beyond this is answered with false; it never pushes out what is older. */
export const queueLimit = 64
/** Without a PUBACK for so long, the connection is given up and the message goes out on the next one. */
const ackTimeoutMs = 10_000
const connectTimeoutMs = 10_000
const keepAliveSeconds = 60
const firstRetryMs = 500
const longestRetryMs = 30_000
/** A broker that does not answer DISCONNECT is not waited for any longer. */
const closeTimeoutMs = 1_000

type Waiting = { readonly topic: string; readonly payload: string; readonly settle: (done: boolean) => void }

/** Host and port of `mqtt://host:port`, or undefined for any other address. */
export const addressOf = (url: string): { host: string; port: number } | undefined => {
  if (!URL.canParse(url)) return undefined
  const { protocol, hostname, port } = new URL(url)
  return protocol === 'mqtt:' && hostname ? { host: hostname, port: Number(port || 1883) } : undefined
}

export const openLink = (options: LinkOptions): Link => {
  const { random } = options
  const address = addressOf(options.url)
  if (!address) throw new TypeError(`not an mqtt:// address: ${options.url}`)
  const clientId = `${options.username}-${random.hex(4)}`
  const queue = new Set<Waiting>()
  let client: MqttClient | undefined
  let closed = false
  let powered = true
  let failures = 0
  let cancelRetry = () => {}

  const send = (over: MqttClient, waiting: Waiting) => {
    const cancel = clock.after(ackTimeoutMs, () => over.end(true))
    over.publish(waiting.topic, waiting.payload, { qos: 1 }, failure => {
      cancel()
      if (!failure && queue.delete(waiting)) waiting.settle(true)
    })
  }

  const retry = (reason: string) => {
    if (closed) return
    options.onState?.({ up: false, reason })
    if (!powered) return
    // Half fixed, half random: a thousand devices that lost one broker must not return in one instant.
    const delayMs = Math.min(firstRetryMs * 2 ** failures++, longestRetryMs)
    cancelRetry = clock.after(delayMs / 2 + (random.fraction() * delayMs) / 2, open)
  }

  const open = () => {
    // A client for each connection: mqtt.js would send what it remembers beside what this queue remembers.
    // Without Nagle: his algorithm and delayed ACK together hold a press back for up to 40 ms.
    const over = new MqttClient(() => connect({ ...address, noDelay: true }), {
      clientId,
      username: options.username,
      password: options.password,
      protocolVersion: 4,
      clean: true,
      keepalive: keepAliveSeconds,
      connectTimeout: connectTimeoutMs,
      reconnectPeriod: 0,
      ...(options.will && {
        will: { retain: false, ...options.will, payload: Buffer.from(options.will.payload), qos: 1 },
      }),
    })
    client = over
    let reason = 'connection closed'
    const giveUp = (why: Error) => {
      reason = why.message
      over.end(true)
    }
    over.on('error', giveUp)
    over.on('close', () => {
      if (client === over) {
        client = undefined
        retry(reason)
      }
    })
    over.on('message', (topic: string, payload: Buffer, packet: IPublishPacket) => {
      // A retained message is about the past; a bell must not ring for it.
      if (!packet.retain) options.onMessage(topic, payload)
    })
    over.on('connect', () => {
      over.subscribe([...options.subscriptions], { qos: 1 }, refused => {
        if (closed) return
        if (refused) return giveUp(refused)
        failures = 0
        options.onState?.({ up: true })
      })
      for (const waiting of queue) send(over, waiting)
    })
  }
  open()

  return {
    deliver: (topic, payload) => {
      if (closed || queue.size >= queueLimit) return Promise.resolve(false)
      return new Promise(settle => {
        const waiting = { topic, payload, settle }
        queue.add(waiting)
        if (client?.connected) send(client, waiting)
      })
    },
    mention: (topic, payload, retain = false) => {
      if (client?.connected) client.publish(topic, payload, { qos: 0, retain })
    },
    power: on => {
      if (closed || on === powered) return
      powered = on
      cancelRetry()
      if (on) open()
      else client?.stream.destroy()
    },
    get unacknowledged() {
      return queue.size
    },
    close: async () => {
      closed = true
      cancelRetry()
      const last = client
      if (last) {
        const cancel = clock.after(closeTimeoutMs, () => last.stream.destroy())
        await new Promise<void>(ended => {
          last.once('close', () => ended())
          last.end(queue.size > 0 || !last.connected)
        })
        cancel()
      }
      for (const { settle } of queue) settle(false)
      queue.clear()
    },
  }
}
