/** Wakes one waiter. A ring that comes before the wait is not lost. */
export type Bell = {
  ring(): void
  /** Resolves at a ring. */
  wait(): Promise<void>
}

export const createBell = (): Bell => {
  let rung = Promise.withResolvers<void>()
  return {
    ring: () => rung.resolve(),
    wait: async () => {
      await rung.promise
      rung = Promise.withResolvers<void>()
    },
  }
}
