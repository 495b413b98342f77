/** Remembers the latest word of each device. */
import type { DeviceId, Instant } from './model/ids.ts'
import type { DeviceStatus } from './model/observation.ts'
import type { DevicePresence, Presence } from './model/presence.ts'

export interface PresenceBook extends Presence {
  saw(device: DeviceId, at: Instant, status?: DeviceStatus): void
}

/** One entry for each device that can log in, so the registry bounds it. */
export const createPresence = (): PresenceBook => {
  const book = new Map<DeviceId, DevicePresence>()
  return {
    of: device => book.get(device),
    saw(device, at, heard) {
      const before = book.get(device)?.status ?? {}
      const { kind: _, ...news } = heard ?? {}
      book.set(device, { lastSeenAt: at, status: heard ? { ...before, ...news } : before })
    },
  }
}
