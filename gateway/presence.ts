/** Remembers the latest word of each device, over a restart too. */
import type { DeviceId, Instant } from './model/ids.ts'
import type { DeviceStatus } from './model/observation.ts'
import type { DevicePresence, Presence } from './model/presence.ts'

export interface PresenceBook extends Presence {
  saw(device: DeviceId, at: Instant, status?: DeviceStatus): void
}

/** One entry for each device that can be heard, so the registry bounds it. */
export const createPresence = (): PresenceBook => {
  const book = new Map<DeviceId, DevicePresence>()
  return {
    of: device => book.get(device),
    saw(device, at, heard) {
      const before = book.get(device)
      const { kind: _, ...news } = heard ?? {}
      const status = before?.status ?? {}
      book.set(device, {
        battery: [],
        ...before,
        lastSeenAt: at,
        status: heard ? { ...status, ...news } : status,
      })
    },
  }
}
