/** A resident's days and nights: curves with their gaps, stays in bed, what was usual, thresholds and alarms. */

import type { Care } from '../model/care.ts'
import type { Clock } from '../model/clock.ts'
import type { LocalTime } from '../model/detection.ts'
import { deviceModelOf } from '../model/device-models.ts'
import type { Refusal } from '../model/errors.ts'
import type { HomeId, Instant, ResidentId } from '../model/ids.ts'
import type { Journal } from '../model/journal.ts'
import { type AlarmClass, classOf } from '../model/kinds.ts'
import type { DeviceRecord } from '../model/records.ts'
import type { Registry } from '../model/registry.ts'
import {
  type BaselineMetric,
  type Curve,
  type ResidentReview,
  type ReviewedMetric,
  type ReviewStep,
  reviewedMetrics,
  type Span,
  type Stay,
} from '../model/review.ts'
import type { SeriesPoint, TelemetryReader } from '../model/telemetry.ts'
import { baselineBinMs, baselineNights, createBaseline } from './baseline.ts'
import { boundsOf } from './bounds.ts'
import { gapsIn, pooled, staysIn } from './curves.ts'
import { alarmsIn, pastAlarm } from './past-alarms.ts'

export type ResidentSources = {
  readonly registry: Pick<Registry, 'get' | 'devicesOf'>
  readonly telemetry: TelemetryReader
  readonly journal: Pick<Journal, 'list'>
  readonly care: Pick<Care, 'explain'>
  readonly clock: Pick<Clock, 'now'>
  readonly localTime: (at: Instant) => LocalTime
}

const minuteMs = 60_000
const dayMs = 86_400_000
/** Further devices of a home are not reviewed. */
const mostDevices = 12
/** Further alarms are not shown, and it says so. */
const mostAlarms = 200

const widths: Readonly<Record<ReviewStep, number>> = {
  '1m': minuteMs,
  '5m': 5 * minuteMs,
  '15m': 15 * minuteMs,
  '1h': 60 * minuteMs,
}
const readMetrics: readonly BaselineMetric[] = [...reviewedMetrics, 'inBed']
/** What people need or show; how devices are is reviewed elsewhere. */
const reviewedClasses: ReadonlySet<AlarmClass> = new Set<AlarmClass>([
  'call',
  'hazard',
  'inferred',
  'service',
])

/** How long a device may be silent, in ms: the longest time between two signs of life. */
const silenceOf = ({ model }: DeviceRecord): number => deviceModelOf(model).heartbeatSeconds * 1_000

/** Read no wider than a gap could hide in. */
const readWidth = (device: DeviceRecord, everyMs: number): number =>
  Object.values(widths).findLast(width => width <= Math.min(everyMs, silenceOf(device))) ?? minuteMs

/** A day at a time: between two answers the event loop is free for calls, and no answer is large. */
const daysOf = ({ from, to }: Span): readonly Span[] =>
  Array.from({ length: Math.ceil((to - from) / dayMs) }, (_, day) => ({
    from: from + day * dayMs,
    to: Math.min(from + (day + 1) * dayMs, to),
  }))

const aligned = ({ from, to }: Span, everyMs: number): Span => ({
  from: Math.floor(from / everyMs) * everyMs,
  to: Math.ceil(to / everyMs) * everyMs,
})

/** Those that are this resident's, and those that nobody in particular has. */
const devicesOf = (resident: ResidentId, home: HomeId, registry: ResidentSources['registry']) =>
  registry
    .devicesOf(home)
    .filter(device => device.resident === undefined || device.resident === resident)
    .slice(0, mostDevices)

const readBaseline = async (
  devices: readonly DeviceRecord[],
  before: Instant,
  { telemetry, localTime }: ResidentSources,
) => {
  const baseline = createBaseline(localTime)
  for (const span of daysOf({ from: before - baselineNights * dayMs, to: before })) {
    for (const { id: device } of devices) {
      for (const metric of readMetrics) {
        const query = { device, metric, ...span, everyMs: baselineBinMs }
        baseline.add(metric, await telemetry.query(query))
      }
    }
  }
  return baseline.usual()
}

/** The points as they are drawn, and the times of those that were read. */
type CurveRead = { readonly points: SeriesPoint[]; readonly heard: Instant[] }

