/** Who may say and hear what over MQTT. An identity is `device:{id}`, `point:{id}` or `bridge:{id}`. */

export type Identity = string

/** By its user name a client says what it is: a point's begins with `point:`, a bridge's with `bridge:`. */
export const identityOf = (username: string): Identity =>
  username.startsWith('point:') || username.startsWith('bridge:') ? username : `device:${username}`

type Message = { readonly topic: string; readonly retain: boolean }

type Party = { readonly kind: 'device' | 'point' | 'bridge'; readonly id: string }

export const partyOf = (identity: Identity): Party => {
  const colon = identity.indexOf(':')
  const id = identity.slice(colon + 1)
  if (identity.startsWith('point:')) return { kind: 'point', id }
  return { kind: identity.startsWith('bridge:') ? 'bridge' : 'device', id }
}

export interface AccessRules {
  mayPublish(identity: Identity, message: Message): boolean
  maySubscribe(identity: Identity, topicFilter: string): boolean
}

/** @param bridgeBase the base topic of Zigbee2MQTT: all that a bridge may use. */
export const createAccessRules = (bridgeBase: string): AccessRules => ({
  mayPublish(identity, { topic, retain }) {
    const { kind, id } = partyOf(identity)
    switch (kind) {
      case 'point':
        return topic === `anling/v1/points/${id}/reply` && !retain
      case 'bridge':
        return topic.startsWith(`${bridgeBase}/`)
      case 'device':
        // A retained event would ring again at every restart, so an event is never retained.
        if (topic === `anling/v1/${id}/event`) return !retain
        return topic === `anling/v1/${id}/measure` || topic === `anling/v1/${id}/status`
    }
  },
  maySubscribe(identity, topicFilter) {
    const { kind, id } = partyOf(identity)
    switch (kind) {
      case 'point':
        return (
          topicFilter === `anling/v1/points/${id}/offer` || topicFilter === `anling/v1/points/${id}/update`
        )
      // It asks for its own commands, and stops if it may not: nobody sends it any.
      case 'bridge':
        return topicFilter.startsWith(`${bridgeBase}/`)
      case 'device':
        return topicFilter === `anling/v1/${id}/feedback` || topicFilter === `anling/v1/${id}/config`
    }
  },
})
