/** Many devices at once: what they cost at rest, and what their return does to a press. */
import { setTimeout as pause } from 'node:timers/promises'
import { layOutTown } from '../support/load-town.ts'
import { withTemporaryDirectory } from '../support/temporary-directory.ts'
import { benchPoints, startGatewayJob } from './alarm-rows.ts'
import { startCrowd } from './crowd-load.ts'
import { endAll, type Measured, measurePresses, openAll, openButton, warmUpPresses } from './fleet.ts'

/** Time for buffers of the connecting to be let go. */
const settleMs = 5_000

export type Idle = {
  readonly devices: number
  readonly emptyBytes: number
  readonly connectedBytes: number
  readonly connectedInMs: number
}

/** Resident memory before and after `devices` buttons have logged in and subscribed. */
export const measureIdle = (devices: number): Promise<Idle> =>
  withTemporaryDirectory(async directory => {
    const { gateway, job } = await startGatewayJob(directory, layOutTown(benchPoints, devices))
    try {
      const emptyBytes = await gateway.residentBytes()
      const startedAt = performance.now()
      const clients = await openAll(job.town.homes, (home, index) => openButton(job, home, index))
      const connectedInMs = performance.now() - startedAt
      await pause(settleMs)
      const connectedBytes = await gateway.residentBytes()
      await endAll(clients)
      return { devices, emptyBytes, connectedBytes, connectedInMs }
    } finally {
      await gateway.stop()
    }
  })

export type Return = {
  readonly devices: number
  readonly windowSeconds: number
  readonly returnedInMs: number
  readonly presses: Measured
}

/**
 * All of `devices` lose their connection at one moment and come back spread over the window, as devices with a random
 * back-off do, while other buttons go on pressing.
 */
export const measureReturn = (
  devices: number,
  windowSeconds: number,
  pressesPerSecond: number,
): Promise<Return> =>
  withTemporaryDirectory(async directory => {
    const count = pressesPerSecond * windowSeconds
    const pressing = warmUpPresses + count
    const { gateway, job } = await startGatewayJob(directory, layOutTown(benchPoints, pressing + devices))
    const crowd = await startCrowd(job.url, job.town.homes.slice(pressing), windowSeconds)
    try {
      let returnedInMs = Number.NaN
      const comeBack = async () => {
        returnedInMs = (await crowd.go()).returnedInMs
      }
      const presses = await measurePresses(job, { ratePerSecond: pressesPerSecond, count }, comeBack)
      return { devices, windowSeconds, returnedInMs, presses }
    } finally {
      await crowd.end()
      await gateway.stop()
    }
  })
