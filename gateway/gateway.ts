/**
 * Puts the stages together: opens what is on disk, then what acts on it, then the ways in; closes them the other way
 * round. Every stage is handed what it needs; none finds another by itself.
 */
import type { Logger } from 'pino'
import { createAddresses } from './addresses.ts'
import { openAnchors } from './anchors.ts'
import { createApi } from './api/api.ts'
import { openBackups } from './backups.ts'
import { createBridge } from './bridge.ts'
import { consoleFactsOf } from './console-facts.ts'
import { createCore } from './core.ts'
import { createCoverage } from './coverage.ts'
import { ruleTable } from './detect/rule-table.ts'
import { createDeviceLocks } from './device-locks.ts'
import { openFitting } from './fitting.ts'
import { openTlsFiles, type TlsFiles } from './kit/tls-files.ts'
import { tellLineLost } from './line-lost.ts'
import { openLines } from './lines.ts'
import { createMetrics } from './metrics.ts'
import type { Clock } from './model/clock.ts'
import { mayWatch } from './model/shift.ts'
import { createPastAlarm } from './past-alarm.ts'
import { createPlaces } from './places.ts'
import { createPrivacyWork } from './privacy-work.ts'
import { createQuotas } from './quotas.ts'
import { openReviews } from './reviews.ts'
import { addSecurityMetrics } from './security-metrics.ts'
import { createSerialLines } from './serial-lines.ts'
import type { Settings } from './settings.ts'
import { CannotStart, openStores } from './stores.ts'
import { createStrangers } from './strangers.ts'
import { createSupervision } from './supervision.ts'
import { createUsualAddresses } from './usual-addresses.ts'
import { createWatchKeeping } from './watch-keeping.ts'

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

export type Addresses = { readonly httpUrl: string; readonly mqttUrl: string; readonly mqttsUrl?: string }

export interface Gateway {
  readonly addresses: Addresses
  /** The password made for `admin` at the first start: to be shown once. */
  readonly firstPassword: string | undefined
  /** Looks at once whether certificates have changed; otherwise it takes some seconds. */
  renewCertificates(): void
  stop(): Promise<void>
}

/** Undefined: no certificate is set. Throws `CannotStart` when what is set cannot be served. */
const tlsOf = (
  listener: string,
  files: Partial<Readonly<Record<'certFile' | 'keyFile' | 'caFile', string | undefined>>>,
  { clock, log }: GatewayPorts,
): TlsFiles | undefined => {
  const { certFile, keyFile, caFile } = files
  if (certFile === undefined || keyFile === undefined) return undefined
  try {
    return openTlsFiles({ listener, certFile, keyFile, caFile, clock, log })
  } catch (error) {
    throw new CannotStart(error instanceof Error ? error.message : String(error))
  }
}

