/**
 * Fixes the time of each measurement at intake: the device's own where it can be believed, else when it came in. From
 * then on the point is that point, however often it is written or sent on.
 */
import type { DeviceId, Instant } from './model/ids.ts'

/** A device's clock is believed if it is at most this far ahead of ours. */
const newestBelievedMs = 60_000
/** Clocks that have lost their power begin in 1970, 2000, or the year of their firmware; this gateway is younger. */
const oldestBelieved: Instant = Date.UTC(2026, 0)

export type Moments = (device: DeviceId, receivedAt: Instant, deviceTime: Instant | undefined) => Instant

/** Measurements without a time of their own that come in together get times of their own, a millisecond apart. */
export const createMoments = (): Moments => {
  const last = new Map<DeviceId, Instant>()
  return (device, receivedAt, deviceTime) => {
    const isBelieved =
      deviceTime !== undefined && deviceTime >= oldestBelieved && deviceTime <= receivedAt + newestBelievedMs
    if (isBelieved) return Math.min(deviceTime, receivedAt)
    const before = last.get(device) ?? 0
    // A clock that was set back must not push times ahead for hours.
    const at = before >= receivedAt && before - receivedAt < newestBelievedMs ? before + 1 : receivedAt
    last.set(device, at)
    return at
  }
}
