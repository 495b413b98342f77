/** Time of the browser that nobody can set: in ms since the page was opened. It may stand still while the machine sleeps. */
import type { Clock } from '../../gateway/model/clock.ts'

export const steadyClock: Clock = {
  now: () => performance.now(),
  after(delayMs, action) {
    const timer = setTimeout(action, delayMs)
    return () => clearTimeout(timer)
  },
}
