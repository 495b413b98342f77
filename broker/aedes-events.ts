/** What Aedes tells by events: logins that have succeeded, subscriptions, and connections that it closes by itself. */
import type { Aedes, Client } from 'aedes'
import type { Connection, Subscriber } from './connection.ts'
import { createDeliveries } from './deliveries.ts'
import { refusalOf } from './refusals.ts'
import type { BrokerHooks, BrokerLimits, BrokerRefusal } from './types.ts'

type Parts = {
  readonly connections: WeakMap<Client, Connection>
  readonly hooks: BrokerHooks
  readonly limits: BrokerLimits
  readonly close: (connection: Connection, refusal: BrokerRefusal) => void
}

export const observeAedes = (aedes: Aedes, parts: Parts): void => {
  const { connections, hooks, limits, close } = parts
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
  const subscriberOf = (connection: Connection): Subscriber => {
    const { socket } = connection
    const stalled = () => close(connection, 'drain-timeout')
    connection.subscriber ??= {
      granted: new Map(),
      deliveries: createDeliveries(socket, limits.drainTimeoutMs, stalled),
    }
    return connection.subscriber
  }
  aedes.on('subscribe', (subscriptions, client) => {
    const connection = connections.get(client)
    if (!connection?.session) return
    // 128 stands for a refused filter [MQTT-3.9.3-2].
    const granted = subscriptions.filter(({ qos }) => qos <= 2)
    for (const { topic, qos } of granted) subscriberOf(connection).granted.set(topic, qos)
    // Told when all of them hold: what is sent at once on one topic may be followed by something on another.
    for (const { topic } of granted) hooks.onSubscribed(connection.session.identity, topic)
  })
  aedes.on('unsubscribe', (topics, client) => {
    for (const topic of topics) connections.get(client)?.subscriber?.granted.delete(topic)
  })
}
