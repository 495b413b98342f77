/** The machine's clock. */
import type { Clock } from '../model/clock.ts'

/** `setTimeout` takes no longer delay than this; whoever waits longer is asked again by the auditor. */
const longestDelayMs = 2 ** 31 - 1

export const systemClock: Clock = {
  now: () => Date.now(),
  after(delayMs, action) {
    const timer = setTimeout(action, Math.min(Math.max(delayMs, 0), longestDelayMs))
    return () => clearTimeout(timer)
  },
}
