/**
 * The local store of telemetry, and beside it the states that must outlive a restart.
 *
 * Takes samples, and answers each write when it has been fsynced, or was shed and counted. Gives series by buckets of
 * time. Never does: judge a sample, forward it, touch SQLite on the caller's thread, or keep from others the room on
 * the disk that is to be left free. A broken disk costs telemetry and no more. Without sensors there is no thread.
 */
import type { Logger } from 'pino'
import type { Clock } from '../model/clock.ts'
import type { States } from '../model/states.ts'
import type { TelemetryStore } from '../model/telemetry.ts'
import { createIntake } from './intake.ts'
import type { TelemetryLimits } from './retention.ts'
import { startOf } from './schema.ts'
import { pointsOf } from './series.ts'
import { createStates } from './states.ts'
import { createStoreThread } from './store-thread.ts'
import { createUpkeep } from './upkeep.ts'

type Options = {
  /** Of the store alone; made when there is something to keep. */
  readonly directory: string
  readonly clock: Clock
  readonly log: Pick<Logger, 'error'>
  readonly limits: TelemetryLimits
}

export type Telemetry = { readonly store: TelemetryStore; readonly states: States }

/** What is not committed by then is given up: the process wants to end. */
const closeTimeoutMs = 3_000

/** Resolves when the work is done, and after the time in any case. */
const within = (clock: Clock, timeoutMs: number, work: Promise<void>): Promise<void> =>
  new Promise(resolve => {
    const cancel = clock.after(timeoutMs, resolve)
    void work.finally(() => {
      cancel()
      resolve()
    })
  })

/** Rejects when there is a directory that cannot be read. The states end with the store. */
export const openTelemetry = async ({ directory, clock, log, limits }: Options): Promise<Telemetry> => {
  const thread = createStoreThread({ directory, clock, log })
  const upkeep = createUpkeep({ directory, clock, limits, thread })
  const intake = createIntake({ clock, limits, thread, upkeep })

  const store: TelemetryStore = {
    write: intake.write,
    query: async query =>
      upkeep.oldest() === undefined ? [] : pointsOf(await thread.ask('query', { query })),
    erase: async device => {
      await intake.settled()
      if (upkeep.oldest() !== undefined) await thread.ask('erase', { erase: device })
    },
    oldest: () => {
      const day = upkeep.oldest()
      return day === undefined ? undefined : startOf(day)
    },
    figures: () => ({
      stored: intake.stored(),
      shed: intake.shed(),
      retired: upkeep.retired(),
      waiting: intake.waiting(),
      bytes: upkeep.bytes(),
    }),
    close: () => {
      upkeep.stop()
      return within(clock, closeTimeoutMs, intake.close().then(thread.close))
    },
  }
  return { store, states: createStates(directory, thread) }
}
