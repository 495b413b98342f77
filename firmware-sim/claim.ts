/** A device fresh from its box: it knows its claim code and asks for its secret, again on each new connection. */
import { decode, topics } from './codec.ts'
import { type LinkState, openLink } from './link.ts'
import type { Random } from './random.ts'

export type ClaimOptions = {
  /** `mqtt://host:port` */
  readonly url: string
  readonly device: string
  readonly code: string
  readonly random: Random
  readonly onState?: (state: LinkState) => void
}

export type ClaimUnderWay = {
  /** Undefined: closed before it came. */
  readonly secret: Promise<string | undefined>
  close(): Promise<void>
}

export const createClaim = ({ url, device, code, random, onState }: ClaimOptions): ClaimUnderWay => {
  const { promise: secret, resolve } = Promise.withResolvers<string | undefined>()
  const link = openLink({
    url,
    username: `claim:${device}`,
    password: code,
    subscriptions: [topics.config(device)],
    random,
    onMessage: (_topic, payload) => {
      const config = decode.config(payload)
      if (config) resolve(config.secret)
    },
    onState: state => {
      // Subscribed by now: the answer will be heard.
      if (state.up) void link.deliver(topics.claim(device), '{}')
      onState?.(state)
    },
  })
  return {
    secret,
    async close() {
      await link.close()
      resolve(undefined)
    },
  }
}
