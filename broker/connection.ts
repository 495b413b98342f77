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
  /** Makes whoever reads this socket read again: what Aedes waits for. */
  readonly readAgain: () => void
  /** The common name in a certificate that somebody we trust has signed; '' if it names nobody. */
  readonly certificateName?: string
  /**
   * waiting for CONNECT; connecting until CONNACK; then open; closing: nothing more is read; dismissed: nothing more is
   * taken, its will included.
   */
  phase: 'waiting' | 'connecting' | 'open' | 'closing' | 'dismissed'
  clientId: string
  will?: Parameters<BrokerHooks['mayPublish']>[1]
  /** It asked for no keep-alive, or for a longer one than allowed. */
  heldToKeepAlive: boolean
  /** Its last message was bulk: it may be made to wait. */
  bringsBulk: boolean
  /** Messages whose commit is not settled yet. */
  unsettled: number
  /** Set with the login. */
  session?: { readonly identity: Identity; readonly client: Client }
  /** Set with the first subscription: most of ten thousand idle devices have none. */
  subscriber?: Subscriber
}

export type Subscriber = {
  /** Granted QoS by topic filter. */
  readonly granted: Map<string, number>
  readonly deliveries: Deliveries
}

export type Arrival = Pick<Connection, 'socket' | 'address' | 'admitted' | 'certificateName'>

export const newConnection = (arrival: Arrival): Connection => ({
  ...arrival,
  readAgain: () => void arrival.socket.emit('readable'),
  phase: 'waiting',
  clientId: '',
  heldToKeepAlive: false,
  bringsBulk: false,
  unsettled: 0,
})

/** The highest QoS that a subscription to this topic was granted; undefined without one. */
export const grantedQos = ({ granted }: Subscriber, topic: string): number | undefined => {
  const qos = [...granted].filter(([filter]) => matchesTopic(filter, topic)).map(([, each]) => each)
  return qos.length === 0 ? undefined : Math.max(...qos)
}
