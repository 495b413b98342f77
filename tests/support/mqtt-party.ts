/** A device, terminal or claim on the embedded broker, as MQTT.js sees it: one connection that is never made again. */
import { connectAsync } from 'mqtt'
import { z } from 'zod'

const Message = z.looseObject({})
export type Heard = { readonly topic: string; readonly message: z.infer<typeof Message> }

export type MqttParty = {
  /** What came to it, in order. */
  readonly heard: readonly Heard[]
  /** When the connection has gone, whoever ended it. */
  readonly closed: Promise<void>
  /** At QoS 1: resolves with the PUBACK, rejects when the connection ends without it. */
  publish(topic: string, message: object): Promise<void>
  end(): Promise<void>
}

export type Login = { readonly username: string; readonly password: string }

/** Subscribes to `topics` at QoS 1. Rejects when it may not log in, or not subscribe. */
export const connectParty = async (
  mqttUrl: string,
  login: Login,
  topics: readonly string[] = [],
): Promise<MqttParty> => {
  const client = await connectAsync(mqttUrl, { ...login, reconnectPeriod: 0, protocolVersion: 4 })
  // A broken connection is a result here, not a crash: `closed` tells.
  client.on('error', () => {})
  const closed = new Promise<void>(resolve => client.once('close', resolve))
  const heard: Heard[] = []
  client.on('message', (topic, payload) => {
    heard.push({ topic, message: Message.parse(JSON.parse(payload.toString())) })
  })
  if (topics.length > 0) await client.subscribeAsync([...topics], { qos: 1 })
  const lost = closed.then(() => Promise.reject(new Error('the connection ended before the PUBACK')))
  // Awaited where somebody publishes.
  lost.catch(() => {})
  return {
    heard,
    closed,
    async publish(topic, message) {
      await Promise.race([client.publishAsync(topic, JSON.stringify(message), { qos: 1 }), lost])
    },
    end: () => client.endAsync(true),
  }
}

export const deviceTopic = (device: string, topic: string): string => `anling/v1/${device}/${topic}`
export const offerTopicOf = (point: string): string => `anling/v1/points/${point}/offer`
