/** How devices are, by their own latest word: when they were heard, pressed and tested, and how their battery goes. */
import type { DeviceId, Instant } from './ids.ts'
import type { DeviceStatus } from './observation.ts'

/** The last word of one day about the battery. */
export type BatteryDay = { readonly at: Instant; readonly percent: number }

export type DevicePresence = {
  readonly lastSeenAt: Instant
  /** Members are as of the latest message that had them. */
  readonly status: Omit<DeviceStatus, 'kind'>
  /** Undefined: the way it comes in does not know of connections. */
  readonly connected?: boolean
  readonly lastPressedAt?: Instant
  readonly lastTestedAt?: Instant
  /** Oldest first, at most 30 days. */
  readonly battery: readonly BatteryDay[]
}

export interface Presence {
  /** Undefined: never heard of. */
  of(device: DeviceId): DevicePresence | undefined
}
