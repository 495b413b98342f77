/**
 * The ways in and out for devices and terminals: the embedded broker, or an outside one. Knows who is on the line;
 * what they say goes to the intake, unread.
 */
import type { Logger } from 'pino'
import { createBroker } from '../broker/broker.ts'
import type { Broker, BrokerHooks } from '../broker/types.ts'
import { isBridge } from './addresses.ts'
import { offerTopic } from './decode/topics.ts'
import { DeviceId, PointId } from './model/ids.ts'
import type { Registry } from './model/registry.ts'
import type { Settings } from './settings.ts'
import { createAccessRules, identityOf, partyOf } from './transport/access-rules.ts'
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

export type LinesPorts = {
  readonly settings: Settings['mqtt']
  readonly registry: Registry
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
  /** Opens the way in. Resolves with its address. */
  open(): Promise<string>
}

const pointOf = (identity: string): PointId | undefined => {
  const { kind, id } = partyOf(identity)
  return kind === 'point' ? PointId.safeParse(id).data : undefined
}

/** Its list of devices takes some kilobytes for each of them; the decoder reads 4 MiB at most. */
const bridgeFrameBytes = 4 * 1_048_576 + 1_024

/** A bridge is a device too: the one that speaks for others. */
const deviceOf = (identity: string): DeviceId | undefined => {
  const { kind, id } = partyOf(identity)
  return kind === 'point' ? undefined : DeviceId.safeParse(id).data
}

const isKnownBridge = (registry: Registry, device: DeviceId): boolean => {
  const record = registry.get('devices', device)
  return record !== undefined && isBridge(record)
}

const authenticator =
  (registry: Registry): BrokerHooks['authenticate'] =>
  ({ username, password }) => {
    if (username === undefined || password === undefined) return undefined
    const identity = identityOf(username)
    const point = pointOf(identity)
    if (point) return registry.checkSecret({ point }, password) ? identity : undefined
    const device = deviceOf(identity)
    if (!device || (partyOf(identity).kind === 'bridge' && !isKnownBridge(registry, device))) return undefined
    return registry.checkSecret({ device }, password) ? identity : undefined
  }

const openEmbedded = async (ports: LinesPorts): Promise<Lines> => {
  const { settings, registry, log, accept } = ports
  const { mayPublish, maySubscribe } = createAccessRules(ports.bridgeBase)
  const ready = new Set<PointId>()
  let isListening = false
  const broker: Broker = await createBroker({
    limits: settings,
    log,
    hooks: {
      authenticate: authenticator(registry),
      mayPublish,
      maySubscribe,
      onMessage: message =>
        partyOf(message.identity).kind === 'bridge'
          ? ports.acceptBridged({
              ...message,
              bridge: deviceOf(message.identity),
              stored: false,
              toBeStored: message.retain,
            })
          : accept(message.topic, message.payload),
      isBulk: topic => topic.endsWith('/measure'),
      maxFrameBytes: identity => (partyOf(identity).kind === 'bridge' ? bridgeFrameBytes : undefined),
      onConnected(identity) {
        const device = deviceOf(identity)
        if (device) ports.deviceConnected(device)
        log.debug({ identity }, 'connected')
      },
      onSubscribed(identity, topicFilter) {
        const point = pointOf(identity)
        if (!point) return ports.deviceReady(identity)
        // Only who can be offered an alarm is worth offering one.
        if (topicFilter === offerTopic(point)) ready.add(point)
        ports.pointReady(point)
      },
      onDisconnected(identity) {
        const point = pointOf(identity)
        const device = deviceOf(identity)
        if (point) ready.delete(point)
        if (device) ports.deviceGone(device)
        log.debug({ identity }, 'disconnected')
      },
    },
  })
  return {
    transport: broker,
    reachable: () => ready,
    connections: () => broker.connections,
    refusals: () => broker.refusals,
    readiness: () => ({ name: 'broker', ok: isListening }),
    async open() {
      const port = await broker.listen(settings.host, settings.port)
      isListening = true
      return `mqtt://${settings.host}:${port}`
    },
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
  let points: { revision: number; ids: ReadonlySet<PointId> } = { revision: -1, ids: new Set() }

  const take = async (message: OutsideMessage): Promise<boolean> => {
    if (message.topic.startsWith(`${bridgeBase}/`))
      return ports.acceptBridged({
        ...message,
        bridge: undefined,
        stored: message.retain,
        toBeStored: false,
      })
    if (message.identity !== undefined && rules.mayPublish(message.identity, message))
      return accept(message.topic, message.payload)
    refusals.set('publish-not-allowed', (refusals.get('publish-not-allowed') ?? 0) + 1)
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
  }
}

export const openLines = async (ports: LinesPorts): Promise<Lines> =>
  ports.settings.externalUrl === undefined
    ? openEmbedded(ports)
    : openOutside(ports, ports.settings.externalUrl)
