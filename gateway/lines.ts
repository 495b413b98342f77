/**
 * The ways in and out for devices and terminals: the embedded broker, or an outside one. Knows who is on the line;
 * what they say goes to the intake, unread.
 */
import type { Logger } from 'pino'
import { createBroker } from '../broker/broker.ts'
import type { Broker, BrokerHooks } from '../broker/types.ts'
import { offerTopic } from './decode/topics.ts'
import { DeviceId, PointId } from './model/ids.ts'
import type { Registry } from './model/registry.ts'
import type { Settings } from './settings.ts'
import { identityOf, mayPublish, maySubscribe } from './transport/access-rules.ts'
import { connectOutsideBroker } from './transport/outside.ts'
import type { Transport } from './transport/transport.ts'

export type LinesPorts = {
  readonly settings: Settings['mqtt']
  readonly registry: Registry
  readonly log: Logger
  readonly accept: (topic: string, payload: Uint8Array) => Promise<boolean>
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

const pointOf = (identity: string): PointId | undefined =>
  identity.startsWith('point:') ? PointId.safeParse(identity.slice('point:'.length)).data : undefined

const authenticator =
  (registry: Registry): BrokerHooks['authenticate'] =>
  ({ username, password }) => {
    if (username === undefined || password === undefined) return undefined
    const identity = identityOf(username)
    const point = pointOf(identity)
    if (point) return registry.checkSecret({ point }, password) ? identity : undefined
    const device = DeviceId.safeParse(username)
    return device.success && registry.checkSecret({ device: device.data }, password) ? identity : undefined
  }

const openEmbedded = async (ports: LinesPorts): Promise<Lines> => {
  const { settings, registry, log, accept } = ports
  const ready = new Set<PointId>()
  let isListening = false
  const broker: Broker = await createBroker({
    limits: settings,
    log,
    hooks: {
      authenticate: authenticator(registry),
      mayPublish,
      maySubscribe,
      onMessage: ({ topic, payload }) => accept(topic, payload),
      onConnected: identity => log.debug({ identity }, 'connected'),
      onSubscribed(identity, topicFilter) {
        const point = pointOf(identity)
        if (!point) return ports.deviceReady(identity)
        // Only who can be offered an alarm is worth offering one.
        if (topicFilter === offerTopic(point)) ready.add(point)
        ports.pointReady(point)
      },
      onDisconnected(identity) {
        const point = pointOf(identity)
        if (point) ready.delete(point)
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

/** Every topic that devices and terminals speak on. One session, because alarms are all that is read here. */
const outsideTopics = ['anling/v1/+/event', 'anling/v1/+/status', 'anling/v1/points/+/reply']

/**
 * An outside broker does not say who is connected, so every point counts as reachable: an offer that nobody confirms is
 * sent again and escalates. It has checked names and passwords; the rules of who may say what are checked here again.
 */
const openOutside = (ports: LinesPorts, url: string): Lines => {
  const { settings, registry, log, accept } = ports
  const refusals = new Map<string, number>()
  let points: { revision: number; ids: ReadonlySet<PointId> } = { revision: -1, ids: new Set() }
  const broker = connectOutsideBroker({
    url,
    clientId: 'anling-gateway',
    ...(settings.externalUsername !== undefined && { username: settings.externalUsername }),
    ...(settings.externalPassword !== undefined && { password: settings.externalPassword }),
    topics: outsideTopics,
    log,
    hooks: {
      async onMessage(message) {
        if (mayPublish(message.identity, message)) return accept(message.topic, message.payload)
        refusals.set('publish-not-allowed', (refusals.get('publish-not-allowed') ?? 0) + 1)
        log.warn({ topic: message.topic, retain: message.retain }, 'message refused')
        return true
      },
    },
  })
  return {
    transport: broker,
    reachable() {
      if (points.revision !== registry.revision) {
        points = {
          revision: registry.revision,
          ids: new Set(Array.from(registry.all('servicePoints'), point => point.id)),
        }
      }
      return points.ids
    },
    connections: () => (broker.isConnected('') ? 1 : 0),
    refusals: () => refusals,
    readiness: () =>
      broker.isConnected('')
        ? { name: 'broker', ok: true }
        : { name: 'broker', ok: false, detail: `no connection to ${url}` },
    open: async () => url,
  }
}

export const openLines = async (ports: LinesPorts): Promise<Lines> =>
  ports.settings.externalUrl === undefined
    ? openEmbedded(ports)
    : openOutside(ports, ports.settings.externalUrl)
