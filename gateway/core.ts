/**
 * The way of an alarm through the house: from what devices, people and the clock bring, over the one door, to what is
 * owed to whom. Knows no socket, no file and no HTTP: journal, registry and transport are handed in.
 */
import { randomUUIDv7 } from 'node:crypto'
import type { Logger } from 'pino'
import { longestWaitMs, policyFor } from './alarm/policy.ts'
import { createDeadlines, type Deadlines } from './deadlines.ts'
import { createDesk } from './desk.ts'
import { createDoor, type Door } from './door.ts'
import { createFeed, type Feed } from './feed.ts'
import { createFindings } from './findings.ts'
import { createHearing, type Hearing, type HearingPorts, isKnownType } from './hearing.ts'
import { createIntake, type Intake } from './intake.ts'
import type { Keeper } from './keeper.ts'
import { createLocalTime } from './kit/local-time.ts'
import { createLeftStanding } from './left-standing.ts'
import { createMessenger, type OverLine } from './messenger.ts'
import type { Metrics } from './metrics.ts'
import type { PresetName } from './model/alarm.ts'
import type { Care } from './model/care.ts'
import type { Clock } from './model/clock.ts'
import type { Desk } from './model/desk.ts'
import { AlarmId, type DeviceId, type Instant, type PointId } from './model/ids.ts'
import type { Journal } from './model/journal.ts'
import type { AlarmClass } from './model/kinds.ts'
import type { Registry } from './model/registry.ts'
import type { TelemetryStore } from './model/telemetry.ts'
import type { Papers } from './model/vault.ts'
import { createMoments } from './moments.ts'
import { createOutbox, type Outbox } from './outbox/outbox.ts'
import { owed } from './outbox/owed.ts'
import { createWebhook } from './outbox/webhook.ts'
import { createPresence, type PresenceBook } from './presence.ts'
import type { Settings } from './settings.ts'
import type { Transport } from './transport/transport.ts'
import { createWatching, type Watching } from './watching.ts'
import { createWhereabouts, type Whereabouts } from './whereabouts.ts'

/** After this time a message is of no use to its receiver any more. */
const maxDeliveryAgeMs = 24 * 3_600_000
const maxNoticesInFlight = 8

export type CorePorts = {
  readonly settings: Pick<Settings, 'alarm' | 'outbox' | 'webhook' | 'auditor' | 'timeZone' | 'site'>
  readonly journal: Journal
  readonly registry: Registry
  readonly care: Care
  readonly telemetry: TelemetryStore
  readonly keeper: Keeper
  /** Where what people write is kept. */
  readonly papers: Papers
  /** Homes in which devices are tried out. */
  readonly testing: NonNullable<HearingPorts['testing']>
  readonly transport: () => Transport
  /** The way back to devices that are not on MQTT. */
  readonly overLine: OverLine
  /** Points whose terminal is connected now. */
  readonly reachable: () => ReadonlySet<PointId>
  readonly clock: Clock
  readonly log: Logger
  readonly metrics: Metrics
}

export interface Core {
  readonly intake: Intake
  readonly hearing: Hearing
  readonly watching: Watching
  readonly whereabouts: Whereabouts
  readonly desk: Desk
  readonly door: Door
  readonly outbox: Outbox
  readonly feed: Feed
  readonly presence: PresenceBook
  readonly clock: Clock
  /** It has given a sign of life, and said nothing. */
  deviceAlive(device: DeviceId, at: Instant): void
  deviceConnected(device: DeviceId): void
  deviceGone(device: DeviceId): void
  /** A terminal is back: what is open for it goes out. */
  pointReady(point: PointId): void
  deviceReady(identity: string): void
  /** Takes up what the journal holds: open alarms, their deadlines, what is owed. */
  start(): Promise<void>
  stop(): Promise<void>
}

const timersOf = ({ alarm }: CorePorts['settings']) => ({
  verificationMs: alarm.verificationMs,
  leaseMs: alarm.leaseMs,
  acceptMs: alarm.acceptMs,
  followUpMs: alarm.followUpHours * 3_600_000,
})

const webhookOf = ({ webhook }: CorePorts['settings'], clock: Clock) =>
  webhook.url !== undefined && webhook.secret !== undefined
    ? createWebhook({ url: webhook.url, secret: webhook.secret, timeoutMs: webhook.timeoutMs }, clock.now)
    : undefined

