/** What alarms sound like: bursts of pulses as IEC 60601-1-8:2006, 6.3.3.1 (tables 3 and 4) has them. Pure. */
import type { Priority } from '../../gateway/model/kinds.ts'

/** @property atMs from the beginning of its burst. @property hz of the fundamental: 150 to 1,000. */
export type Pulse = { readonly atMs: number; readonly lengthMs: number; readonly hz: number }
export type Burst = readonly Pulse[]

const pulses = (lengthMs: number, hz: number, starts: readonly number[]): Burst =>
  starts.map(atMs => ({ atMs, lengthMs, hz }))

const highMs = 150
const highHz = 660
/** Three pulses and two: pulses 100 ms apart, the groups by two gaps and a pulse. */
const group = [0, 250, 500, 1_000, 1_250]
const secondGroupMs = 1_900

export const bursts: Readonly<Record<Priority, Burst>> = {
  high: pulses(highMs, highHz, [...group, ...group.map(atMs => atMs + secondGroupMs)]),
  medium: pulses(200, 550, [0, 400, 800]),
  low: pulses(200, 440, [0, 400]),
}

/** A call or hazard that comes in, comes back or is asked wider while the sound is muted. */
export const breakthrough: Burst = pulses(highMs, highHz, group)

/** Silence between two bursts of what goes on. What is low sounds once. */
export const pauseMs: Readonly<Record<Exclude<Priority, 'low'>, number>> = { high: 2_500, medium: 10_000 }

export const burstMs = (burst: Burst): number => {
  const last = burst.at(-1)
  return last ? last.atMs + last.lengthMs : 0
}
