/** The words between the broker and whoever runs it. The broker knows MQTT; it knows no payload and no alarm. */
import type { Buffer } from 'node:buffer'
import type { SecureContextOptions } from 'node:tls'

/** Who has logged in: whatever the authenticator made of the credentials, for example `device:btn-1`. */
export type Identity = string

export type Credentials = {
  readonly clientId: string
  readonly username: string | undefined
  readonly password: Uint8Array | undefined
  readonly address: string
  /** The common name in the certificate that this client has shown, if somebody we trust has signed it. */
  readonly certificateName: string | undefined
}

/** `locked`: not looked at, because too many were wrong before. It may try again later, and is told so. */
export type LoginRefusal = { readonly refused: 'not-authenticated' | 'locked' }

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
  readonly authenticate: (credentials: Credentials) => Identity | LoginRefusal
  readonly mayPublish: (
    identity: Identity,
    message: { topic: string; qos: 0 | 1 | 2; retain: boolean },
  ) => boolean
  readonly maySubscribe: (identity: Identity, topicFilter: string) => boolean
  readonly onMessage: (message: InboundMessage) => Promise<boolean>
  /** Telemetry and the like: whoever brings it is read after those who bring anything else. */
  readonly isBulk?: (topic: string) => boolean
  /** False: this one brings too much; the message is counted, acknowledged and let go. Absent: nothing is too much. */
  readonly isWithinQuota?: (identity: Identity, topic: string) => boolean
  /** Undefined: the limit of everybody. For those that must say more in one message. */
  readonly maxFrameBytes?: (identity: Identity) => number | undefined
  /** A client has subscribed: from now on `publish` reaches it. */
  readonly onSubscribed: (identity: Identity, topicFilter: string) => void
  readonly onConnected: (identity: Identity) => void
  /** The last connection of this identity has gone. */
  readonly onDisconnected: (identity: Identity) => void
}

export type BrokerLimits = {
  /** Of one MQTT frame, without its fixed header. Beyond: the connection is closed before the frame is buffered. */
  readonly maxFrameBytes: number
  readonly maxConnections: number
  readonly maxConnectionsPerAddress: number
  /** Connections from one address that have not logged in yet. */
  readonly maxPendingPerAddress: number
  readonly connectTimeoutMs: number
  /**
   * A client that asks for a longer keep-alive, or for none (0), is let in and held to this one: it is closed when it
   * was silent for 1.5 times as long.
   */
  readonly maxKeepAliveSeconds: number
  readonly maxTopicLevels: number
  readonly drainTimeoutMs: number
}

/** Why a connection was closed or a message refused: each is counted under its name. */
export const brokerRefusals = [
  'frame-too-large',
  'malformed-frame',
  'topic-too-deep',
  'too-many-connections',
  'too-many-connections-from-address',
  /** No login in time, a handshake of TLS included. */
  'connect-timeout',
  'tls-handshake',
  /** None, or one of strangers, where it must be shown. */
  'client-certificate',
  'unsupported-protocol',
  'keep-alive-too-long',
  'not-authenticated',
  'locked',
  'publish-not-allowed',
  'subscribe-not-allowed',
  'not-committed',
  'drain-timeout',
  /** The same client logged in again [MQTT-3.1.4-2], or its identity has too many connections. */
  'superseded',
  /** `Broker.disconnect`: it may not be here any more. */
  'dismissed',
  /** A message beyond what one may bring. Its connection stays. */
  'quota',
] as const
export type BrokerRefusal = (typeof brokerRefusals)[number]

/**
 * `acknowledged`: a subscriber's PUBACK came. `unconfirmed`: there is a subscriber, but its connection ended before the
 * PUBACK, or it is at a limit, or it subscribed at QoS 0. `not-connected`: nobody of this identity has subscribed.
 */
export type PublishOutcome = 'acknowledged' | 'unconfirmed' | 'not-connected'

/** Structured log, as pino has it. */
export interface BrokerLog {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

export type BrokerTls = {
  readonly clientCertificates: 'off' | 'optional' | 'required'
  /** Gives a server its certificates, now and whenever they change. */
  readonly serve: (server: { setSecureContext(options: SecureContextOptions): void }) => void
}

export interface Broker {
  /** Several may be open at a time. Resolves with the port that it really listens on. */
  listen(host: string, port: number, tls?: BrokerTls): Promise<number>
  /** QoS 1 to each connection of this identity that has subscribed to `topic`; never through the fan-out. */
  publish(identity: Identity, topic: string, payload: string): Promise<PublishOutcome>
  isConnected(identity: Identity): boolean
  /** Ends all connections of this identity. What it has sent is not taken any more, nor are its wills. */
  disconnect(identity: Identity): void
  /** Open sockets, logged in or not. */
  readonly connections: number
  readonly refusals: ReadonlyMap<BrokerRefusal, number>
  close(): Promise<void>
}
