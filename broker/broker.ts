/**
 * The embedded MQTT broker: Aedes behind guards.
 *
 * Takes bytes from sockets, and the hooks of whoever runs it. Gives each authenticated, allowed message to `onMessage`
 * and acknowledges it when that has committed it; carries messages to one identity's connections (`publish`).
 * Never reads a payload, never routes a message from one client to another, never keeps one.
 */
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { Aedes, type Client } from 'aedes'
import { createAdmission } from './admission.ts'
import { createAedesHooks } from './aedes-hooks.ts'
import { type Connection, subscribedQos } from './connection.ts'
import { createDeliveries } from './deliveries.ts'
import { guardHooks } from './hooks-guard.ts'
import { noFanOut } from './no-fan-out.ts'
import { levelRefusal } from './protocol-level.ts'
import { guardReads } from './read-guard.ts'
import { createRefusals, refusalOf } from './refusals.ts'
import { createSessionStore } from './session-store.ts'
import { createSessions } from './sessions.ts'
import type { Broker, BrokerHooks, BrokerLimits, BrokerLog, BrokerRefusal } from './types.ts'

/** Messages of one connection whose commit is not settled. At the bound its socket is not read: TCP holds it back. */
const maxUnsettled = 256
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

export const createBroker = async (options: BrokerOptions): Promise<Broker> => {
  const { limits, log = silent } = options
  const hooks = guardHooks(options.hooks, log)
  const connections = new WeakMap<Client, Connection>()
  const sockets = new Set<Socket>()
  const sessions = createSessions<Connection>()
  const admission = createAdmission(limits)
  const refusals = createRefusals(log)

  /** Counts it; reads nothing more from this connection. Whoever calls says how it ends. */
  const refuse = (connection: Connection, refusal: BrokerRefusal): void => {
    connection.phase = 'closing'
    refusals.count(refusal, { address: connection.address, identity: connection.session?.identity })
  }
  const close = (connection: Connection, refusal: BrokerRefusal): void => {
    if (connection.phase === 'closing') return
    refuse(connection, refusal)
    connection.socket.destroy()
  }

  const aedes = await Aedes.createBroker({
    ...createAedesHooks({
      hooks,
      limits,
      connections,
      sessions,
      refusals,
      refuse,
      isClosing: () => aedes.closed,
    }),
    mq: noFanOut,
    persistence: createSessionStore((client, messageId) =>
      connections.get(client)?.deliveries.acknowledge(messageId),
    ),
    connectTimeout: limits.connectTimeoutMs,
    drainTimeout: limits.drainTimeoutMs,
    maxTopicLevels: limits.maxTopicLevels,
    maxClientsIdLength: maxClientIdLength,
  })
  observe(aedes, { connections, hooks, close })

  const accept = (socket: Socket): void => {
    const address = socket.remoteAddress ?? 'gone'
    const admitted = admission.enter(address)
    if (typeof admitted === 'string') {
      refusals.count(admitted, { address })
      socket.destroy()
      return
    }
    const connection: Connection = {
      socket,
      address,
      admitted,
      deliveries: createDeliveries(socket, limits.drainTimeoutMs, () => close(connection, 'drain-timeout')),
      phase: 'waiting',
      clientId: '',
      heldToKeepAlive: false,
      unsettled: 0,
      subscriptions: new Map(),
    }
    sockets.add(socket)
    socket.once('close', () => {
      sockets.delete(socket)
      admitted.leave()
      connection.deliveries.end()
      const identity = connection.session?.identity
      if (identity !== undefined && sessions.remove(identity, connection)) hooks.onDisconnected(identity)
    })
    guardReads(socket, gateOf(connection, close, refuse), limits.maxFrameBytes)
    connections.set(aedes.handle(socket), connection)
  }

  const server = createServer({ noDelay: true }, accept)

  const publish: Broker['publish'] = async (identity, topic, payload) => {
    const sends = sessions.of(identity).flatMap(connection => {
      const qos = subscribedQos(connection, topic)
      return qos === undefined ? [] : [connection.deliveries.send(topic, payload, qos === 0 ? 0 : 1)]
    })
    if (sends.length === 0) return 'not-connected'
    return new Promise(resolve => {
      for (const send of sends) void send.then(outcome => outcome === 'acknowledged' && resolve(outcome))
      void Promise.all(sends).then(() => resolve('unconfirmed'))
    })
  }

  return {
    listen: async (host, port) => {
      server.listen({ host, port, backlog })
      await once(server, 'listening')
      const address = server.address()
      if (address === null || typeof address === 'string') throw new Error('the MQTT listener has no port')
      return address.port
    },
    publish,
    isConnected: identity => sessions.of(identity).length > 0,
    get connections() {
      return admission.open
    },
    refusals: refusals.counts,
    close: async () => {
      const closed = server.listening ? once(server, 'close') : undefined
      server.close()
      await new Promise<void>(resolve => aedes.close(resolve))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

type Close = (connection: Connection, refusal: BrokerRefusal) => void

/** Only CONNECT is read before CONNACK: what a client sends along with it waits in the socket, not in Aedes' queue. */
const gateOf = (connection: Connection, close: Close, refuse: Close) => ({
  allowance: () => {
    if (connection.phase === 'open') return maxUnsettled - connection.unsettled
    return connection.phase === 'waiting' ? 1 : 0
  },
  onFrames: (frames: number) => {
    if (connection.phase === 'waiting' && frames > 0) connection.phase = 'connecting'
  },
  onLevel: (level: number) => {
    const refusal = levelRefusal(level)
    if (!refusal) return true
    refuse(connection, 'unsupported-protocol')
    connection.socket.end(refusal, () => connection.socket.destroy())
    return false
  },
  onFault: (fault: BrokerRefusal) => close(connection, fault),
})

type Observed = {
  readonly connections: WeakMap<Client, Connection>
  readonly hooks: BrokerHooks
  readonly close: Close
}

/** What Aedes tells by events. */
const observe = (aedes: Aedes, { connections, hooks, close }: Observed): void => {
  const onError = (client: Client, error: Error) => {
    const connection = connections.get(client)
    const refusal = refusalOf(error)
    if (connection && refusal) close(connection, refusal)
  }
  aedes.on('connectionError', onError)
  aedes.on('clientError', onError)
  aedes.on('keepaliveTimeout', client => {
    const connection = connections.get(client)
    if (connection?.heldToKeepAlive) close(connection, 'keep-alive-too-long')
  })
  aedes.on('connackSent', (packet, client) => {
    const connection = connections.get(client)
    if (connection?.phase === 'connecting' && packet.returnCode === 0) connection.phase = 'open'
  })
  aedes.on('subscribe', (subscriptions, client) => {
    const connection = connections.get(client)
    if (!connection?.session) return
    for (const { topic, qos } of subscriptions) {
      // 128 stands for a refused filter [MQTT-3.9.3-2].
      if (qos > 2) continue
      connection.subscriptions.set(topic, qos)
      hooks.onSubscribed(connection.session.identity, topic)
    }
  })
  aedes.on('unsubscribe', (topics, client) => {
    for (const topic of topics) connections.get(client)?.subscriptions.delete(topic)
  })
}
