/** The last hours of a home at one look, for the card of an alarm: small, quick, and whole as far as anything is known. */
import type { Clock } from '../model/clock.ts'
import { deviceModelOf } from '../model/device-models.ts'
import type { DeviceId, HomeId, Instant } from '../model/ids.ts'
import type { Entry, Journal } from '../model/journal.ts'
import { type AlarmClass, classOf } from '../model/kinds.ts'
import type { Metric } from '../model/measurement.ts'
import type { Presence } from '../model/presence.ts'
import type { DeviceRecord } from '../model/records.ts'
import type { Registry } from '../model/registry.ts'
import type { HomeStrip, Span, StripDevice } from '../model/review.ts'
import type { SeriesPoint, TelemetryReader } from '../model/telemetry.ts'
import { alarmsIn, openSinceBefore, pastAlarm } from './past-alarms.ts'
import { createTally, type Tally } from './tally.ts'

export type StripSources = {
  readonly registry: Pick<Registry, 'devicesOf'>
  readonly telemetry: TelemetryReader
  readonly journal: Pick<Journal, 'list' | 'entriesOf' | 'inboxCounts'>
  readonly presence: Presence
  readonly clock: Pick<Clock, 'now'>
  readonly log: { warn(facts: object, message: string): void }
}

const binMs = 15 * 60_000
const hourMs = 3_600_000
/** Further devices and alarms are not shown, and it says so: the strip stays below 15 kB. */
const mostDevices = 12
const mostAlarms = 30
/** By a hand, on a button, tests too. */
const pressed: ReadonlySet<AlarmClass> = new Set<AlarmClass>(['call', 'service', 'test'])

type Series = Readonly<Partial<Record<Metric, readonly SeriesPoint[]>>>

const metricsOf = ({ model }: DeviceRecord): readonly Metric[] => {
  const { bed, lifeline } = deviceModelOf(model)
  if (bed) return ['inBed', 'movement']
  return lifeline ? [] : ['movement', 'motion', 'doorOpen']
}

const readSeries = async (device: DeviceRecord, span: Span, telemetry: TelemetryReader): Promise<Series> => {
  const read = metricsOf(device).map(async metric => {
    return [metric, await telemetry.query({ device: device.id, metric, ...span, everyMs: binMs })] as const
  })
  return Object.fromEntries(await Promise.all(read))
}

const binned = <T>(
  points: readonly SeriesPoint[],
  { from, to }: Span,
  valueOf: (point: SeriesPoint) => T,
) => {
  const bins = Array.from({ length: (to - from) / binMs }, (): T | null => null)
  for (const point of points) bins[(point.at - from) / binMs] = valueOf(point)
  return bins
}

/** The door was moved: it was both open and closed, or other than before. */
const moved = (points: readonly SeriesPoint[]): readonly SeriesPoint[] =>
  points.filter(
    (point, index) => point.max > point.min || (points[index - 1]?.max ?? point.max) !== point.max,
  )

const countMeasured = (device: DeviceId, { motion = [], doorOpen = [] }: Series, tally: Tally): void => {
  for (const { at, max } of motion) if (max > 0) tally.add(device, 'motion', at)
  for (const { at } of moved(doorOpen)) tally.add(device, 'door', at)
}

const countSaid = async (device: DeviceId, from: Instant, { journal }: StripSources, tally: Tally) => {
  for (const { type, at, count } of await journal.inboxCounts(device, from, binMs)) {
    tally.addSaid(device, type, at, count)
  }
}

const countPresses = (entries: readonly Entry[], tally: Tally): void => {
  for (const { actor, event } of entries) {
    if (actor.kind === 'device' && (event.type === 'raised' || event.type === 'repeated'))
      tally.add(actor.id, 'press', event.occurrence.receivedAt)
  }
}

const laneOf = (device: DeviceRecord, { presence }: StripSources): StripDevice => {
  const { id, model, room } = device
  const seen = presence.of(id)
  return {
    id,
    model,
    ...(room !== undefined && { room }),
    ...(seen && { lastSeenAt: seen.lastSeenAt }),
    events: {},
  }
}

/** All that tells of somebody's health. */
const fullLane = (device: DeviceRecord, series: Series, span: Span, sources: StripSources): StripDevice => {
  const { bed } = deviceModelOf(device.model)
  const movement = series.movement ?? []
  return {
    ...laneOf(device, sources),
    ...(bed && { bed: binned(series.inBed ?? [], span, ({ mean }) => (mean >= 0.5 ? 1 : 0)) }),
    ...((bed || movement.length > 0) && {
      movement: binned(movement, span, ({ mean }) => Math.min(100, Math.round(mean)) / 100),
    }),
  }
}

const alarmsOf = async (home: HomeId, span: Span, { journal }: StripSources) => {
  const [recent, older] = await Promise.all([
    alarmsIn(journal, home, span, mostAlarms),
    openSinceBefore(journal, home, span.from, mostAlarms),
  ])
  const alarms = [...recent.alarms, ...older.alarms]
  const shown = alarms.filter(({ kind }) => classOf(kind) !== 'test')
  return {
    alarms,
    shown: shown.slice(0, mostAlarms).map(pastAlarm),
    isCut: recent.isCut || older.isCut || shown.length > mostAlarms,
  }
}

/** Ends with the bin that now lies in. */
export const homeStrip = async (
  home: HomeId,
  { hours, health }: { readonly hours: number; readonly health: boolean },
  sources: StripSources,
): Promise<HomeStrip> => {
  const { registry, telemetry, journal, clock, log } = sources
  const to = (Math.floor(clock.now() / binMs) + 1) * binMs
  const span = { from: to - hours * hourMs, to }
  const all = registry.devicesOf(home)
  const devices = all.slice(0, mostDevices)
  const { alarms, shown, isCut } = await alarmsOf(home, span, sources)
  const strip = { ...span, binMs, alarms: shown, isCut: isCut || all.length > mostDevices, isUnread: false }
  if (!health) return { ...strip, devices: devices.map(device => laneOf(device, sources)) }

  const tally = createTally(span, binMs)
  const presses = alarms.filter(({ kind }) => pressed.has(classOf(kind))).map(({ id }) => id)
  countPresses(await journal.entriesOf(presses), tally)
  await Promise.all(devices.map(({ id }) => countSaid(id, span.from, sources, tally)))
  let isUnread = false
  const lanes = await Promise.all(
    devices.map(async device => {
      try {
        const series = await readSeries(device, span, telemetry)
        countMeasured(device.id, series, tally)
        return fullLane(device, series, span, sources)
      } catch (err) {
        // A disk or a database of others: the card opens without it.
        log.warn({ err, device: device.id }, 'telemetry could not be read for a strip')
        isUnread = true
        return fullLane(device, {}, span, sources)
      }
    }),
  )
  return { ...strip, isUnread, devices: lanes.map(lane => ({ ...lane, events: tally.of(lane.id) })) }
}
