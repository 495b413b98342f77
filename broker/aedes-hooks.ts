/** What Aedes asks before it lets something happen: the login, each message, each subscription. */

import { Buffer } from 'node:buffer'
import type { AedesOptions, Client, PublishPacket } from 'aedes'
import type { Connection } from './connection.ts'
import type { createRefusals } from './refusals.ts'
import type { createSessions } from './sessions.ts'
import type { BrokerHooks, BrokerLimits, BrokerRefusal, Identity, InboundMessage } from './types.ts'

type Parts = {
  readonly hooks: Required<BrokerHooks>
  readonly limits: BrokerLimits
  readonly connections: WeakMap<Client, Connection>
  readonly sessions: ReturnType<typeof createSessions<Connection>>
  readonly refusals: ReturnType<typeof createRefusals>
  readonly refuse: (connection: Connection, refusal: BrokerRefusal) => void
  readonly isClosing: () => boolean
}

type AedesHooks = Required<
  Pick<AedesOptions, 'preConnect' | 'authenticate' | 'authorizePublish' | 'authorizeSubscribe'>
>

/** CONNACK return codes [MQTT 3.2.2.3]. Of the first a device knows that it may come again. */
const serverUnavailable = 3
const badUserNameOrPassword = 4
const notAuthorized = 5

/** Closes the connection; already counted. */
const refused = (message: string) => Object.assign(new Error(message), { code: 'refused' })

export const createAedesHooks = (parts: Parts): AedesHooks => ({
  preConnect: beforeConnect(parts),
  authenticate: logIn(parts),
  authorizePublish: takeMessage(parts),
  authorizeSubscribe: allowSubscription(parts),
})

const beforeConnect =
  ({ connections, limits }: Parts): AedesHooks['preConnect'] =>
  (client, packet, done) => {
    const connection = connections.get(client)
    if (!connection) return done(refused('unknown connection'), false)
    // No session outlives its connection (session-store.ts): CONNACK says so, and the client subscribes again.
    packet.clean = true
    // Devices that ask for no keep-alive exist, so they are let in; but a dead connection must not look alive for ever.
    const asked = packet.keepalive ?? 0
    connection.heldToKeepAlive = asked === 0 || asked > limits.maxKeepAliveSeconds
    if (connection.heldToKeepAlive) packet.keepalive = limits.maxKeepAliveSeconds
    connection.clientId = packet.clientId
    if (packet.will) {
      const { topic, qos = 0, retain = false } = packet.will
      connection.will = { topic, qos, retain }
    }
    return done(null, true)
  }

const logIn = ({ connections, hooks, refuse, sessions, refusals }: Parts): AedesHooks['authenticate'] => {
  let logins = 0

  const admit = async (connection: Connection, client: Client, identity: Identity, admitted: () => void) => {
    // Aedes keys clients by this id alone: one of our own keeps identities from closing each other's connections.
    logins += 1
    client.id = String(logins)
    const superseded = sessions.supersededBy(identity, connection.clientId)
    connection.session = { identity, client }
    sessions.add(identity, connection)
    connection.admitted.loggedIn()
    // Closed before CONNACK, so that an old connection's will comes before the new one's first word.
    for (const old of superseded) {
      refusals.count('superseded', { address: old.address, identity })
      await new Promise<void>(resolve => old.session?.client.close(resolve))
    }
    // After that will, or a device that is there counts as gone; and not after its own end.
    if (!connection.socket.destroyed) hooks.onConnected(identity)
    admitted()
  }

  return (client, username, password, done) => {
    const connection = connections.get(client)
    if (!connection || connection.socket.destroyed) return done(refusedLogin(notAuthorized), null)
    const { address, clientId, will, certificateName } = connection
    const identity = hooks.authenticate({ clientId, username, password, address, certificateName })
    if (typeof identity !== 'string') {
      refuse(connection, identity.refused)
      if (identity.refused === 'locked') return done(refusedLogin(serverUnavailable), null)
      return done(refusedLogin(username === undefined ? notAuthorized : badUserNameOrPassword), null)
    }
    if (will && !hooks.mayPublish(identity, will)) {
      refuse(connection, 'publish-not-allowed')
      return done(refusedLogin(notAuthorized), null)
    }
    void admit(connection, client, identity, () => done(null, true))
  }
}

const refusedLogin = (returnCode: number) => Object.assign(refused('login refused'), { returnCode })

/**
 * Each message on its way in, wills included. Aedes acknowledges after this has called back, so it calls back after the
 * commit. The commits of one connection start in order of arrival and do not wait for each other.
 */
const takeMessage = ({
  connections,
  hooks,
  refuse,
  refusals,
  isClosing,
}: Parts): AedesHooks['authorizePublish'] => {
  const settle = async (connection: Connection, message: InboundMessage, done: (error?: Error) => void) => {
    connection.unsettled += 1
    const committed = await hooks.onMessage(message)
    connection.unsettled -= 1
    if (committed) return done()
    refuse(connection, 'not-committed')
    return done(refused('not committed'))
  }

  return (client, packet, done) => {
    const connection = client ? connections.get(client) : undefined
    // Wills that fire because the broker closes would report a whole town as gone.
    if (!connection?.session || connection.phase === 'dismissed' || isClosing())
      return done(refused('closing'))
    const { identity } = connection.session
    const { topic, qos, retain, payload } = packet
    if (!isSound(packet)) {
      refuse(connection, 'malformed-frame')
      return done(refused('malformed publish'))
    }
    if (!hooks.mayPublish(identity, { topic, qos, retain })) {
      refuse(connection, 'publish-not-allowed')
      return done(refused('publish not allowed'))
    }
    connection.bringsBulk = hooks.isBulk(topic)
    if (!hooks.isWithinQuota(identity, topic)) {
      refusals.count('quota', { address: connection.address, identity })
      return done()
    }
    const bytes = typeof payload === 'string' ? Buffer.from(payload) : payload
    void settle(connection, { identity, topic, payload: bytes, qos, retain }, done)
  }
}

/**
 * The parser lets a message id run over the end of its frame, and takes 0 for one [MQTT-2.3.1-1]. It also mends what is
 * not UTF-8: then the lengths differ [MQTT-1.5.3-1]. A will has neither id nor frame of its own.
 */
const isSound = ({ cmd, topic, qos, messageId, payload, length }: PublishPacket): boolean => {
  if (cmd !== 'publish') return true
  const idBytes = qos === 0 ? 0 : 2
  return (
    (qos === 0 || (messageId ?? 0) > 0) &&
    length === 2 + Buffer.byteLength(topic) + idBytes + Buffer.byteLength(payload)
  )
}

const allowSubscription =
  ({ connections, hooks, refusals }: Parts): AedesHooks['authorizeSubscribe'] =>
  (client, subscription, done) => {
    const connection = connections.get(client)
    const identity = connection?.session?.identity
    if (connection && identity !== undefined) {
      if (hooks.maySubscribe(identity, subscription.topic)) return done(null, subscription)
      refusals.count('subscribe-not-allowed', { address: connection.address, identity })
    }
    // Answered with 0x80 in the SUBACK: the connection stays.
    return done(null, null)
  }
