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
import { createIntake, type Intake, isKnownType } from './intake.ts'
import { createMessenger } from './messenger.ts'
import type { Metrics } from './metrics.ts'
import type { PresetName } from './model/alarm.ts'
import type { Clock } from './model/clock.ts'
import type { Desk } from './model/desk.ts'
import { AlarmId, type PointId } from './model/ids.ts'
import type { Journal } from './model/journal.ts'
import type { AlarmClass } from './model/kinds.ts'
import type { Presence } from './model/presence.ts'
import type { Registry } from './model/registry.ts'
import { createOutbox, type Outbox } from './outbox/outbox.ts'
import { owed } from './outbox/owed.ts'
import { createWebhook } from './outbox/webhook.ts'
import { createPresence } from './presence.ts'
import type { Settings } from './settings.ts'
import type { Transport } from './transport/transport.ts'
import { createWhereabouts } from './whereabouts.ts'

/** After this time a message is of no use to its receiver any more. */
const maxDeliveryAgeMs = 24 * 3_600_000
const maxNoticesInFlight = 8

export type CorePorts = {
  readonly settings: Pick<Settings, 'alarm' | 'outbox' | 'webhook' | 'auditor' | 'timeZone'>
  readonly journal: Journal
  readonly registry: Registry
  readonly transport: () => Transport
  /** Points whose terminal is connected now. */
  readonly reachable: () => ReadonlySet<PointId>
  readonly clock: Clock
  readonly log: Logger
  readonly metrics: Metrics
}

export interface Core {
  readonly intake: Intake
  readonly desk: Desk
  readonly door: Door
  readonly outbox: Outbox
  readonly feed: Feed
  readonly presence: Presence
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
  followUpMs: alarm.followUpHours * 3_600_000,
})

const webhookOf = ({ webhook }: CorePorts['settings'], clock: Clock) =>
  webhook.url !== undefined && webhook.secret !== undefined
    ? createWebhook({ url: webhook.url, secret: webhook.secret, timeoutMs: webhook.timeoutMs }, clock.now)
    : undefined

export const createCore = (ports: CorePorts): Core => {
  const { settings, journal, registry, clock, log, metrics } = ports
  const timers = timersOf(settings)
  const policyOf = (alarmClass: AlarmClass, preset: PresetName) => policyFor(alarmClass, preset, timers)
  const webhook = webhookOf(settings, clock)
  const feed = createFeed(journal.head().seq)
  const whereabouts = createWhereabouts({
    registry,
    clock,
    timeZone: settings.timeZone,
    preset: settings.alarm.preset,
    reachable: ports.reachable,
  })
  const messenger = createMessenger({ registry, transport: ports.transport, ...(webhook && { webhook }) })

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

  const presence = createPresence()
  const desk = createDesk(door, whereabouts, clock)
  const intake = createIntake({
    door,
    desk,
    journal,
    whereabouts,
    clock,
    newAlarmId: () => AlarmId.parse(randomUUIDv7()),
    onSeen: presence.saw,
    onHeard: (point, { alarm, epoch }) => outbox.confirm(`point:${point}`, alarm, epoch),
    onRefused(point, id, refused) {
      log.info({ point, alarm: id, refused }, 'reply of a terminal refused')
      door.find(id).then(
        alarm => alarm && messenger.tellRefused(point, alarm, refused),
        (error: unknown) => log.error({ err: error }, 'could not read the alarm of a refused reply'),
      )
    },
    count: {
      discarded(reason, origin, detail) {
        metrics.discards.inc({ reason })
        log.warn({ reason, origin, detail }, 'message discarded')
      },
      // What nobody knows is one label: devices must not be able to make more.
      event: (type, outcome) => metrics.events.inc({ type: isKnownType(type) ? type : 'unknown', outcome }),
    },
  })

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
    desk,
    door,
    outbox,
    feed,
    presence,
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
    },
    async stop() {
      deadlines.stop()
      await outbox.stop()
    },
  }
}