export const createCore = (ports: CorePorts): Core => {
  const { settings, journal, registry, care, telemetry, keeper, clock, log, metrics } = ports
  const { trail } = journal
  const newAlarmId = () => AlarmId.parse(randomUUIDv7())
  const timers = timersOf(settings)
  const policyOf = (alarmClass: AlarmClass, preset: PresetName) => policyFor(alarmClass, preset, timers)
  const webhook = webhookOf(settings, clock)
  const feed = createFeed(journal.head().seq)
  const whereabouts = createWhereabouts({
    registry,
    clock,
    timeZone: settings.timeZone,
    preset: settings.alarm.preset,
    ...(settings.site.home !== undefined && { siteHome: settings.site.home }),
    reachable: ports.reachable,
  })
  const messenger = createMessenger({
    registry,
    transport: ports.transport,
    overLine: ports.overLine,
    ...(webhook && { webhook }),
  })

  const door: Door = createDoor({
    journal,
    policyOf,
    owed: change =>
      owed(change, {
        webhook: webhook !== undefined,
        voices: whereabouts.voices(change.after.location),
      }),
    onCommitted({ entries, alarm, deliveries }) {
      outbox.owe(deliveries, alarm)
      feed.push(entries)
      deadlines.watch(alarm)
      for (const entry of entries) metrics.alarmEvents.inc({ type: entry.event.type })
    },
  })

  const outbox: Outbox = createOutbox(
    {
      send: messenger.send,
      alarm: door.find,
      settle: journal.settle,
      clock,
      onSettled: (kind, { state }) => metrics.deliveries.inc({ kind, state }),
    },
    { ...settings.outbox, maxAgeMs: maxDeliveryAgeMs, maxNoticesInFlight },
  )

  const deadlines: Deadlines = createDeadlines({
    door,
    journal,
    whereabouts,
    clock,
    auditIntervalMs: settings.auditor.intervalMs,
    longestWaitMs: (alarm, kind) => longestWaitMs(policyOf(alarm.class, alarm.location.preset), kind),
    report(problem, alarm) {
      metrics.audits.inc({ problem })
      log.error({ alarm, problem }, 'a deadline was not kept as it should be')
    },
  })

  const presence = createPresence(keeper)
  /** The registry bounds what is remembered: whoever is not in it may be anybody, under ever new names. */
  const saw: PresenceBook['saw'] = (device, at, news) => {
    if (registry.get('devices', device)) presence.saw(device, at, news)
  }
  const desk = createDesk(door, whereabouts, clock, ports.papers)
  const watching = createWatching({
    registry,
    care,
    keeper,
    clock,
    localTime: createLocalTime(settings.timeZone),
    report: createFindings({ door, whereabouts, clock, newAlarmId }),
    log,
    onTick: tookMs => metrics.tickSeconds.observe(tookMs / 1_000),
  })
  const countDiscarded = (reason: string, origin: string, detail: string): void => {
    metrics.discards.inc({ reason })
    log.warn({ reason, origin, detail }, 'message discarded')
  }
  const hearing = createHearing({
    door,
    journal,
    whereabouts,
    moments: createMoments(),
    telemetry,
    newAlarmId,
    see: watching.see,
    keep: device => keeper.save([presence.stateName(device), ...watching.stateNames(device)]),
    onSeen: saw,
    judged: presence.judged,
    testing: ports.testing,
    onPressed(home) {
      try {
        care.endAbsence(home, { id: 'press', name: '按键 press' })
      } catch (err) {
        log.error({ err, home }, 'an absence could not be ended')
      }
    },
    isRegistered: device => registry.get('devices', device) !== undefined,
    // What nobody knows is one label: devices must not be able to make more.
    countEvent: (type, outcome) =>
      metrics.events.inc({ type: isKnownType(type) ? type : 'unknown', outcome }),
    countDiscarded,
  })
  const leftStanding = createLeftStanding({
    modes: ports.testing.modes,
    door,
    whereabouts,
    clock,
    newAlarmId,
    log,
  })
  const intake = createIntake({
    hearing,
    desk,
    clock,
    onSeen: saw,
    onHeard: (point, { alarm, epoch }) => outbox.confirm(`point:${point}`, alarm, epoch),
    onActed(point, alarm, action, outcome) {
      const area = registry.get('servicePoints', point)?.area
      void trail.record({
        at: clock.now(),
        actor: { kind: 'point', id: point },
        action: `reply ${action}`,
        subject: `alarms/${alarm}`,
        outcome,
        ...(area && { areas: [area] }),
      })
    },
    onRefused(point, id, refused) {
      log.info({ point, alarm: id, refused }, 'reply of a terminal refused')
      door.find(id).then(
        alarm => alarm && messenger.tellRefused(point, alarm, refused),
        (error: unknown) => log.error({ err: error }, 'could not read the alarm of a refused reply'),
      )
    },
    countDiscarded,
  })

  const link = (device: DeviceId, connected: boolean): void => {
    const at = clock.now()
    presence.saw(device, at, { connected })
    void watching.see({ what: connected ? 'connected' : 'disconnected', device, at })
  }

  const timed: Intake = {
    async accept(topic, payload) {
      const since = performance.now()
      const taken = await intake.accept(topic, payload)
      metrics.intakeSeconds.observe((performance.now() - since) / 1_000)
      return taken
    },
  }

  return {
    intake: timed,
    hearing,
    watching,
    whereabouts,
    desk,
    door,
    outbox,
    feed,
    presence,
    clock,
    deviceAlive(device, at) {
      presence.saw(device, at)
      void watching.see({ what: 'alive', device, at })
    },
    deviceConnected: device => link(device, true),
    deviceGone: device => link(device, false),
    pointReady(point) {
      const recipient = `point:${point}`
      const delivered = [...door.open()].filter(alarm => !outbox.owesOffer(recipient, alarm.id))
      messenger.catchUp(point, delivered)
      outbox.wake(recipient)
    },
    deviceReady: outbox.wake,
    async start() {
      for (const alarm of await door.load()) deadlines.watch(alarm)
      outbox.resume(await journal.pendingDeliveries())
      await deadlines.audit()
      deadlines.start()
      leftStanding.start()
      watching.start()
      keeper.start()
    },
    async stop() {
      deadlines.stop()
      leftStanding.stop()
      watching.stop()
      await Promise.all([outbox.stop(), keeper.stop()])
    },
  }
}
