import type { Clock } from '../../../gateway/model/clock.ts'

export type VirtualClock = Clock & {
  /** Moves on, running in order what comes due on the way. */
  advance(byMs: number): void
}

export const createVirtualClock = (startAt: number): VirtualClock => {
  const due = new Set<{ at: number; action: () => void }>()
  let now = startAt
  return {
    now: () => now,
    after: (delayMs, action) => {
      const timer = { at: now + delayMs, action }
      due.add(timer)
      return () => due.delete(timer)
    },
    advance: byMs => {
      const until = now + byMs
      for (;;) {
        const [next] = [...due].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)
        if (!next) break
        due.delete(next)
        now = next.at
        next.action()
      }
      now = until
    },
  }
}
