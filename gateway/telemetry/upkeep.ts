/** What is on disk, as far as the main thread must know it; and every so often, whether something of it must go. */
import type { Clock } from '../model/clock.ts'
import { bytesOf } from './day-files.ts'
import { oldestKept, type TelemetryLimits } from './retention.ts'
import { type Day, listDays } from './schema.ts'
import type { StoreThread } from './store-thread.ts'

const intervalMs = 10_000

export type Upkeep = {
  readonly oldest: () => Day | undefined
  /** As the latest round has found them. */
  readonly bytes: () => number
  /** Samples that went, since the start. */
  readonly retired: () => number
  /** There is a file of this day now. */
  readonly onStored: (day: Day) => void
  /** One round at a time: who asks during one waits for it. Never rejects. */
  readonly makeRoom: () => Promise<void>
  readonly stop: () => void
}

type Options = {
  readonly directory: string
  readonly clock: Clock
  readonly limits: TelemetryLimits
  readonly thread: StoreThread
}

/** Throws when the directory cannot be read. */
export const createUpkeep = ({ directory, clock, limits, thread }: Options): Upkeep => {
  const days = listDays(directory)
  let [oldest] = days
  let bytes = bytesOf(directory, days)
  let retired = 0
  let round: Promise<void> | undefined

  const retain = async (): Promise<void> => {
    try {
      const result = await thread.ask('retain', { retain: limits, now: clock.now() })
      retired += result.retired
      bytes = result.bytes
      oldest = result.oldest ?? undefined
    } catch (error) {
      thread.complain(error, 'old telemetry cannot be removed')
    }
  }
  const makeRoom = (): Promise<void> => {
    round ??= retain().finally(() => {
      round = undefined
    })
    return round
  }
  const tick = (): void => {
    // What lies there from earlier is reason to start the thread only when some of it must go.
    const isDue = oldest !== undefined && oldest < oldestKept(clock.now(), limits)
    if (isDue || thread.running()) void makeRoom()
    cancelTick = clock.after(intervalMs, tick)
  }
  let cancelTick = clock.after(intervalMs, tick)

  return {
    oldest: () => oldest,
    bytes: () => bytes,
    retired: () => retired,
    onStored: day => {
      oldest = Math.min(oldest ?? day, day)
    },
    makeRoom,
    stop: () => cancelTick(),
  }
}
