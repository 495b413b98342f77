/** A clock that runs faster than the real one, for demonstrations: a night within minutes. */
import type { Clock } from '../model/clock.ts'
import type { Instant } from '../model/ids.ts'

export type FastTime = {
  readonly speed: number
  /** What the clock shows at the real time `since`. */
  readonly startAt: Instant
  readonly since: Instant
}

export const createFastClock = (real: Clock, { speed, startAt, since }: FastTime): Clock => ({
  now: () => Math.floor(startAt + (real.now() - since) * speed),
  after: (delayMs, action) => real.after(delayMs / speed, action),
})
