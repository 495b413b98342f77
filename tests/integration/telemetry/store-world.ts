/** A store in a directory of its own, on virtual time: a write is committed as soon as it is asked for. */

import { DeviceId, type Instant } from '../../../gateway/model/ids.ts'
import type { Readings } from '../../../gateway/model/measurement.ts'
import type { Sample, SeriesPoint } from '../../../gateway/model/telemetry.ts'
import { openTelemetry, type Telemetry } from '../../../gateway/telemetry/open.ts'
import type { TelemetryLimits } from '../../../gateway/telemetry/retention.ts'
import { withTemporaryDirectory } from '../../support/temporary-directory.ts'
import { createVirtualClock, type VirtualClock } from '../../support/virtual-clock.ts'

export const dayMs = 86_400_000
export const minuteMs = 60_000
/** Noon. */
export const today: Instant = Date.parse('2026-11-22T12:00:00Z')

export const pad = DeviceId.parse('pad-1')

export const sample = (at: Instant, readings: Readings, device = pad): Sample => ({ device, at, readings })

const roomy: TelemetryLimits = { retentionDays: 30, maxBytes: 2 ** 30, minFreeBytes: 0 }

export type World = Telemetry & {
  readonly clock: VirtualClock
  readonly complaints: readonly string[]
  readonly write: (samples: readonly Sample[]) => Promise<boolean>
  /** Everything of one metric of the pad, in buckets of a minute. */
  readonly minutes: (metric: string) => Promise<readonly SeriesPoint[]>
}

/** Hands over a store that is opened on what is there, and closes it whatever happens. */
export const withStore = async <T>(
  directory: string,
  work: (world: World) => Promise<T>,
  limits: Partial<TelemetryLimits> = {},
): Promise<T> => {
  const clock = createVirtualClock(today)
  const complaints: string[] = []
  const log = { error: (_: object, text?: string) => complaints.push(text ?? '') }
  const telemetry = await openTelemetry({ directory, clock, log, limits: { ...roomy, ...limits } })
  const { store } = telemetry
  try {
    return await work({
      ...telemetry,
      clock,
      complaints,
      write: samples => {
        const written = store.write(samples)
        clock.advance(1_000)
        return written
      },
      minutes: metric => store.query({ device: pad, metric, from: 0, to: today + dayMs, everyMs: minuteMs }),
    })
  } finally {
    await store.close()
  }
}

export const withNewStore = <T>(
  work: (world: World, directory: string) => Promise<T>,
  limits: Partial<TelemetryLimits> = {},
): Promise<T> =>
  withTemporaryDirectory(parent => {
    const directory = `${parent}/telemetry`
    return withStore(directory, world => work(world, directory), limits)
  })
