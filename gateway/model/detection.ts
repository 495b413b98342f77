/** What detection works on and what it finds. A finding is a rise or an end; the door makes alarms of them. */
import type { DeviceModel } from './device-models.ts'
import type { DeviceId, HomeId, Instant } from './ids.ts'
import type { AlarmKind, Priority } from './kinds.ts'
import type { Readings } from './measurement.ts'
import type { Activity, DeviceStatus } from './observation.ts'
import type { ThresholdName, Thresholds } from './thresholds.ts'

/** The rules that watch one device, and those that watch a whole home. */
export const deviceRules = [
  'heart-rate-low',
  'heart-rate-high',
  'respiration-low',
  'respiration-high',
  'apnoea',
  'bed-exit',
  'not-up',
  'fall-still',
  'device-silent',
  'battery-low',
  'tamper',
  'mains-lost',
  'chatter',
  'weekly-test',
] as const
export const homeRules = ['bathroom-stay', 'inactivity', 'door-at-night'] as const
export const ruleNames = [...deviceRules, ...homeRules] as const
export type RuleName = (typeof ruleNames)[number]
/** Whatever can find something by itself: a rule, or the watch over serial lines, or that over the consoles. */
export type Finder = RuleName | 'line-lost' | 'nobody-on-duty'

/** A rule as people read about it. */
export type RuleFacts = {
  readonly rule: RuleName
  /** Undefined: no alarm, the technician's list only. */
  readonly kind: AlarmKind | undefined
  readonly scope: 'device' | 'home'
  /** Chinese first, then English; `levels` in the order in which they are reached. */
  readonly what: string
  readonly levels: string
  readonly thresholds: readonly ThresholdName[]
}

/** One thing that a device showed, at a time that counts: its own where that is believed, else when it came in. */
export type Fact = { readonly device: DeviceId; readonly at: Instant } & (
  | { readonly what: 'readings'; readonly readings: Readings }
  | { readonly what: 'activity'; readonly activity: Activity }
  | { readonly what: 'trigger'; readonly trigger: AlarmKind }
  /** The resident said: I am fine. Somebody is awake and near. */
  | { readonly what: 'cancel' }
  | { readonly what: 'status'; readonly status: Omit<DeviceStatus, 'kind'> }
  /** Nothing but a sign of life, on lines without connections. */
  | { readonly what: 'alive' }
  | { readonly what: 'connected' }
  | { readonly what: 'disconnected' }
)

/** What is known of the sensor behind a fact, as the registry has it now. */
export type SensorFacts = { readonly model: DeviceModel; readonly room: Room }
export type Room = 'bathroom' | 'bedroom' | 'other'

/** Local wall-clock time. */
export type LocalTime = {
  /** Minutes after midnight, 0 to 1439. */
  readonly minuteOfDay: number
  /** Days since 1970-01-01, by the local calendar. */
  readonly day: number
}

/** What rules are handed beside their state: all of it may change between two calls. */
export type WatchContext = {
  readonly thresholds: Thresholds
  readonly localTime: (at: Instant) => LocalTime
  readonly sensor: (device: DeviceId) => SensorFacts
  /** Impaired cognition: doors at night are watched. */
  readonly cognition: boolean
  /** Nobody is at home: pauses inactivity. */
  readonly away: boolean
  /** Since when this gateway has been listening: what it could not hear, nobody has missed. */
  readonly listeningSince: Instant
}

/** A sample or act that made a finding. */
export type Evidence = {
  readonly at: Instant
  readonly device: DeviceId
  readonly what: string
  readonly readings?: Readings
}

export type Finding = {
  readonly rule: RuleName
  /** `risen`: it holds, or holds more strongly than before. `ended`: it does not hold any more. */
  readonly change: 'risen' | 'ended'
  readonly kind: AlarmKind
  readonly level: Priority
  /** The device whose facts made it. */
  readonly device: DeviceId
  readonly home?: HomeId
  /** When the condition began. */
  readonly since: Instant
  readonly at: Instant
  /** At most 20, oldest first: the first ones and the latest. */
  readonly evidence: readonly Evidence[]
  /** How long to wait for the resident's answer, where the rule has a time of its own. */
  readonly verificationMs?: number
}

/** What holds now: the basis of the supervision view. */
export type Condition = { readonly rule: RuleName; readonly level: Priority; readonly since: Instant }
