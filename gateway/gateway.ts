/**
 * Puts the stages together: opens what is on disk, then what acts on it, then the ways in; closes them the other way
 * round. Every stage is handed what it needs; none finds another by itself.
 */
import type { Logger } from 'pino'
import { createAddresses } from './addresses.ts'
import { createApi } from './api/api.ts'
import { createBridge } from './bridge.ts'
import { createCore } from './core.ts'
import { ruleTable } from './detect/rule-table.ts'
import { tellLineLost } from './line-lost.ts'
import { openLines } from './lines.ts'
import { createMetrics } from './metrics.ts'
import type { Clock } from './model/clock.ts'
import { createPlaces } from './places.ts'
import { createSerialLines } from './serial-lines.ts'
import type { Settings } from './settings.ts'
import { openStores } from './stores.ts'
import { createStrangers } from './strangers.ts'
import { createSupervision } from './supervision.ts'

export type GatewayPorts = {
  readonly settings: Settings
  /** By which alarms and detection live. */
  readonly clock: Clock
  /** By which sessions of people end: never faster than people live. */
  readonly sessionClock: Clock
  readonly log: Logger
  /** Something without which no alarm can be taken is gone for good: end the process, so that another is started. */
  readonly onFatal: (reason: string) => void
}

export type Addresses = { readonly httpUrl: string; readonly mqttUrl: string }

export interface Gateway {
  readonly addresses: Addresses
  /** The password made for `admin` at the first start: to be shown once. */
  readonly firstPassword: string | undefined
  stop(): Promise<void>
}

export const startGateway = async (ports: GatewayPorts): Promise<Gateway> => {
  const { settings, clock, log } = ports
  const stores = await openStores(ports)
  const { journal, registry, access, measurements, keeper, care } = stores

  const metrics = createMetrics({
    openAlarms: () => [...core.door.open()].length,
    owedDeliveries: () => core.outbox.pending,
    mqttConnections: () => lines.connections(),
    reachablePoints: () => lines.reachable().size,
    brokerRefusals: () => lines.refusals(),
    telemetry: measurements.store.figures,
    forwarding: measurements.forwarding,
    serial: () => serial.counters(),
  })
  const addresses = createAddresses(registry)
  const strangers = createStrangers(({ source, line, address, facts }) =>
    source === 'zigbee2mqtt'
      ? addresses.onZigbee(address, facts?.['ieee']) !== undefined
      : addresses.onLine(line, address) !== undefined,
  )
  const core = createCore({
    settings,
    journal,
    registry,
    care,
    telemetry: measurements.store,
    keeper,
    transport: () => lines.transport,
    reachable: () => lines.reachable(),
    overLine(device, eventId, stage) {
      const record = registry.get('devices', device)
      if (record && 'zigbee2mqtt' in record.transport) return 'unheard'
      return serial.feedback(device, eventId, stage)
    },
    clock,
    log,
    metrics,
  })
  const serial = createSerialLines({
    lines: settings.serial.lines,
    addresses,
    strangers,
    clock,
    random: Math.random,
    log,
    take: core.hearing.take,
    alive: core.deviceAlive,
    tellLost: tellLineLost(core, settings.site.home),
    count: {
      frame: line => metrics.lineFrames.inc({ line }),
      discarded: (line, reason, bytes) => metrics.lineDiscards.inc({ line, reason }, bytes),
    },
  })
  const bridge = createBridge({
    base: settings.zigbee2mqtt.base,
    addresses,
    strangers,
    hearing: core.hearing,
    keeper,
    clock,
    alive: core.deviceAlive,
    countDiscarded(reason, origin, detail) {
      metrics.discards.inc({ reason })
      log.warn({ reason, origin, detail }, 'message of a bridge discarded')
    },
  })
  const lines = await openLines({
    settings: settings.mqtt,
    bridgeBase: settings.zigbee2mqtt.base,
    registry,
    log,
    accept: core.intake.accept,
    acceptBridged: bridge.accept,
    deviceConnected: core.deviceConnected,
    deviceGone: core.deviceGone,
    pointReady: core.pointReady,
    deviceReady: core.deviceReady,
  })
  const api = createApi({
    journal,
    registry,
    places: createPlaces({
      registry,
      alarm: core.door.find,
      institutionsIn: () => [],
      homeOfBed: () => undefined,
      homeOfJob: () => undefined,
    }),
    desk: core.desk,
    feed: core.feed,
    presence: core.presence,
    supervision: createSupervision({
      registry,
      presence: core.presence,
      addresses,
      conditions: core.watching.conditions,
      isLineLost: serial.isLost,
    }),
    strangers,
    telemetry: measurements.reader,
    care,
    rules: ruleTable,
    access,
    clock,
    metrics: metrics.registry,
    readiness: () => {
      const { writable, detail } = journal.health()
      return [{ name: 'journal', ok: writable, ...(detail !== undefined && { detail }) }, lines.readiness()]
    },
    log,
    settings: {
      importBytes: settings.http.bodyLimitBytes,
      commentMs: settings.stream.commentMs,
      trustProxy: settings.http.trustProxy,
      secureCookies: settings.http.publicUrl?.startsWith('https:') ?? false,
    },
  })

  await core.start()
  const mqttUrl = await lines.open()
  const httpUrl = await api.listen({ host: settings.http.host, port: settings.http.port })
  serial.open()

  return {
    addresses: { httpUrl, mqttUrl },
    firstPassword: access.firstPassword,
    async stop() {
      serial.close()
      bridge.stop()
      await Promise.all([api.close(), lines.transport.close()])
      await core.stop()
      await stores.close()
    },
  }
}
