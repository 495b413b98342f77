/**
 * What a device said, in the field's words. A decoder makes these; nothing after the decoders knows a wire format.
 */

import type { Instant } from './ids.ts'
import type { AlarmKind } from './kinds.ts'

/** Event types that are life, not alarm: kept on disk, not raised by themselves. */
export type Activity = 'bed-exit' | 'door-open' | 'door-closed' | 'motion'

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
  readonly rssiDbm?: number
  readonly mains?: boolean
  readonly tamper?: boolean
  readonly firmware?: string
}

/** A decoder is total: it answers a message or says why it discarded the bytes. It never throws. */
export type Decoded<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly reason: DiscardReason; readonly detail: string }

export type DiscardReason = 'oversized' | 'not-utf8' | 'not-json' | 'wrong-shape'
