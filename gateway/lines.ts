/**
 * The ways in and out for devices and terminals: the embedded broker, or an outside one. Knows who is on the line;
 * what they say goes to the intake, unread.
 */
import type { Logger } from 'pino'
import { createBroker } from '../broker/broker.ts'
import type { Broker, BrokerTls } from '../broker/types.ts'
import { offerTopic, parseTopic } from './decode/topics.ts'
import { createDeviceLogin, type DeviceLoginPorts } from './device-login.ts'
import type { DeviceId, PointId } from './model/ids.ts'
import type { Registry } from './model/registry.ts'
import { whoIs } from './parties.ts'
import type { Quotas } from './quotas.ts'
import type { Settings } from './settings.ts'
import { isLoopback } from './settings-security.ts'
import { createAccessRules } from './transport/access-rules.ts'
import { connectOutsideBroker, type OutsideMessage } from './transport/outside.ts'
import type { Transport } from './transport/transport.ts'

export type BridgedMessage = {
  /** Undefined: it came through an outside broker, which does not say. */
  readonly bridge: DeviceId | undefined
  readonly topic: string
  readonly payload: Uint8Array
  /** The broker had stored it. */
  readonly stored: boolean
  /** Whoever published it asked the broker to store it: that says nothing of its age. */
  readonly toBeStored: boolean
}

export type LinesPorts = DeviceLoginPorts & {
  readonly settings: Settings['mqtt']
  readonly registry: Registry
  /** Certificates of the embedded broker. Absent: it does not speak TLS. */
  readonly tls?: Pick<BrokerTls, 'serve'> | undefined
  readonly quotas: Quotas
  readonly log: Logger
  /** Base topic of Zigbee2MQTT. */
  readonly bridgeBase: string
  readonly accept: (topic: string, payload: Uint8Array) => Promise<boolean>
  readonly acceptBridged: (message: BridgedMessage) => Promise<boolean>
  readonly deviceConnected: (device: DeviceId) => void
  readonly deviceGone: (device: DeviceId) => void
  readonly pointReady: (point: PointId) => void
  readonly deviceReady: (identity: string) => void
}

export interface Lines {
  readonly transport: Transport
  readonly reachable: () => ReadonlySet<PointId>
  readonly connections: () => number
  readonly refusals: () => ReadonlyMap<string, number>
  /** Can devices and terminals get through? */
  readonly readiness: () => { readonly name: string; readonly ok: boolean; readonly detail?: string }
  /** Opens the ways in. Resolves with the address of the plain one. */
  open(): Promise<string>
  /** Of the way in by TLS, once it is open. Undefined: there is none. */
  secureUrl(): string | undefined
  /** Secrets and calls may go over a network in clear. */
  readonly isPlainOffLoopback: boolean
}

/** Its list of devices takes some kilobytes for each of them; the decoder reads 4 MiB at most. */
const bridgeFrameBytes = 4 * 1_048_576 + 1_024

/** Where devices without TLS are let in. With TLS the network needs them no more, unless somebody says so. */
const plainHost = ({ host, allowPlain }: LinesPorts['settings'], hasTls: boolean): string =>
  hasTls && !allowPlain && !isLoopback(host) ? '127.0.0.1' : host

/** Telemetry beyond what one device may bring. An event is never too much. */
const isTooMuch = (quotas: Quotas, topicName: string): boolean => {
  const topic = parseTopic(topicName)
  return topic?.from === 'device' && topic.topic !== 'event' && !quotas.take(topic.device)
}

