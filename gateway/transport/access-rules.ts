/**
 * Who may say and hear what over MQTT. An identity is `device:{id}`, `point:{id}` or `bridge:{id}`; or `claim:{id}`, a
 * device that has no secret yet and asks for one with its claim code.
 */

export type Identity = string

/** A device names itself by its id alone; others by what they are, and their id. */
const named = ['point', 'bridge', 'claim'] as const

type Party = { readonly kind: 'device' | (typeof named)[number]; readonly id: string }

const namedKindOf = (name: string) => named.find(kind => name.startsWith(`${kind}:`))

export const identityOf = (username: string): Identity =>
  namedKindOf(username) ? username : `device:${username}`

type Message = { readonly topic: string; readonly retain: boolean }

export const partyOf = (identity: Identity): Party => ({
  kind: namedKindOf(identity) ?? 'device',
  id: identity.slice(identity.indexOf(':') + 1),
})

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
      case 'claim':
        // One that is stored would ask again by itself.
        return topic === `anling/v1/${id}/claim` && !retain
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
      case 'claim':
        return topicFilter === `anling/v1/${id}/config`
      case 'device':
        return topicFilter === `anling/v1/${id}/feedback` || topicFilter === `anling/v1/${id}/config`
    }
  },
})