const emptyCurve = (): CurveRead => ({ points: [], heard: [] })

type DeviceRead = {
  readonly device: DeviceRecord
  readonly widthMs: number
  readonly curves: ReadonlyMap<ReviewedMetric, CurveRead>
  readonly inBed: readonly SeriesPoint[]
}

/** A day holds a whole number of points of any width, so that each is made of one day's. */
const readDevice = async (
  device: DeviceRecord,
  span: Span,
  everyMs: number,
  { telemetry }: ResidentSources,
): Promise<DeviceRead> => {
  const widthMs = readWidth(device, everyMs)
  const inBed: SeriesPoint[] = []
  const curves = new Map(reviewedMetrics.map(metric => [metric, emptyCurve()]))
  for (const day of daysOf(span)) {
    const query = { device: device.id, ...day, everyMs: widthMs }
    for (const [metric, { points, heard }] of curves) {
      const read = await telemetry.query({ ...query, metric })
      points.push(...pooled(read, everyMs))
      heard.push(...read.map(({ at }) => at))
    }
    inBed.push(...(await telemetry.query({ ...query, metric: 'inBed' })))
  }
  return { device, widthMs, curves, inBed }
}

const curvesOf = ({ device, curves, widthMs }: DeviceRead, span: Span): readonly Curve[] =>
  [...curves]
    .filter(([, { points }]) => points.length > 0)
    .map(([metric, { points, heard }]) => ({
      device: device.id,
      ...(device.room !== undefined && { room: device.room }),
      metric,
      points,
      gaps: gapsIn(heard, span, { widthMs, silenceMs: silenceOf(device) }),
    }))

/** Of several sensors, whoever sees somebody in bed is believed. */
const bedOf = (all: readonly DeviceRead[], span: Span): readonly Stay[] => {
  const beds = all.filter(({ device, inBed }) => deviceModelOf(device.model).bed || inBed.length > 0)
  if (beds.length === 0) return []
  const widthMs = Math.max(...beds.map(one => one.widthMs))
  const silenceMs = Math.max(...beds.map(({ device }) => silenceOf(device)))
  const believed = new Map<Instant, SeriesPoint>()
  for (const point of beds.flatMap(({ inBed }) => pooled(inBed, widthMs))) {
    const other = believed.get(point.at)
    if (!other || point.mean > other.mean) believed.set(point.at, point)
  }
  const points = [...believed.values()].toSorted((a, b) => a.at - b.at)
  const heard = points.map(({ at }) => at)
  return staysIn(points, gapsIn(heard, span, { widthMs, silenceMs }), span)
}

const alarmsOf = async (
  resident: ResidentId,
  home: HomeId,
  span: Span,
  { journal }: ResidentSources,
): Promise<Pick<ResidentReview, 'alarms' | 'isCut'>> => {
  const { alarms, isCut } = await alarmsIn(journal, home, span, mostAlarms)
  const own = alarms.filter(
    ({ kind, location }) =>
      reviewedClasses.has(classOf(kind)) && (location.resident ?? resident) === resident,
  )
  return { alarms: own.map(pastAlarm), isCut }
}

/** Rejects when measurements cannot be read. */
export const reviewResident = async (
  resident: ResidentId,
  asked: Span,
  step: ReviewStep,
  sources: ResidentSources,
): Promise<ResidentReview | Refusal> => {
  const home = sources.registry.get('residents', resident)?.home
  if (!home) return { refused: 'not-found' }
  const everyMs = widths[step]
  const span = aligned(asked, everyMs)
  // What has not happened yet is no gap.
  const past = { from: span.from, to: Math.min(span.to, sources.clock.now()) }
  const devices = devicesOf(resident, home, sources.registry)
  const reads: DeviceRead[] = []
  for (const device of devices) {
    reads.push(await readDevice(device, past, everyMs, sources))
  }
  return {
    ...span,
    everyMs,
    metrics: reads.flatMap(one => curvesOf(one, past)),
    bed: bedOf(reads, past),
    thresholds: boundsOf(sources.care.explain(resident)),
    ...(await alarmsOf(resident, home, span, sources)),
    baseline: await readBaseline(devices, aligned(span, baselineBinMs).from, sources),
  }
}
