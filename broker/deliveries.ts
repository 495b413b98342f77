/**
 * Messages on their way to one subscriber. Written straight to its socket, so that no other subscriber can delay them, and
 * settled by the PUBACK of exactly that message.
 */
import { Buffer } from 'node:buffer'
import type { Writable } from 'node:stream'

/** Written, but without a PUBACK yet. Beyond: `unconfirmed` at once, and whoever owes the message tries again later. */
const maxInFlight = 1_000
/** Written, but not taken by the peer. Beyond: the same. */
const maxUnsentBytes = 1 << 20
const maxMessageId = 0xffff

export type Settled = 'acknowledged' | 'unconfirmed'

export type Deliveries = {
  readonly send: (topic: string, payload: string, qos: 0 | 1) => Promise<Settled>
  readonly acknowledge: (messageId: number) => void
  /** The connection has gone: all that is in flight is unconfirmed. */
  readonly end: () => void
}

/** `onStalled` is called when the peer has taken nothing for `drainTimeoutMs` while more was to be sent. */
export const createDeliveries = (
  socket: Writable,
  drainTimeoutMs: number,
  onStalled: () => void,
): Deliveries => {
  const inFlight = new Map<number, (outcome: Settled) => void>()
  let lastId = 0
  let stalled: NodeJS.Timeout | undefined

  const nextId = (): number => {
    do lastId = (lastId % maxMessageId) + 1
    while (inFlight.has(lastId))
    return lastId
  }

  const uncork = () => socket.uncork()

  const flowing = () => {
    clearTimeout(stalled)
    stalled = undefined
  }

  const write = (frame: Buffer) => {
    // As mqtt-packet does: what one turn has to say to one client, such as a PUBACK and a message, is one system call.
    socket.cork()
    const taken = socket.write(frame)
    process.nextTick(uncork)
    if (taken || stalled) return
    stalled = setTimeout(onStalled, drainTimeoutMs)
    socket.once('drain', flowing)
  }

  const settle = (messageId: number, outcome: Settled) => {
    inFlight.get(messageId)?.(outcome)
    inFlight.delete(messageId)
  }

  return {
    send: async (topic, payload, qos) => {
      if (!socket.writable || inFlight.size >= maxInFlight || socket.writableLength > maxUnsentBytes) {
        return 'unconfirmed'
      }
      if (qos === 0) {
        write(encodePublish(topic, payload))
        return 'unconfirmed'
      }
      const messageId = nextId()
      return new Promise<Settled>(resolve => {
        inFlight.set(messageId, resolve)
        write(encodePublish(topic, payload, messageId))
      })
    },
    acknowledge: messageId => settle(messageId, 'acknowledged'),
    end: () => {
      flowing()
      for (const messageId of inFlight.keys()) settle(messageId, 'unconfirmed')
    },
  }
}

/** A PUBLISH frame [MQTT 3.3]: QoS 1 if it has a message id, else QoS 0. */
const encodePublish = (topic: string, payload: string, messageId?: number): Buffer => {
  const name = Buffer.from(topic)
  const body = Buffer.from(payload)
  const id = messageId === undefined ? [] : [messageId >> 8, messageId & 0xff]
  const length: number[] = []
  for (let rest = 2 + name.length + id.length + body.length; rest > 0; rest >>= 7) {
    length.push(rest > 0x7f ? (rest & 0x7f) | 0x80 : rest)
  }
  const head = [messageId === undefined ? 0x30 : 0x32, ...length, name.length >> 8, name.length & 0xff]
  return Buffer.concat([Buffer.from(head), name, Buffer.from(id), body])
}
