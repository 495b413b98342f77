/** A clock that runs faster than the real one, for demonstrations: a night within minutes. */
import type { Clock } from '../model/clock.ts'
import type { Instant } from '../model/ids.ts'

export type FastTime = {
  readonly speed: number
  /** What the clock shows at the real time `since`. */
  readonly startAt: Instant
  readonly since: Instant
  /** From when it shows this on, time is real again, and people can keep up. */
  readonly until?: Instant
}

export const createFastClock = (
  real: Clock,
  { speed, startAt, since, until = Number.POSITIVE_INFINITY }: FastTime,
): Clock => {
  const realUntil = since + (until - startAt) / speed
  const shownAt = (at: Instant): number =>
    at < realUntil ? startAt + (at - since) * speed : until + (at - realUntil)
  const realAt = (shown: number): number =>
    shown < until ? since + (shown - startAt) / speed : realUntil + (shown - until)
  return {
    now: () => Math.floor(shownAt(real.now())),
    after: (delayMs, action) => {
      const now = real.now()
      return real.after(realAt(shownAt(now) + delayMs) - now, action)
    },
  }
}
