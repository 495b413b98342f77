/** Who is logged in, by identity. */
import type { Identity } from './types.ts'

type Session = { readonly clientId: string }

/** More connections of one identity than a device, its spare and its reconnecting shadow need: the oldest give way. */
export const maxConnectionsPerIdentity = 8

export const createSessions = <S extends Session>() => {
  const sessions = new Map<Identity, readonly S[]>()

  /** Oldest first. */
  const of = (identity: Identity): readonly S[] => sessions.get(identity) ?? []

  /** Those that have to give way: the same client id [MQTT-3.1.4-2], and the oldest beyond the bound. */
  const supersededBy = (identity: Identity, clientId: string): S[] => {
    const others = of(identity)
    const rest = others.filter(other => clientId === '' || other.clientId !== clientId)
    const crowd = rest.slice(0, Math.max(0, rest.length - maxConnectionsPerIdentity + 1))
    return others.filter(other => !rest.includes(other) || crowd.includes(other))
  }

  const add = (identity: Identity, session: S): void => {
    sessions.set(identity, [...of(identity), session])
  }

  /** True if it was the last one of this identity. */
  const remove = (identity: Identity, session: S): boolean => {
    const rest = of(identity).filter(other => other !== session)
    if (rest.length === 0) return sessions.delete(identity)
    sessions.set(identity, rest)
    return false
  }

  return { supersededBy, add, remove, of }
}
