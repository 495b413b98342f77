/**
 * How often somebody has tried a wrong claim code. Time is what has passed, not what the clock says: setting it neither
 * opens a lock nor keeps it shut. A restart forgives: a few tries more find none of 2^50 codes.
 */
import type { Clock } from '../model/clock.ts'
import type { DeviceId } from '../model/ids.ts'

/** Then the claim of this device is locked; the device itself, where it has a secret, is not. */
export const maxWrongTries = 5
export const lockMs = 15 * 60_000

/** Holds no more than there are open claims: only for these are tries counted. */
export const createWrongTries = (clock: Clock) => {
  const tries = new Map<DeviceId, { count: number; cancel: () => void }>()
  const forget = (device: DeviceId): void => {
    tries.get(device)?.cancel()
    tries.delete(device)
  }
  return {
    isLocked: (device: DeviceId): boolean => (tries.get(device)?.count ?? 0) >= maxWrongTries,
    /** What is tried while it is locked does not count, so that a lock ends. */
    add(device: DeviceId): void {
      const count = (tries.get(device)?.count ?? 0) + 1
      forget(device)
      tries.set(device, { count, cancel: clock.after(lockMs, () => tries.delete(device)) })
    },
    forget,
    stop: () => {
      for (const device of tries.keys()) forget(device)
    },
  }
}
