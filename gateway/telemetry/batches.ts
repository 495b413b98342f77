/** Gathers samples while a commit runs, and for a moment before: the busier it is, the more of them share one fsync. */
import type { Clock } from '../model/clock.ts'
import type { Sample } from '../model/telemetry.ts'

/** How long a first sample waits for others. At 10,000 a second, a commit of each 100 ms takes a quarter of one core. */
const gatherMs = 100
/** Samples that may wait, those of the running commit included: 5 s of 10,000 each, some 15 MB. One more is refused. */
const maxWaiting = 50_000

export type Batches = {
  /** Resolves after the commit, with what it did to each; undefined when too many wait, and none of these is taken. */
  readonly add: (samples: readonly Sample[]) => Promise<boolean> | undefined
  readonly waiting: () => number
  /** Commits what waits without waiting for more. */
  readonly drain: () => Promise<void>
}

/** Puts samples on disk; never rejects. Answers whether one of them is there. */
export type Commit = (samples: readonly Sample[]) => Promise<(sample: Sample) => boolean>

type Waiting = { readonly samples: readonly Sample[]; readonly resolve: (stored: boolean) => void }

export const createBatches = (commit: Commit, clock: Clock): Batches => {
  let gathered: Waiting[] = []
  let waiting = 0
  let cancelTimer: (() => void) | undefined
  let running: Promise<void> | undefined

  const commitGathered = async (): Promise<void> => {
    const group = gathered
    gathered = []
    const isStored = await commit(group.flatMap(({ samples }) => samples))
    for (const { samples, resolve } of group) {
      waiting -= samples.length
      resolve(samples.every(isStored))
    }
  }
  const run = (): void => {
    cancelTimer = undefined
    running = commitGathered().finally(() => {
      running = undefined
      schedule()
    })
  }
  const schedule = (): void => {
    if (running === undefined && gathered.length > 0) cancelTimer ??= clock.after(gatherMs, run)
  }

  return {
    add: samples => {
      if (waiting + samples.length > maxWaiting) return undefined
      waiting += samples.length
      const stored = new Promise<boolean>(resolve => gathered.push({ samples, resolve }))
      schedule()
      return stored
    },
    waiting: () => waiting,
    drain: async () => {
      for (;;) {
        await running
        if (gathered.length === 0) return
        cancelTimer?.()
        run()
      }
    },
  }
}
