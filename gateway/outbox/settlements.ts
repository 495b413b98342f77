/** Carries outcomes of deliveries to the journal: whatever gathers while one write runs goes with the next. */
import type { Clock } from '../model/clock.ts'
import type { DeliveryUpdate } from '../model/delivery.ts'

const retryMs = 1_000

export interface Settlements {
  add(update: DeliveryUpdate): void
  /** Resolves when everything added so far has been tried once. */
  flush(): Promise<void>
}

export const createSettlements = (
  settle: (updates: readonly DeliveryUpdate[]) => Promise<boolean>,
  clock: Clock,
): Settlements => {
  let waiting: DeliveryUpdate[] = []
  let running: Promise<void> | undefined

  const run = async (): Promise<void> => {
    const batch = waiting
    waiting = []
    const written = await settle(batch)
    running = undefined
    if (!written) {
      // At worst an outcome is lost with the process and the delivery is made once more after a restart.
      waiting = [...batch, ...waiting]
      clock.after(retryMs, start)
    } else if (waiting.length > 0) start()
  }

  const start = (): void => {
    if (waiting.length > 0) running ??= run()
  }

  return {
    add(update) {
      waiting.push(update)
      start()
    },
    async flush() {
      await running
      if (waiting.length > 0) await settle(waiting)
    },
  }
}
