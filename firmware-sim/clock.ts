/** Time, handed in: tests run the simulator on virtual time, and a night passes in minutes on a fast clock. */
export type Clock = {
  /** Milliseconds since 1970-01-01T00:00:00Z, with fractions. */
  now(): number
  /** Runs `action` once after `delayMs`. Returns the way to stop that. */
  after(delayMs: number, action: () => void): () => void
}

export const systemClock: Clock = {
  // Monotonic and finer than a millisecond: latencies are measured with it.
  now: () => performance.timeOrigin + performance.now(),
  after: (delayMs, action) => {
    const timer = setTimeout(action, delayMs)
    return () => clearTimeout(timer)
  },
}

export type FastTime = {
  /** What the clock shows at `since`. Milliseconds since 1970. */
  readonly startAt: number
  /** Seconds of it in one real second. */
  readonly speed: number
  /** Real time, milliseconds since 1970. */
  readonly since: number
  /** From when it shows this on, it runs as fast as the real one. */
  readonly until?: number
}

/** Runs `speed` times faster than `real`; everything that waits on it waits so much shorter. */
export const createFastClock = (
  { startAt, speed, since, until = Number.POSITIVE_INFINITY }: FastTime,
  real = systemClock,
): Clock => {
  const realUntil = since + (until - startAt) / speed
  const shownAt = (at: number): number =>
    at < realUntil ? startAt + (at - since) * speed : until + (at - realUntil)
  const realAt = (shown: number): number =>
    shown < until ? since + (shown - startAt) / speed : realUntil + (shown - until)
  return {
    now: () => shownAt(real.now()),
    after: (delayMs, action) => {
      const now = real.now()
      return real.after(realAt(shownAt(now) + delayMs) - now, action)
    },
  }
}

/** Runs `action` again and again, first after one period. Returns the way to stop that. */
export const every = (clock: Clock, periodMs: number, action: () => void): (() => void) => {
  let cancel = () => {}
  const wait = () => {
    cancel = clock.after(periodMs, () => {
      wait()
      action()
    })
  }
  wait()
  return () => cancel()
}