export const startGateway = async (ports: GatewayPorts): Promise<Gateway> => {
  const { settings, clock, log } = ports
  const stores = await openStores(ports)
  const { journal, registry, access, measurements, keeper, care, personal } = stores

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
  const fitting = await openFitting({
    settings,
    stores,
    strangers,
    transport: () => lines.transport,
    clock,
    log,
  })
  const { provisioning, installation } = fitting
  const core = createCore({
    settings,
    journal,
    registry,
    care,
    telemetry: measurements.store,
    keeper,
    papers: personal.papers,
    testing: fitting.testing,
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
  const mqttTls = tlsOf('mqtt', settings.mqtt.tls, ports)
  const httpTls = tlsOf('http', settings.http.tls, ports)
  const lines = await openLines({
    settings: settings.mqtt,
    bridgeBase: settings.zigbee2mqtt.base,
    registry,
    ...(mqttTls && { tls: mqttTls }),
    locks: createDeviceLocks({
      usual: createUsualAddresses(keeper),
      elapsedMs: () => performance.now(),
    }),
    quotas: createQuotas(settings.mqtt.telemetryPerMinute, () => performance.now()),
    firstContact: fitting.firstContact,
    log,
    accept: core.intake.accept,
    acceptBridged: bridge.accept,
    deviceConnected(device) {
      core.deviceConnected(device)
      provisioning.connected(device)
    },
    deviceGone: core.deviceGone,
    pointReady: core.pointReady,
    deviceReady: core.deviceReady,
  })
  const privacy = createPrivacyWork({ settings, stores, clock, log })
  const backups = openBackups(settings, log)
  const anchors = openAnchors(settings, journal, clock, log)
  addSecurityMetrics(metrics.registry, {
    certificates: () => [
      ...(mqttTls ? [['mqtt', mqttTls] as const] : []),
      ...(httpTls ? [['http', httpTls] as const] : []),
    ],
    anchors: anchors.figures,
    isPlainOffLoopback: () => lines.isPlainOffLoopback,
  })
  const watchKeeping = createWatchKeeping({
    book: stores.shift,
    core,
    papers: personal.papers,
    clock,
    absentMs: settings.shift.absentMs,
    mayWatch: user => mayWatch(access.users.get(user)),
    log,
  })
  const coverage = createCoverage({ registry, clock, timeZone: settings.timeZone })
  const supervision = createSupervision({
    registry,
    presence: core.presence,
    addresses,
    conditions: core.watching.conditions,
    isLineLost: serial.isLost,
  })
  const api = createApi({
    journal,
    registry,
    places: createPlaces({
      registry,
      alarm: core.door.find,
      institutionsIn: home => installation.beds.ofHome(home).map(({ institution }) => institution),
      homesOf: installation.beds.homesOf,
      homeOfBed: id => installation.beds.get(id)?.home,
      homeOfJob: installation.jobs.homeOf,
    }),
    alarm: core.door.find,
    alarmAt: createPastAlarm(journal),
    openAlarms: core.door.open,
    route: ({ kind, location }) => core.whereabouts.route(kind, location),
    trail: journal.trail,
    homeOfLine: line => settings.serial.lines.find(({ id }) => id === line)?.home,
    consents: personal.consents,
    personalData: privacy.personalData,
    rotation: privacy.rotation,
    provisioning,
    installation,
    cards: stores.cards,
    backups,
    papers: personal.papers,
    desk: core.desk,
    feed: core.feed,
    presence: core.presence,
    watch: watchKeeping.watch,
    consoles: watchKeeping.consoles,
    coverage,
    reachable: () => lines.reachable(),
    supervision,
    reviews: openReviews({
      journal,
      registry,
      telemetry: measurements.reader,
      care,
      presence: core.presence,
      supervision,
      beds: installation.beds,
      coverage,
      clock,
      timeZone: settings.timeZone,
      log,
    }),
    strangers,
    telemetry: measurements.reader,
    care,
    rules: ruleTable,
    access,
    clock,
    ...(httpTls && { tls: httpTls }),
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
      requestsPerMinute: settings.http.requestsPerMinute,
      console: consoleFactsOf(settings),
    },
  })

  await core.start()
  watchKeeping.start()
  const mqttUrl = await lines.open()
  const servedAt = await api.listen({ host: settings.http.host, port: settings.http.port })
  // Fastify takes a server that it has not made for a plain one.
  const httpUrl = httpTls ? servedAt.replace(/^http:/, 'https:') : servedAt
  const mqttsUrl = lines.secureUrl()
  serial.open()
  anchors.start()

  return {
    addresses: { httpUrl, mqttUrl, ...(mqttsUrl !== undefined && { mqttsUrl }) },
    renewCertificates() {
      mqttTls?.look()
      httpTls?.look()
    },
    firstPassword: access.firstPassword,
    async stop() {
      serial.close()
      bridge.stop()
      privacy.stop()
      watchKeeping.stop()
      await Promise.all([api.close(), lines.transport.close(), backups.close()])
      mqttTls?.close()
      httpTls?.close()
      await core.stop()
      await fitting.close()
      await anchors.stop()
      await stores.close()
    },
  }
}
