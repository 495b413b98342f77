/**
 * Puts the stages together: opens what is on disk, then what acts on it, then the ways in; closes them the other way
 * round. Every stage is handed what it needs; none finds another by itself.
 */
import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import type { Logger } from 'pino'
import { openAccess } from './access/access.ts'
import { createApi } from './api/api.ts'
import { createCore } from './core.ts'
import { openSqliteJournal } from './journal/sqlite/adapter.ts'
import { openLines } from './lines.ts'
import { createMetrics } from './metrics.ts'
import type { Clock } from './model/clock.ts'
import { openRegistry } from './registry/registry.ts'
import type { Settings } from './settings.ts'

export type GatewayPorts = {
  readonly settings: Settings
  readonly clock: Clock
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

const openAccessOf = ({ settings, clock, log }: GatewayPorts) =>
  openAccess({
    directory: settings.data.dir,
    clock,
    randomBytes,
    limits: {
      idleMs: settings.sessions.idleMinutes * 60_000,
      absoluteMs: settings.sessions.absoluteHours * 3_600_000,
    },
    ...(settings.admin.password !== undefined && { initialAdminPassword: settings.admin.password }),
    log,
  })

export const startGateway = async (ports: GatewayPorts): Promise<Gateway> => {
  const { settings, clock, log } = ports
  mkdirSync(settings.data.dir, { recursive: true })
  const journal = await openSqliteJournal({
    directory: settings.data.dir,
    log,
    onDead: reason => ports.onFatal(`the journal's writer has ended: ${reason}`),
  })
  const registry = await openRegistry({ directory: settings.data.dir, log })
  const access = await openAccessOf(ports)

  const metrics = createMetrics({
    openAlarms: () => [...core.door.open()].length,
    owedDeliveries: () => core.outbox.pending,
    mqttConnections: () => lines.connections(),
    reachablePoints: () => lines.reachable().size,
    brokerRefusals: () => lines.refusals(),
  })
  const core = createCore({
    settings,
    journal,
    registry,
    transport: () => lines.transport,
    reachable: () => lines.reachable(),
    clock,
    log,
    metrics,
  })
  const lines = await openLines({
    settings: settings.mqtt,
    registry,
    log,
    accept: core.intake.accept,
    pointReady: core.pointReady,
    deviceReady: core.deviceReady,
  })
  const api = createApi({
    journal,
    registry,
    desk: core.desk,
    feed: core.feed,
    presence: core.presence,
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

  return {
    addresses: { httpUrl, mqttUrl },
    firstPassword: access.firstPassword,
    async stop() {
      await Promise.all([api.close(), lines.transport.close()])
      await core.stop()
      access.close()
      await registry.close()
      await journal.close()
    },
  }
}
