/** Time that passes only when a test says so. Timers fire in order, promises settle in between. */
import type { Clock } from '../../gateway/model/clock.ts'

export interface VirtualClock extends Clock {
  /** Lets this much time pass, firing what comes due on the way. */
  advance(ms: number): Promise<void>
  /** Sets the wall clock without letting time pass, as an operator or a time server would. */
  setWall(now: number): void
}

/** Enough turns of the microtask queue for any chain of promises that a timer set off. */
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve()
}

export const createVirtualClock = (start: number): VirtualClock => {
  let elapsed = 0
  let wall = start
  let timers: { at: number; action: () => void }[] = []
  return {
    now: () => wall,
    after(delayMs, action) {
      const timer = { at: elapsed + Math.max(delayMs, 0), action }
      timers.push(timer)
      return () => {
        timers = timers.filter(one => one !== timer)
      }
    },
    async advance(ms) {
      const end = elapsed + ms
      await settle()
      for (;;) {
        const next = timers.filter(one => one.at <= end).sort((a, b) => a.at - b.at)[0]
        if (!next) break
        wall += next.at - elapsed
        elapsed = next.at
        timers = timers.filter(one => one !== next)
        next.action()
        await settle()
      }
      wall += end - elapsed
      elapsed = end
    },
    setWall(now) {
      wall = now
    },
  }
}
