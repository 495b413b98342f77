/**
 * The port to what can be learned from the past: a resident's days and nights, the last hours of a home, and figures
 * by area and month, each with what it was counted from. Nothing here decides anything, and no figure is rounded.
 */
import type { AlarmState, Cause } from './alarm.ts'
import type { ThresholdSource } from './care.ts'
import type { Finder } from './detection.ts'
import type { Refusal } from './errors.ts'
import type { AlarmId, AreaId, DeviceId, HomeId, Instant, PointId, ResidentId } from './ids.ts'
import type { AlarmsWithin } from './journal.ts'
import type { AlarmKind, Priority } from './kinds.ts'
import type { Metric } from './measurement.ts'
import type { Bed } from './provisioning.ts'
import type { SeesRecord } from './registry.ts'
import type { SeriesPoint } from './telemetry.ts'

/** Up to, but without `to`. */
export type Span = { readonly from: Instant; readonly to: Instant }

/** What is drawn as curves. Whether somebody is in bed is drawn as stays. */
export const reviewedMetrics = [
  'heartRate',
  'respirationRate',
  'movement',
] as const satisfies readonly Metric[]
export type ReviewedMetric = (typeof reviewedMetrics)[number]
export type BaselineMetric = ReviewedMetric | 'inBed'

/** Widths of a point. Each holds a whole number of the one before. */
export const reviewSteps = ['1m', '5m', '15m', '1h'] as const
export type ReviewStep = (typeof reviewSteps)[number]

export type Curve = {
  readonly device: DeviceId
  readonly room?: string
  readonly metric: ReviewedMetric
  readonly points: readonly SeriesPoint[]
  /** Times longer than the device may be silent without a sample. Nothing is known of them. */
  readonly gaps: readonly Span[]
}

/** `null`: no sensor said anything. */
export type Stay = Span & { readonly inBed: boolean | null }

/** One side of a band within which nothing rings. */
export type Bound = {
  readonly metric: ReviewedMetric
  readonly level: Priority
  readonly low?: number
  readonly high?: number
  readonly source: ThresholdSource
}

/** What was usual at this time of day: 10th, 50th and 90th percentile of the means of each night's quarter of an hour. */
export type Usual = {
  readonly metric: BaselineMetric
  /** Local; the quarter of an hour that begins here. */
  readonly minuteOfDay: number
  readonly low: number
  readonly median: number
  readonly high: number
  /** On how many it rests; a night without a sample is none. */
  readonly nights: number
}

export type PastAlarm = {
  readonly id: AlarmId
  readonly kind: AlarmKind
  readonly priority: Priority
  readonly state: AlarmState
  readonly raisedAt: Instant
  readonly device?: DeviceId
  readonly cause?: Cause
}

export type ResidentReview = Span & {
  readonly everyMs: number
  readonly metrics: readonly Curve[]
  readonly bed: readonly Stay[]
  readonly thresholds: readonly Bound[]
  /** Newest first. */
  readonly alarms: readonly PastAlarm[]
  /** There were more alarms than are shown. */
  readonly isCut: boolean
  readonly baseline: readonly Usual[]
}

export const stripEvents = ['press', 'door', 'motion', 'bed'] as const
export type StripEvent = (typeof stripEvents)[number]

/** One lane of the strip. Lists have an entry for each bin; `null`: nothing is known. Absent: it does not measure that. */
export type StripDevice = {
  readonly id: DeviceId
  readonly model: string
  readonly room?: string
  readonly lastSeenAt?: Instant
  readonly bed?: readonly (0 | 1 | null)[]
  /** 0 to 1. */
  readonly movement?: readonly (number | null)[]
  /** How often in which bin: only bins with something in them. */
  readonly events: { readonly [Event in StripEvent]?: readonly (readonly [bin: number, count: number])[] }
}

export type HomeStrip = Span & {
  readonly binMs: number
  readonly devices: readonly StripDevice[]
  /** Newest first: those of the time, and older ones that are still open. */
  readonly alarms: readonly PastAlarm[]
  /** The home has more devices or alarms than are shown. */
  readonly isCut: boolean
  /** Measurements could not be read: what is `null` may only be unread. */
  readonly isUnread: boolean
}

/** Whose figures: what somebody sees, in an area with everything inside it or in all that they see. */
export type View = {
  readonly area?: AreaId
  readonly within?: AlarmsWithin
  readonly seesRecord: SeesRecord
  readonly seesBed: (bed: Bed) => boolean
}

export type Name = { readonly zh: string; readonly en: string }

export const units = ['count', 'share', 'seconds', 'mark'] as const

/** `value` follows from the two others; of a percentile, `numerator` alarms out of `denominator` had the time measured. */
export type IndicatorRow = {
  readonly id: string
  readonly name: Name
  readonly unit: (typeof units)[number]
  /** `null`: there was nothing to count. */
  readonly value: number | null
  readonly numerator: number
  readonly denominator: number
  /** Of the month's alarms, or of how things stand now. */
  readonly asOf: 'month' | 'now'
  readonly target?: number
  readonly source?: string
}

export type Ratio = { readonly numerator: number; readonly denominator: number }

export type ProviderRow = {
  readonly point: PointId
  readonly name: string
  /** Emergencies that it took, or sent somebody to. */
  readonly alarms: number
  readonly medianDispatchSeconds: number | null
  readonly medianArriveSeconds: number | null
  readonly p95ArriveSeconds: number | null
  readonly arrivedInTime: Ratio
  readonly resolved: number
  readonly overdue: number
  readonly satisfaction: Ratio
}

export type Indicators = Span & {
  readonly month: string
  readonly generatedAt: Instant
  readonly rows: readonly IndicatorRow[]
  readonly byProvider: readonly ProviderRow[]
  /** What is asked for, and this gateway has no data for. */
  readonly notMeasured: readonly { readonly id: string; readonly name: Name; readonly why: Name }[]
}

/** How alarms that have ended turned out. `share` is of those with a cause other than `test`. */
export type Outcomes = {
  readonly closed: number
  readonly causes: Readonly<Record<Cause, number>>
  readonly false: Ratio & { readonly share: number | null }
}

type Rate = {
  /** What could have raised it, as the registry has it now. */
  readonly watched: number
  /** False alarms for each of these and week; `null`: there are none of them now. */
  readonly falsePerWeek: number | null
}

export type FalseAlarms = Span & {
  readonly weeks: number
  /** Worst first. */
  readonly byDevice: readonly (Outcomes & Rate & { readonly device: DeviceId; readonly model: string })[]
  /** There were more devices than are shown. */
  readonly isCut: boolean
  readonly byModel: readonly (Outcomes & Rate & { readonly model: string })[]
  /** `rule`: what found it, or else the kind that a device triggered by itself. */
  readonly byRule: readonly (Outcomes &
    Rate & { readonly rule: Finder | AlarmKind; readonly per: 'device' | 'home' })[]
}

export interface Reviews {
  /** Rejects when measurements cannot be read. */
  resident(resident: ResidentId, span: Span, step: ReviewStep): Promise<ResidentReview | Refusal>
  /** @param health what tells of somebody's health is left out without it. Without measurements where they cannot be read. */
  strip(home: HomeId, options: { readonly hours: number; readonly health: boolean }): Promise<HomeStrip>
  /** @param month such as `2026-10`, by local time; undefined: this one. Refuses when there is more to count than may be, or too much waits. */
  indicators(month: string | undefined, view: View): Promise<Indicators | Refusal>
  falseAlarms(span: Span, view: View): Promise<FalseAlarms | Refusal>
}
