/**
 * A service point's terminal.
 * Takes: offers and updates of its point. Gives: `received` at once, then what the person at it does by a strategy.
 * Never does: act on an alarm that it was not offered.
 */
import { createAttendant } from './attendant.ts'
import type { Clock } from './clock.ts'
import { decode, encode, type Offer, type Reply, topics, type Update } from './codec.ts'
import { type LinkState, openLink } from './link.ts'
import type { Random } from './random.ts'
import type { Strategy } from './strategies.ts'

export type TerminalOptions = {
  readonly url: string
  readonly point: string
  readonly secret: string
  readonly strategy: Strategy
  readonly clock: Clock
  readonly random: Random
  readonly onOffer?: (offer: Offer) => void
  readonly onReply?: (reply: Reply) => void
  readonly onUpdate?: (update: Update) => void
  readonly onState?: (state: LinkState) => void
}

export type Terminal = { readonly point: string; close(): Promise<void> }

export const createTerminal = (options: TerminalOptions): Terminal => {
  const { point } = options
  const attendant = createAttendant({
    ...options,
    reply: reply => {
      options.onReply?.(reply)
      // Kept by the link until it is acknowledged; a closed terminal has nobody left to tell.
      void link.deliver(topics.reply(point), encode.reply(reply))
    },
  })
  const receive: Record<string, (payload: Uint8Array) => void> = {
    [topics.offer(point)]: payload => {
      const offer = decode.offer(payload)
      if (!offer) return
      options.onOffer?.(offer)
      attendant.offered(offer)
    },
    [topics.update(point)]: payload => {
      const update = decode.update(payload)
      if (!update) return
      options.onUpdate?.(update)
      attendant.updated(update)
    },
  }
  const link = openLink({
    ...options,
    username: `point:${point}`,
    password: options.secret,
    subscriptions: Object.keys(receive),
    onMessage: (topic, payload) => receive[topic]?.(payload),
  })
  return {
    point,
    close: () => {
      attendant.leave()
      return link.close()
    },
  }
}
