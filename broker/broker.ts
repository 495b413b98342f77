/**
 * The embedded MQTT broker: Aedes behind guards.
 *
 * Takes bytes from sockets, and the hooks of whoever runs it. Gives each authenticated, allowed message to `onMessage`
 * and acknowledges it when that has committed it; carries messages to one identity's connections (`publish`).
 * Never reads a payload, never routes a message from one client to another, never keeps one.
 */
import { once } from 'node:events'
import type { Server, Socket } from 'node:net'
import { Aedes, type Client } from 'aedes'
import { createAdmission } from './admission.ts'
import { observeAedes } from './aedes-events.ts'
import { createAedesHooks } from './aedes-hooks.ts'
import { type Arrival, type Connection, grantedQos, newConnection } from './connection.ts'
import { createGate } from './connection-gate.ts'
import { guardHooks } from './hooks-guard.ts'
import { createListener } from './listener.ts'
import { noFanOut } from './no-fan-out.ts'
import { paceErrors } from './paced-errors.ts'
import { createPacer } from './pacer.ts'
import { guardReads } from './read-guard.ts'
import { createRefusals } from './refusals.ts'
import { createSessionStore } from './session-store.ts'
import { createSessions } from './sessions.ts'
import type {
  Broker,
  BrokerHooks,
  BrokerLimits,
  BrokerLog,
  BrokerRefusal,
  Identity,
  PublishOutcome,
} from './types.ts'

/** Connections that wait to be accepted: a town that reconnects at once. */
const backlog = 4_096
/** MQTT 3.1 clients were held to 23 characters by its text, and never by other brokers. */
const maxClientIdLength = 256

const silent: BrokerLog = { info: () => {}, warn: () => {}, error: () => {} }

type BrokerOptions = {
  readonly hooks: BrokerHooks
  readonly limits: BrokerLimits
  readonly log?: BrokerLog
}

export const createBroker = async ({
  hooks: given,
  limits,
  log = silent,
}: BrokerOptions): Promise<Broker> => {
  const hooks = guardHooks(given, log)
  const connections = new WeakMap<Client, Connection>()
  const sockets = new Set<Socket>()
  const sessions = createSessions<Connection>()
  const admission = createAdmission(limits)
  const refusals = createRefusals(log)

  /** Counts it; reads nothing more from this connection. Whoever calls says how it ends. */
  const refuse = (connection: Connection, refusal: BrokerRefusal): void => {
    if (connection.phase !== 'dismissed') connection.phase = 'closing'
    refusals.count(refusal, { address: connection.address, identity: connection.session?.identity })
  }
  const close = (connection: Connection, refusal: BrokerRefusal): void => {
    if (connection.phase === 'closing' || connection.phase === 'dismissed') return
    refuse(connection, refusal)
    connection.socket.destroy()
  }
  const leave = (connection: Connection): void => {
    pacer.leave(connection.readAgain)
    connection.subscriber?.deliveries.end()
    const identity = connection.session?.identity
    if (identity !== undefined && sessions.remove(identity, connection)) hooks.onDisconnected(identity)
  }

  const isClosing = () => aedes.closed
  const aedes = await Aedes.createBroker({
    ...createAedesHooks({ hooks, limits, connections, sessions, refusals, refuse, isClosing }),
    mq: noFanOut,
    persistence: createSessionStore((client, messageId) =>
      connections.get(client)?.subscriber?.deliveries.acknowledge(messageId),
    ),
    connectTimeout: limits.connectTimeoutMs,
    drainTimeout: limits.drainTimeoutMs,
    maxTopicLevels: limits.maxTopicLevels,
    maxClientsIdLength: maxClientIdLength,
  })
  observeAedes(aedes, { connections, hooks, limits, close })

  const frameBytes = (identity: Identity | undefined): number =>
    (identity === undefined ? undefined : hooks.maxFrameBytes(identity)) ?? limits.maxFrameBytes
  const pacer = createPacer()
  const gate = createGate({ maxFrameBytes: frameBytes, pacer, close, refuse })
  const onSocket = (socket: Socket): void => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  }
  const onArrival = (arrival: Arrival): void => {
    const connection = newConnection(arrival)
    connection.socket.once('close', () => leave(connection))
    guardReads(connection, gate)
    paceErrors(connection.socket, pacer)
    connections.set(aedes.handle(connection.socket), connection)
  }
  const servers: Server[] = []
  const listenerParts = {
    admission,
    refusals,
    pacer,
    connectTimeoutMs: limits.connectTimeoutMs,
    onSocket,
    onArrival,
  }

  return {
    listen: async (host, port, tls) => {
      const server = createListener(listenerParts, tls)
      servers.push(server)
      return await listen(server, host, port)
    },
    publish: (identity, topic, payload) => publish(sessions.of(identity), topic, payload),
    isConnected: identity => sessions.of(identity).length > 0,
    disconnect: identity => {
      for (const connection of sessions.of(identity)) {
        close(connection, 'dismissed')
        connection.phase = 'dismissed'
        // At once: nothing may be sent to it from now on.
        leave(connection)
      }
    },
    get connections() {
      return admission.open
    },
    refusals: refusals.counts,
    close: async () => {
      const closed = Promise.all(
        servers.filter(({ listening }) => listening).map(each => once(each, 'close')),
      )
      for (const server of servers) server.close()
      await new Promise<void>(resolve => aedes.close(resolve))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

const listen = async (server: Server, host: string, port: number): Promise<number> => {
  server.listen({ host, port, backlog })
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the MQTT listener has no port')
  return address.port
}

/** Settles with the first acknowledgement: a second, frozen connection of the same identity is not waited for. */
const publish = async (
  connections: readonly Connection[],
  topic: string,
  payload: string,
): Promise<PublishOutcome> => {
  const sends = connections.flatMap(({ subscriber }) => {
    if (!subscriber) return []
    const qos = grantedQos(subscriber, topic)
    return qos === undefined ? [] : [subscriber.deliveries.send(topic, payload, qos === 0 ? 0 : 1)]
  })
  if (sends.length === 0) return 'not-connected'
  return new Promise(resolve => {
    for (const send of sends) void send.then(outcome => outcome === 'acknowledged' && resolve(outcome))
    void Promise.all(sends).then(() => resolve('unconfirmed'))
  })
}
