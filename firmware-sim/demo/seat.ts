/** The duty officer at the console: sends somebody to an alarm that a point has taken, hears that they are there, ends it. */
import type { Clock } from '../clock.ts'
import type { Alarm, Api } from './api.ts'

export type SeatOptions = { readonly api: Pick<Api, 'work'>; readonly clock: Clock }

export type Seat = {
  /** Does what is next for each of these alarms. What the gateway refuses, somebody else has done. */
  see(alarms: readonly Alarm[]): Promise<void>
}

const minuteMs = 60_000

/** By the state of the alarm: what comes next, and how long after the state was first seen. */
const next: {
  readonly [state: string]: { readonly afterMs: number; readonly command: string; readonly body: object }
} = {
  // Time to ring the home twice; nobody answers.
  acknowledged: { afterMs: minuteMs, command: 'dispatch', body: { etaMinutes: 12 } },
  dispatched: { afterMs: 12 * minuteMs, command: 'arrive', body: {} },
  arrived: { afterMs: 5 * minuteMs, command: 'resolve', body: { cause: 'real' } },
}

export const createSeat = ({ api, clock }: SeatOptions): Seat => {
  const seen = new Map<string, number>()
  return {
    see: async alarms => {
      const now = clock.now()
      for (const { id, epoch, state } of alarms) {
        const step = next[state]
        const key = `${id} ${epoch} ${state}`
        const since = seen.get(key) ?? now
        seen.set(key, since)
        if (step && now - since >= step.afterMs) await api.work(id, step.command, { epoch, ...step.body })
      }
    },
  }
}
