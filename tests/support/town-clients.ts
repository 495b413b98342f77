/** Buttons and terminals of a test town, connected to a gateway the way real ones are. */
import { z } from 'zod'
import type { LoadTown } from './load-town.ts'
import { connectMqtt, type MqttClient, publishAcknowledged } from './mqtt-load.ts'

export type Home = LoadTown['homes'][number]
export type Point = LoadTown['points'][number]

export const Offer = z.looseObject({
  alarm: z.string(),
  epoch: z.number(),
  kind: z.string(),
  home: z.looseObject({ id: z.string() }),
  repeat: z.number(),
})
export type Offer = z.infer<typeof Offer>

export const connectButton = (mqttUrl: string, home: Home): Promise<MqttClient> =>
  connectMqtt({ url: mqttUrl, clientId: home.device, username: home.device, password: home.secret })

export const eventTopic = (home: Home): string => `anling/v1/${home.device}/event`

/** Resolves true once the gateway has acknowledged the press, false when it closed the connection instead. */
export const press = (button: MqttClient, home: Home, id: string): Promise<boolean> =>
  publishAcknowledged(button, eventTopic(home), JSON.stringify({ id, type: 'sos' }))

export type Terminal = {
  readonly point: Point
  readonly client: MqttClient
  /** Before the SUBSCRIBE was sent, on `performance.now()`. */
  readonly subscribedAt: number
  readonly offers: readonly Offer[]
  reply(offer: { alarm: string; epoch: number }, action: string, more?: Record<string, unknown>): void
}

export const replyTopic = (point: Point): string => `anling/v1/points/${point.id}/reply`

/** Confirms every offer as `received`, then hands it on. */
export const connectTerminal = async (
  mqttUrl: string,
  point: Point,
  onOffer: (offer: Offer, reply: Terminal['reply']) => void = () => {},
): Promise<Terminal> => {
  const offers: Offer[] = []
  const subscribedAt = performance.now()
  const replyThrough = (client: MqttClient): Terminal['reply'] => {
    return ({ alarm, epoch }, action, more) =>
      client.send(replyTopic(point), JSON.stringify({ alarm, epoch, action, ...more }))
  }
  const client = await connectMqtt({
    url: mqttUrl,
    clientId: `terminal-${point.id}`,
    username: `point:${point.id}`,
    password: point.secret,
    subscribe: [`anling/v1/points/${point.id}/offer`],
    onMessage: (message, sender) => {
      const offer = Offer.parse(JSON.parse(String(message.payload)))
      offers.push(offer)
      const reply = replyThrough(sender)
      reply(offer, 'received')
      onOffer(offer, reply)
    },
  })
  return { point, client, subscribedAt, offers, reply: replyThrough(client) }
}
