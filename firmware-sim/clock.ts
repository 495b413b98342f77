/** Time, handed in: tests run the simulator on virtual time. */
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
