/** The words between the broker and whoever runs it. The broker knows MQTT; it knows no payload and no alarm. */
import type { Buffer } from 'node:buffer'

/** Who has logged in: whatever the authenticator made of the credentials, for example `device:btn-1`. */
export type Identity = string

export type Credentials = {
  readonly clientId: string
  readonly username: string | undefined
  readonly password: Uint8Array | undefined
  readonly address: string
}

export type InboundMessage = {
  readonly identity: Identity
  readonly topic: string
  readonly payload: Buffer
  readonly qos: 0 | 1 | 2
  readonly retain: boolean
}

/**
 * Handed in by whoever runs the broker. `onMessage` settles when the message may be acknowledged: resolved `true` sends
 * the acknowledgement; `false` sends none and closes the connection, so that the device keeps the message and returns.
 */
export type BrokerHooks = {
  readonly authenticate: (credentials: Credentials) => Identity | undefined
  readonly mayPublish: (
    identity: Identity,
    message: { topic: string; qos: 0 | 1 | 2; retain: boolean },
  ) => boolean
  readonly maySubscribe: (identity: Identity, topicFilter: string) => boolean
  readonly onMessage: (message: InboundMessage) => Promise<boolean>
  /** A client has subscribed: from now on `publish` reaches it. */
  readonly onSubscribed: (identity: Identity, topicFilter: string) => void
  readonly onConnected: (identity: Identity) => void
  /** The last connection of this identity has gone. */
  readonly onDisconnected: (identity: Identity) => void
}

export type BrokerLimits = {
  readonly maxFrameBytes: number
  readonly maxConnections: number
  readonly maxConnectionsPerAddress: number
  /** Connections from one address that have not logged in yet. */
  readonly maxPendingPerAddress: number
  readonly connectTimeoutMs: number
  readonly maxKeepAliveSeconds: number
  readonly maxTopicLevels: number
  readonly drainTimeoutMs: number
}

/** Why a connection was closed or a message refused: each is counted under its name. */
export const brokerRefusals = [
  'frame-too-large',
  'malformed-frame',
  'too-many-connections',
  'too-many-connections-from-address',
  'connect-timeout',
  'unsupported-protocol',
  'keep-alive-too-long',
  'not-authenticated',
  'publish-not-allowed',
  'subscribe-not-allowed',
  'not-committed',
  'drain-timeout',
] as const
export type BrokerRefusal = (typeof brokerRefusals)[number]

/** `acknowledged`: the subscriber's PUBACK came. `unconfirmed`: written, but the connection ended before the PUBACK. */
export type PublishOutcome = 'acknowledged' | 'unconfirmed' | 'not-connected'

export interface Broker {
  /** Resolves with the port that it really listens on. */
  listen(host: string, port: number): Promise<number>
  /** QoS 1 to each connection of this identity that has subscribed to `topic`; never through the fan-out. */
  publish(identity: Identity, topic: string, payload: string): Promise<PublishOutcome>
  isConnected(identity: Identity): boolean
  readonly connections: number
  readonly refusals: ReadonlyMap<BrokerRefusal, number>
  close(): Promise<void>
}
