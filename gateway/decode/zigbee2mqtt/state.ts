/** A state that Zigbee2MQTT has published of a device, and what it says of it. */
import type { Instant } from '../../model/ids.ts'
import { metricNamePattern, readingOf } from '../../model/measurement.ts'
import type { DeviceStatus, EventData, Measurement } from '../../model/observation.ts'
import type { Discards } from '../discards.ts'
import { goodMembers } from '../good-members.ts'
import { instantOf, own } from '../json.ts'
import { Told } from './memory.ts'

/** Further ones are discarded. */
const maxReadings = 64

export type StateMessage = {
  readonly state: { readonly [name: string]: unknown }
  /** The attributes whose change means something, as this message has them. */
  readonly told: Told
  /** When the bridge heard the device, by the bridge's clock, if it was set to say so. */
  readonly lastSeen?: Instant
  /** Told before: it says how things stand, and nothing of this moment. */
  readonly isReplayed: boolean
}

/** What is common to all events of one message. */
export type EventHead = { readonly eventId: string; readonly deviceTime?: Instant; readonly data?: EventData }

/** `last_seen` is written as RFC 3339 or as milliseconds since 1970. */
const lastSeenOf = (value: unknown): Instant | undefined =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : instantOf(value)

export const readState = (
  state: { readonly [name: string]: unknown },
  isReplayed: boolean,
  discards: Discards,
): StateMessage => {
  // Null: the bridge does not know.
  const known = Object.fromEntries(Object.entries(state).filter(([, value]) => value !== null))
  const lastSeen = lastSeenOf(own(state, 'last_seen'))
  return {
    state: known,
    told: goodMembers(Told, known, discards),
    isReplayed,
    ...(lastSeen !== undefined && { lastSeen }),
  }
}

/**
 * Yes-or-no attributes that are measurements. Zigbee2MQTT's occupancy is what an infrared sensor saw move: when it ends,
 * somebody may still be there, and lie still.
 */
const flags: Readonly<
  Record<string, (is: boolean) => readonly [metric: string, value: boolean] | undefined>
> = {
  occupancy: is => ['motion', is],
  // That nothing shakes says nothing of what the sensor sees.
  vibration: is => (is ? ['motion', true] : undefined),
  presence: is => ['presence', is],
  contact: isClosed => ['doorOpen', !isClosed],
}

/** Figures that are told elsewhere. */
const isNoReading = (name: string): boolean => name === 'battery' || name === 'last_seen'

/** Numbers have their own names; settings and texts of the device are no measurements. */
export const measurementOf = (
  { state, lastSeen }: StateMessage,
  discards: Discards,
): Measurement | undefined => {
  const readings: { [metric: string]: number } = {}
  const add = (metric: string, value: number | boolean): void => {
    const reading = readingOf(metric, value)
    if (reading === undefined) discards.add('out-of-range', `${metric}: ${value}`)
    else if (Object.keys(readings).length >= maxReadings) discards.add('oversized', metric)
    // Of two sensors that see motion, one is enough.
    else readings[metric] = metric === 'motion' ? Math.max(readings[metric] ?? 0, reading) : reading
  }
  for (const [name, value] of Object.entries(state)) {
    if (typeof value === 'number' && metricNamePattern.test(name) && !isNoReading(name)) add(name, value)
    const flag = typeof value === 'boolean' && Object.hasOwn(flags, name) ? flags[name]?.(value) : undefined
    if (flag) add(...flag)
  }
  if (Object.keys(readings).length === 0) return undefined
  return { kind: 'measurement', ...(lastSeen !== undefined && { deviceTime: lastSeen }), readings }
}

export const statusOf = ({ told }: StateMessage): DeviceStatus | undefined => {
  const { battery, battery_low: batteryLow, tamper } = told
  if (battery === undefined && batteryLow === undefined && tamper === undefined) return undefined
  return {
    kind: 'status',
    ...(battery !== undefined && { batteryPercent: battery }),
    ...(batteryLow !== undefined && { batteryLow }),
    ...(tamper !== undefined && { tamper }),
  }
}
