/** Who may say and hear what over MQTT. An identity is `device:{id}` or `point:{id}`. */

export type Identity = string

/** A device or terminal says what it is by its user name: a point's begins with `point:`. */
export const identityOf = (username: string): Identity =>
  username.startsWith('point:') ? username : `device:${username}`

type Message = { readonly topic: string; readonly retain: boolean }

const own = (identity: Identity): { kind: 'device' | 'point'; id: string } => {
  const colon = identity.indexOf(':')
  return { kind: identity.startsWith('point:') ? 'point' : 'device', id: identity.slice(colon + 1) }
}

/** A retained event would ring again at every restart, so an event is never retained. */
export const mayPublish = (identity: Identity, { topic, retain }: Message): boolean => {
  const { kind, id } = own(identity)
  if (kind === 'point') return topic === `anling/v1/points/${id}/reply` && !retain
  if (topic === `anling/v1/${id}/event`) return !retain
  return topic === `anling/v1/${id}/measure` || topic === `anling/v1/${id}/status`
}

export const maySubscribe = (identity: Identity, topicFilter: string): boolean => {
  const { kind, id } = own(identity)
  return kind === 'point'
    ? topicFilter === `anling/v1/points/${id}/offer` || topicFilter === `anling/v1/points/${id}/update`
    : topicFilter === `anling/v1/${id}/feedback` || topicFilter === `anling/v1/${id}/config`
}
