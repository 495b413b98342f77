import type { Clock } from '../model/clock.ts'

/** Wakes one waiter. A ring that comes before the wait is not lost. */
export type Bell = {
  ring(): void
  /** Resolves at a ring, or after `ms`. */
  wait(ms: number): Promise<void>
}

export const createBell = (clock: Clock): Bell => {
  let rung = false
  let wake = (): void => {}
  return {
    ring: () => {
      rung = true
      wake()
    },
    wait: async ms => {
      if (!rung) {
        const { promise, resolve } = Promise.withResolvers<void>()
        const stop = clock.after(ms, resolve)
        wake = resolve
        await promise
        stop()
      }
      rung = false
    },
  }
}
