/** Takes samples to the disk, or sheds and counts them. */
import type { Clock } from '../model/clock.ts'
import type { Sample, ShedReason } from '../model/telemetry.ts'
import { createBatches } from './batches.ts'
import { createMetricNames } from './metric-names.ts'
import { oldestKept, type TelemetryLimits } from './retention.ts'
import { dayOf } from './schema.ts'
import type { StoreThread } from './store-thread.ts'
import type { Upkeep } from './upkeep.ts'
import type { Written } from './writing.ts'

export type Intake = {
  /** True: all of them are on disk. */
  readonly write: (samples: readonly Sample[]) => Promise<boolean>
  readonly stored: () => number
  readonly shed: () => ReadonlyMap<ShedReason, number>
  readonly waiting: () => number
  /** Resolves when what was taken before is on disk, or was shed. */
  readonly settled: () => Promise<void>
  /** Takes nothing more, and commits what waits. */
  readonly close: () => Promise<void>
}

type Options = {
  readonly clock: Clock
  readonly limits: TelemetryLimits
  readonly thread: StoreThread
  readonly upkeep: Upkeep
}

export const createIntake = ({ clock, limits, thread, upkeep }: Options): Intake => {
  const admitMetrics = createMetricNames()
  const shed = new Map<ShedReason, number>()
  let stored = 0
  let closed = false

  const countShed = (reason: ShedReason, samples: number): void => {
    if (samples > 0) shed.set(reason, (shed.get(reason) ?? 0) + samples)
  }

  const tryToStore = async (samples: readonly Sample[]): Promise<Written> => {
    try {
      return await thread.ask('write', { write: samples, now: clock.now() })
    } catch (error) {
      return { stored: [], detail: String(error) }
    }
  }

  const commit = async (samples: readonly Sample[]) => {
    const days = new Set((await tryToStore(samples)).stored)
    const isStored = ({ at }: Sample) => days.has(dayOf(at))
    const isLost = (sample: Sample) => !isStored(sample)
    if (samples.some(isLost)) {
      await upkeep.makeRoom()
      const again = await tryToStore(samples.filter(isLost))
      for (const day of again.stored) days.add(day)
      if (again.detail !== undefined) thread.complain(again.detail, 'telemetry cannot be stored')
    }
    days.forEach(upkeep.onStored)
    const lost = samples.filter(isLost).length
    countShed('disk', lost)
    stored += samples.length - lost
    return isStored
  }
  const batches = createBatches(commit, clock)

  /** What may be stored of them. */
  const admit = (samples: readonly Sample[]): readonly Sample[] => {
    const oldest = oldestKept(clock.now(), limits)
    const fresh = samples.filter(({ at }) => dayOf(at) >= oldest)
    countShed('too-old', samples.length - fresh.length)
    const admitted = fresh.map(admitMetrics)
    countShed('too-many-metrics', admitted.filter((sample, index) => sample !== fresh[index]).length)
    return admitted.filter(({ readings }) => Object.keys(readings).length > 0)
  }

  return {
    write: async samples => {
      if (closed) return false
      const admitted = admit(samples)
      if (admitted.length === 0) return samples.length === 0
      const committed = batches.add(admitted)
      if (committed === undefined) countShed('overload', admitted.length)
      return (await committed) === true && admitted.length === samples.length
    },
    stored: () => stored,
    shed: () => shed,
    waiting: batches.waiting,
    settled: async () => {
      if (batches.waiting() > 0) await batches.add([])
    },
    close: () => {
      closed = true
      return batches.drain()
    },
  }
}
