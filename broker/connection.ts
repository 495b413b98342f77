/** One client's connection, from the first byte to the last. */
import type { Socket } from 'node:net'
import type { Client } from 'aedes'
import type { Admitted } from './admission.ts'
import type { Deliveries } from './deliveries.ts'
import { matchesTopic } from './topics.ts'
import type { BrokerHooks, Identity } from './types.ts'

export type Connection = {
  readonly socket: Socket
  readonly address: string
  readonly admitted: Admitted
  readonly deliveries: Deliveries
  /** waiting for CONNECT; connecting until CONNACK; then open; closing: nothing more is read. */
  phase: 'waiting' | 'connecting' | 'open' | 'closing'
  clientId: string
  will?: Parameters<BrokerHooks['mayPublish']>[1]
  /** It asked for no keep-alive, or for a longer one than allowed. */
  heldToKeepAlive: boolean
  /** Messages whose commit is not settled yet. */
  unsettled: number
  /** Granted QoS by topic filter. */
  readonly subscriptions: Map<string, number>
  /** Set with the login. */
  session?: { readonly identity: Identity; readonly client: Client }
}

/** The highest QoS that a subscription to this topic was granted; undefined without one. */
export const subscribedQos = (connection: Connection, topic: string): number | undefined => {
  const granted = [...connection.subscriptions].filter(([filter]) => matchesTopic(filter, topic))
  return granted.length === 0 ? undefined : Math.max(...granted.map(([, qos]) => qos))
}