const openEmbedded = async (ports: LinesPorts): Promise<Lines> => {
  const { settings, log, accept, tls, quotas } = ports
  const { mayPublish, maySubscribe } = createAccessRules(ports.bridgeBase)
  const ready = new Set<PointId>()
  const host = plainHost(settings, tls !== undefined)
  let secureUrl: string | undefined
  let isListening = false
  const broker: Broker = await createBroker({
    limits: settings,
    log,
    hooks: {
      authenticate: createDeviceLogin(ports),
      mayPublish,
      maySubscribe,
      onMessage(message) {
        const party = whoIs(message.identity)
        if (party?.kind === 'claim') return ports.firstContact.onMessage(party.device)
        if (party?.kind !== 'bridge') return accept(message.topic, message.payload)
        const { device: bridge } = party
        return ports.acceptBridged({ ...message, bridge, stored: false, toBeStored: message.retain })
      },
      isBulk: topic => topic.endsWith('/measure'),
      isWithinQuota: (_identity, topic) => !isTooMuch(quotas, topic),
      maxFrameBytes: identity => (whoIs(identity)?.kind === 'bridge' ? bridgeFrameBytes : undefined),
      onConnected(identity) {
        const party = whoIs(identity)
        if (party?.kind === 'device' || party?.kind === 'bridge') ports.deviceConnected(party.device)
        log.debug({ identity }, 'connected')
      },
      onSubscribed(identity, topicFilter) {
        const party = whoIs(identity)
        if (party?.kind !== 'point') return ports.deviceReady(identity)
        // Only who can be offered an alarm is worth offering one.
        if (topicFilter === offerTopic(party.point)) ready.add(party.point)
        ports.pointReady(party.point)
      },
      onDisconnected(identity) {
        const party = whoIs(identity)
        if (party?.kind === 'point') ready.delete(party.point)
        if (party?.kind === 'device' || party?.kind === 'bridge') ports.deviceGone(party.device)
        log.debug({ identity }, 'disconnected')
      },
    },
  })
  const openPlain = async (): Promise<string> => {
    if (!isLoopback(host))
      log.warn({ host }, 'MQTT IN CLEAR ON THE NETWORK: whoever listens can read and forge calls')
    return `mqtt://${host}:${await broker.listen(host, settings.port)}`
  }
  const openSecure = async (): Promise<string | undefined> => {
    if (!tls) return undefined
    const { clientCertificates, port } = settings.tls
    return `mqtts://${settings.host}:${await broker.listen(settings.host, port, { ...tls, clientCertificates })}`
  }
  return {
    transport: broker,
    reachable: () => ready,
    connections: () => broker.connections,
    refusals: () => broker.refusals,
    readiness: () => ({ name: 'broker', ok: isListening }),
    async open() {
      const plainUrl = await openPlain()
      secureUrl = await openSecure()
      isListening = true
      return plainUrl
    },
    secureUrl: () => secureUrl,
    isPlainOffLoopback: !isLoopback(host),
  }
}

/**
 * One session hands on one message at a time, so alarms have one of their own: neither telemetry nor a bridge stands in
 * their way.
 */
const outsideSessions = (bridgeBase: string) => [
  {
    clientId: 'anling-gateway',
    topics: ['anling/v1/+/event', 'anling/v1/+/status', 'anling/v1/points/+/reply'],
  },
  { clientId: 'anling-gateway-telemetry', topics: ['anling/v1/+/measure'] },
  { clientId: 'anling-gateway-bridge', topics: [`${bridgeBase}/#`] },
]

/**
 * An outside broker does not say who is connected, so every point counts as reachable: an offer that nobody confirms is
 * sent again and escalates. It has checked names and passwords; the rules of who may say what are checked here again.
 */
const openOutside = (ports: LinesPorts, url: string): Lines => {
  const { settings, registry, log, accept, bridgeBase } = ports
  const rules = createAccessRules(bridgeBase)
  const refusals = new Map<string, number>()
  const count = (refusal: string) => refusals.set(refusal, (refusals.get(refusal) ?? 0) + 1)
  let points: { revision: number; ids: ReadonlySet<PointId> } = { revision: -1, ids: new Set() }

  const take = async (message: OutsideMessage): Promise<boolean> => {
    if (message.topic.startsWith(`${bridgeBase}/`))
      return ports.acceptBridged({
        ...message,
        bridge: undefined,
        stored: message.retain,
        toBeStored: false,
      })
    if (message.identity !== undefined && rules.mayPublish(message.identity, message)) {
      if (!isTooMuch(ports.quotas, message.topic)) return accept(message.topic, message.payload)
      count('quota')
      return true
    }
    count('publish-not-allowed')
    log.warn({ topic: message.topic, retain: message.retain }, 'message refused')
    return true
  }

  const connect = ({ clientId, topics }: { clientId: string; topics: readonly string[] }): Transport =>
    connectOutsideBroker({
      url,
      clientId,
      ...(settings.externalUsername !== undefined && { username: settings.externalUsername }),
      ...(settings.externalPassword !== undefined && { password: settings.externalPassword }),
      topics,
      log,
      hooks: { onMessage: take },
    })
  const [alarms, ...others] = outsideSessions(bridgeBase).map(connect)
  if (!alarms) throw new Error('there is no session for alarms')
  return {
    transport: {
      ...alarms,
      close: async () => {
        await Promise.all([alarms, ...others].map(session => session.close()))
      },
    },
    reachable() {
      if (points.revision !== registry.revision) {
        points = {
          revision: registry.revision,
          ids: new Set(Array.from(registry.all('servicePoints'), point => point.id)),
        }
      }
      return points.ids
    },
    connections: () => [alarms, ...others].filter(session => session.isConnected('')).length,
    refusals: () => refusals,
    readiness: () =>
      alarms.isConnected('')
        ? { name: 'broker', ok: true }
        : { name: 'broker', ok: false, detail: `no connection to ${url}` },
    open: async () => url,
    secureUrl: () => undefined,
    isPlainOffLoopback: false,
  }
}

export const openLines = async (ports: LinesPorts): Promise<Lines> =>
  ports.settings.externalUrl === undefined
    ? openEmbedded(ports)
    : openOutside(ports, ports.settings.externalUrl)
