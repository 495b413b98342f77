import type { IncomingMessage, ServerResponse } from 'node:http'
import type { SecureContextOptions } from 'node:tls'
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import type { Registry as Metrics } from 'prom-client'
import type { Access } from '../model/access.ts'
import type { Alarm } from '../model/alarm.ts'
import type { Backups } from '../model/backup.ts'
import type { CardLinks } from '../model/card.ts'
import type { Care } from '../model/care.ts'
import type { Clock } from '../model/clock.ts'
import type { ConsoleFacts } from '../model/console.ts'
import type { Coverage } from '../model/coverage.ts'
import type { Desk, EntryFeed } from '../model/desk.ts'
import type { RuleFacts } from '../model/detection.ts'
import type { AlarmId, HomeId, PointId } from '../model/ids.ts'
import type { Installation } from '../model/installation.ts'
import type { Journal } from '../model/journal.ts'
import type { Presence } from '../model/presence.ts'
import type { Provisioning } from '../model/provisioning.ts'
import type { Registry } from '../model/registry.ts'
import type { Reviews } from '../model/review.ts'
import type { Routing } from '../model/routing.ts'
import type { Places } from '../model/scope.ts'
import type { Consoles, Watch } from '../model/shift.ts'
import type { Strangers, Supervision } from '../model/supervision.ts'
import type { TelemetryReader } from '../model/telemetry.ts'
import type { Trail } from '../model/trail.ts'
import type { Consents, Papers, PersonalData, Rotation } from '../model/vault.ts'

/** Fastify, with routes typed by their zod schemas. */
export type ApiApp = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>

/** One thing that must work for alarms to be committed and delivered. */
export type Readiness = { readonly name: string; readonly ok: boolean; readonly detail?: string }

export type ApiPorts = {
  readonly journal: Pick<
    Journal,
    'load' | 'list' | 'timeline' | 'entriesAfter' | 'deliveriesOf' | 'inboxOf' | 'head'
  >
  /** As it now is; from memory while it is open. */
  readonly alarm: (id: AlarmId) => Promise<Alarm | undefined>
  /** As it was at an earlier version. */
  readonly alarmAt: (id: AlarmId, version: number) => Promise<Alarm | undefined>
  /** Every alarm that still needs a person, from memory. */
  readonly openAlarms: () => Iterable<Alarm>
  /** Where it could go now. */
  readonly route: (alarm: Alarm) => Routing
  readonly trail: Trail
  readonly backups: Backups
  readonly registry: Registry
  /** Where things are, for who may see them. */
  readonly places: Places
  readonly presence: Presence
  readonly supervision: Supervision
  readonly strangers: Strangers
  /** Who has the watch, and at which consoles somebody is. */
  readonly watch: Watch
  readonly consoles: Consoles
  readonly coverage: Coverage
  /** Points whose terminal is connected now. */
  readonly reachable: () => ReadonlySet<PointId>
  /** Where what is heard on a line rings. */
  readonly homeOfLine: (line: string) => HomeId | undefined
  readonly telemetry: TelemetryReader
  readonly reviews: Reviews
  readonly care: Care
  readonly cards: CardLinks
  readonly installation: Installation
  readonly provisioning: Provisioning
  readonly consents: Consents
  /** What people wrote, under the names that entries have for it. */
  readonly papers: Pick<Papers, 'text'>
  readonly personalData: PersonalData
  /** Of the keys that seal what is personal. */
  readonly rotation: Rotation
  /** What detection looks for. */
  readonly rules: readonly RuleFacts[]
  readonly desk: Desk
  readonly feed: EntryFeed
  readonly access: Access
  readonly clock: Clock
  readonly metrics: Metrics
  /** Gives a server its certificates, now and whenever they change. Absent: plain HTTP, for a proxy or the loopback. */
  readonly tls?: { serve(server: { setSecureContext(options: SecureContextOptions): void }): void }
  readonly readiness: () => readonly Readiness[]
  readonly log: FastifyBaseLogger
  readonly settings: {
    /** Largest body of an import; other bodies are far smaller. */
    readonly importBytes: number
    /** A comment goes out on each stream at least this often. */
    readonly commentMs: number
    /** Believe X-Forwarded-*. */
    readonly trustProxy: boolean
    /** People come in by https, though this process may not see it. */
    readonly secureCookies: boolean
    /** Of one person, program or address; work on alarms is not counted. */
    readonly requestsPerMinute: number
    readonly console: ConsoleFacts
  }
}
