/**
 * Fixes the time of each measurement at intake: the device's own where it can be believed, else when it came in. From
 * then on the point is that point, however often it is written or sent on.
 *
 * Detection does not judge what is old, so that a clock which is slow would turn it off without a word. What a slow
 * clock says is always late by the same time; a backlog is less late with each message, because it is sent faster than
 * it was measured. Only the first is not believed, until its lateness changes: the clock was set, or a backlog begins.
 */
import type { DeviceId, Instant } from './model/ids.ts'

/** A device's clock is believed if it is at most this far ahead of ours. */
const newestBelievedMs = 60_000
/** Clocks that have lost their power begin in 1970, 2000, or the year of their firmware; this gateway is younger. */
const oldestBelieved: Instant = Date.UTC(2026, 0)

/** A lateness is the same if it is at most this far from the first of its kind: networks and polling take their time. */
const sameLatenessMs = 5_000
/** A clock is slow if its lateness is more than this, */
const slowMs = 120_000
/** and has been the same for at least this time of arrival, */
const provenAfterMs = 120_000
/** and in at least so many measurements. */
const provenAfterMessages = 10

/** How late what a device says has been since it was last as late as something else. */
type Lateness = { readonly ms: number; readonly since: Instant; messages: number }

export type Moments = (device: DeviceId, receivedAt: Instant, deviceTime: Instant | undefined) => Instant

/**
 * Measurements without a time that can be believed, and that come in together, get times of their own, a millisecond
 * apart. Remembers two small records a device: ask it about registered devices only.
 */
export const createMoments = (): Moments => {
  const last = new Map<DeviceId, Instant>()
  const latenesses = new Map<DeviceId, Lateness>()

  const isSlow = (device: DeviceId, receivedAt: Instant, deviceTime: Instant): boolean => {
    const ms = receivedAt - deviceTime
    const lateness = latenesses.get(device)
    if (!lateness || Math.abs(ms - lateness.ms) > sameLatenessMs) {
      latenesses.set(device, { ms, since: receivedAt, messages: 1 })
      return false
    }
    lateness.messages += 1
    return (
      lateness.ms > slowMs &&
      lateness.messages >= provenAfterMessages &&
      receivedAt - lateness.since >= provenAfterMs
    )
  }

  return (device, receivedAt, deviceTime) => {
    const isBelieved =
      deviceTime !== undefined &&
      deviceTime >= oldestBelieved &&
      deviceTime <= receivedAt + newestBelievedMs &&
      !isSlow(device, receivedAt, deviceTime)
    if (isBelieved) return Math.min(deviceTime, receivedAt)
    const before = last.get(device) ?? 0
    // A clock that was set back must not push times ahead for hours.
    const at = before >= receivedAt && before - receivedAt < newestBelievedMs ? before + 1 : receivedAt
    last.set(device, at)
    return at
  }
}
