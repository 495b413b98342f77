/**
 * How much telemetry one device may bring: a bucket for each that fills again at an even rate, so that a device with a
 * backlog may bring a minute's worth at once, and one that has gone mad takes nothing from the others.
 */

const minuteMs = 60_000
/** What adding up fractions may lose. */
const roundingMs = 0.001

export interface Quotas {
  /** Takes one message out of the device's bucket; false when it is empty. */
  take(device: string): boolean
}

/**
 * @param perMinute messages of one device
 * @param elapsedMs milliseconds that only ever grow: `performance.now`
 */
export const createQuotas = (perMinute: number, elapsedMs: () => number): Quotas => {
  const refillMs = minuteMs / perMinute
  /** When each bucket is full again: one that is, is the same as none. */
  let lately = new Map<string, number>()
  /** A bucket fills in a minute, so one that nobody has touched for that long may be forgotten. */
  let before = new Map<string, number>()
  let turnedMs = elapsedMs()

  return {
    take(device) {
      const nowMs = elapsedMs()
      if (nowMs - turnedMs >= minuteMs) {
        before = lately
        lately = new Map()
        turnedMs = nowMs
      }
      const fullAtMs = Math.max(nowMs, lately.get(device) ?? before.get(device) ?? 0)
      const hasRoom = fullAtMs - nowMs <= minuteMs - refillMs + roundingMs
      if (hasRoom) lately.set(device, fullAtMs + refillMs)
      return hasRoom
    },
  }
}
