/** How devices are, by their own latest word. Held in memory only: a heartbeat renews it within a minute. */
import type { DeviceId, Instant } from './ids.ts'
import type { DeviceStatus } from './observation.ts'

export type DevicePresence = {
  readonly lastSeenAt: Instant
  /** Members are as of the latest message that had them. */
  readonly status: Omit<DeviceStatus, 'kind'>
}

export interface Presence {
  /** Undefined: not heard of since the gateway started. */
  of(device: DeviceId): DevicePresence | undefined
}
