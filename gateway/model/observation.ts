/**
 * What a device said, in the field's words. A decoder makes these; nothing after the decoders knows a wire format.
 */

import type { Instant } from './ids.ts'
import type { AlarmKind } from './kinds.ts'
import type { Readings } from './measurement.ts'

/** Event types that are life, not alarm: kept on disk, judged by detection, not raised by themselves. */
export const activities = ['bed-exit', 'bed-return', 'door-open', 'door-closed', 'motion'] as const
export type Activity = (typeof activities)[number]

/** One message that a device sends until it is acknowledged. `eventId` is unique per device and type. */
type EventBase = { readonly eventId: string; readonly deviceTime?: Instant; readonly data?: EventData }
export type EventData = { readonly [key: string]: unknown }

export type DeviceEvent =
  | (EventBase & { readonly kind: 'trigger'; readonly trigger: AlarmKind })
  | (EventBase & { readonly kind: 'cleared'; readonly trigger: AlarmKind })
  /** The resident says: I am fine. */
  | (EventBase & { readonly kind: 'cancel' })
  | (EventBase & { readonly kind: 'activity'; readonly activity: Activity })
  /** A type this gateway does not know: kept, counted, shown to the technician. */
  | (EventBase & { readonly kind: 'unknown'; readonly type: string })

/** How a device is: not acknowledged by the journal, the newest word counts. */
export type DeviceStatus = {
  readonly kind: 'status'
  readonly online?: boolean
  /** 0 to 100 */
  readonly batteryPercent?: number
  /** The device's own verdict, from devices that give no percentage. */
  readonly batteryLow?: boolean
  readonly rssiDbm?: number
  readonly mains?: boolean
  readonly tamper?: boolean
  readonly firmware?: string
}

/** What a sensor measured at one moment. Without `deviceTime` the moment is when it came in. */
export type Measurement = {
  readonly kind: 'measurement'
  readonly deviceTime?: Instant
  readonly readings: Readings
}

export type Observation = DeviceEvent | DeviceStatus | Measurement

/** A decoder is total: it answers a message or says why it discarded the bytes. It never throws. */
export type Decoded<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly reason: DiscardReason; readonly detail: string }

export const discardReasons = [
  'oversized',
  'not-utf8',
  'not-json',
  'wrong-shape',
  /** A value outside its documented range: a fault of the frame or the sensor, never a measurement. */
  'out-of-range',
  /** Bytes between frames. */
  'noise',
  /** A frame that ended early, or was longer than any can be. */
  'bad-length',
  'bad-checksum',
  'bad-framing',
  /** Sound, but of a type that this protocol does not have. */
  'unknown-type',
  'not-read',
] as const
export type DiscardReason = (typeof discardReasons)[number]
