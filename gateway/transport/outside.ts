/**
 * The way to an MQTT broker outside of this process.
 *
 * Takes the topics of one persistent session. Gives each message to `onMessage` with its identity, which is in the topic:
 * the outside broker's access rules see to it that nobody publishes under another's name. Acknowledges a message to the
 * broker after `onMessage` has committed it; until then the broker keeps it, also while the gateway is away.
 * Never reads a payload.
 *
 * One session hands on one message at a time. So that telemetry never waits in front of an alarm, open one for alarms
 * and another for telemetry, each with a client id of its own.
 */
import { Buffer } from 'node:buffer'
import { Socket } from 'node:net'
import { connect, type IPublishPacket } from 'mqtt'
import type { Identity } from './access-rules.ts'
import type { PublishOutcome, Transport } from './transport.ts'

const keepAliveSeconds = 10
const connectTimeoutMs = 5_000
/** Also between two tries of a message that could not be committed. */
const reconnectPeriodMs = 1_000
/** Published, but not acknowledged by the broker. Beyond: `unconfirmed` at once. */
const maxInFlight = 1_000
/** Nothing can be waited for when it is to stop: what is not acknowledged comes again. */
const forced = true

export type OutsideMessage = {
  /** Undefined: the topic names nobody. */
  readonly identity: Identity | undefined
  readonly topic: string
  readonly payload: Buffer
  readonly qos: 0 | 1 | 2
  readonly retain: boolean
}

export type OutsideOptions = {
  /** `mqtt://host:port` or `mqtts://host:port`: then its certificate must be of somebody whom Node trusts. */
  readonly url: string
  readonly username?: string
  readonly password?: string
  /** Names the session at the broker: the same after a restart, another for each session. */
  readonly clientId: string
  readonly topics: readonly string[]
  readonly hooks: { readonly onMessage: (message: OutsideMessage) => Promise<boolean> }
  readonly log: {
    info(fields: object, message: string): void
    warn(fields: object, message: string): void
    error(fields: object, message: string): void
  }
}

/**
 * Returns at once and keeps connecting: the gateway starts whether or not the broker is there. `publish` is `unconfirmed`
 * at best: the broker has it, and says nothing of who else has. `isConnected` speaks of the broker only: whether this
 * identity is connected to it, its own messages alone can tell.
 */
export const connectOutsideBroker = (options: OutsideOptions): Transport => {
  const { url, topics, hooks, log, ...login } = options
  const client = connect(url, {
    ...login,
    clean: false,
    resubscribe: false,
    reconnectOnConnackError: true,
    keepalive: keepAliveSeconds,
    connectTimeout: connectTimeoutMs,
    reconnectPeriod: reconnectPeriodMs,
  })
  const inFlight = new Map<number, (outcome: PublishOutcome) => void>()

  const commit = async (packet: IPublishPacket): Promise<boolean> => {
    const { topic, payload, qos, retain } = packet
    const identity = identityOf(topic)
    try {
      return await hooks.onMessage({ identity, topic, payload: Buffer.from(payload), qos, retain })
    } catch (err) {
      log.error({ err, topic }, 'onMessage failed')
      return false
    }
  }

  const take = async (packet: IPublishPacket, acknowledge: () => void): Promise<void> => {
    const { stream } = client
    const committed = await commit(packet)
    // Message ids belong to a connection: a late acknowledgement could be another message's on the next one.
    if (client.stream !== stream) return
    if (committed || packet.qos === 0) return acknowledge()
    log.error({ topic: packet.topic }, 'not committed: reconnecting, so that the broker sends it again')
    stream.destroy()
  }
  client.handleMessage = (packet, acknowledge) => void take(packet, acknowledge)

  client.on('connect', () => {
    if (client.stream instanceof Socket) client.stream.setNoDelay(true)
    client.subscribe([...topics], { qos: 1 }, (err, granted = []) => {
      const refused = granted.filter(({ qos }) => qos !== 1).map(({ topic }) => topic)
      if (err || refused.length > 0) log.error({ err, refused }, 'the outside broker refuses subscriptions')
      else log.info({ url, clientId: options.clientId }, 'connected to the outside broker')
    })
  })
  client.on('close', () => {
    // What is owed is rendered anew: an offer sent again by the client library might be about yesterday's alarm.
    for (const [messageId, settle] of inFlight) {
      client.removeOutgoingMessage(messageId)
      settle('unconfirmed')
    }
  })
  client.on('error', err => log.warn({ err, url }, 'the outside broker cannot be reached'))

  return {
    publish: async (_identity, topic, payload) => {
      if (!client.connected || client.disconnecting) return 'not-connected'
      if (inFlight.size >= maxInFlight) return 'unconfirmed'
      return new Promise(resolve => {
        let messageId = 0
        const settle = (outcome: PublishOutcome) => {
          inFlight.delete(messageId)
          resolve(outcome)
        }
        client.publish(topic, payload, { qos: 1 }, error => settle(error ? 'unconfirmed' : 'handed-over'))
        messageId = client.getLastMessageId()
        inFlight.set(messageId, settle)
      })
    },
    isConnected: () => client.connected,
    disconnect: () => {},
    close: () => client.endAsync(forced),
  }
}

/** `anling/v1/points/{point}/…` and `anling/v1/{device}/…`. */
const identityOf = (topic: string): Identity | undefined => {
  const [prefix, version, name, ...rest] = topic.split('/')
  if (prefix !== 'anling' || version !== 'v1' || !name) return undefined
  if (rest.length === 1) return `device:${name}`
  return name === 'points' && rest.length === 2 && rest[0] ? `point:${rest[0]}` : undefined
}
