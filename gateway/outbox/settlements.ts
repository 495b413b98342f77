/**
 * Carries outcomes of deliveries to the journal, those of a moment together: alarms wait for their commits, and an
 * outcome that is lost with the process only has its delivery made once more.
 */
import type { Clock } from '../model/clock.ts'
import type { DeliveryUpdate } from '../model/delivery.ts'

const gatherMs = 50
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
  /** By delivery: only the newest word counts, so that a full disk gathers no more than is owed. */
  let waiting = new Map<string, DeliveryUpdate>()
  let cancel: (() => void) | undefined

  const writeAfter = (delayMs: number): void => {
    cancel ??= clock.after(delayMs, () => void write())
  }

  const write = async (): Promise<void> => {
    const batch = waiting
    waiting = new Map()
    const written = await settle([...batch.values()])
    cancel = undefined
    if (!written) waiting = new Map([...batch, ...waiting])
    if (waiting.size > 0) writeAfter(written ? gatherMs : retryMs)
  }

  return {
    add(update) {
      waiting.set(update.id, update)
      writeAfter(gatherMs)
    },
    async flush() {
      cancel?.()
      if (waiting.size > 0) await settle([...waiting.values()])
    },
  }
}
