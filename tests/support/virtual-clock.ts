/** Time that passes only when a test says so. */

type Timer = { readonly at: number; readonly action: () => void }

/** Fits the clock of the gateway and that of the simulator. */
export interface VirtualClock {
  now(): number
  after(delayMs: number, action: () => void): () => void
  /** Lets time pass at once, running in order what comes due on the way. */
  advance(ms: number): void
  /** The same, and promises settle before and after each of them. */
  pass(ms: number): Promise<void>
  /** Sets the wall clock without letting time pass, as an operator or a time server would. */
  setWall(now: number): void
}

/** Enough turns of the microtask queue for any chain of promises that a timer set off. */
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve()
}

export const createVirtualClock = (start = 0): VirtualClock => {
  const timers = new Set<Timer>()
  let elapsed = 0
  let wall = start

  const moveTo = (at: number): void => {
    wall += at - elapsed
    elapsed = at
  }

  /** Runs the first timer that is due by `end`; false when there is none. */
  const runNext = (end: number): boolean => {
    const [next] = [...timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)
    if (!next) return false
    timers.delete(next)
    moveTo(next.at)
    next.action()
    return true
  }

  return {
    now: () => wall,
    after(delayMs, action) {
      const timer = { at: elapsed + Math.max(delayMs, 0), action }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    advance(ms) {
      const end = elapsed + ms
      while (runNext(end));
      moveTo(end)
    },
    async pass(ms) {
      const end = elapsed + ms
      do await settle()
      while (runNext(end))
      moveTo(end)
    },
    setWall(now) {
      wall = now
    },
  }
}
