/** The last hours of a home as lanes to draw and to tell: what each sensor has shown, bin by bin. Pure. */
import type { Strip } from './alarm-detail.ts'

/** `to` is the bin after the last one. */
export type Run<T> = { readonly from: number; readonly to: number; readonly value: T }

export type StripLane =
  | { readonly what: 'bed'; readonly room: string | null; readonly runs: readonly Run<0 | 1 | null>[] }
  | { readonly what: 'movement'; readonly levels: readonly (number | null)[] }
  | { readonly what: StripTicks; readonly ticks: readonly Tick[] }

export type StripTicks = 'motion' | 'door' | 'press' | 'alarm'
export type Tick = {
  readonly bin: number
  readonly count: number
  /** Of an alarm. */
  readonly priority?: 'high' | 'medium' | 'low'
}

/** Neighbours that are alike, together. */
export const runsOf = <T>(values: readonly T[]): readonly Run<T>[] => {
  const runs: { from: number; to: number; value: T }[] = []
  for (const [bin, value] of values.entries()) {
    const last = runs.at(-1)
    if (last?.value === value) last.to = bin + 1
    else runs.push({ from: bin, to: bin + 1, value })
  }
  return runs
}

const movementOf = ({ devices, bins }: Strip): readonly StripLane[] => {
  const measured = devices.flatMap(({ movement }) => (movement ? [movement] : []))
  if (measured.length === 0) return []
  const levels = Array.from({ length: bins }, (_, bin) => {
    const known = measured.flatMap(levels => levels[bin] ?? [])
    return known.length === 0 ? null : Math.max(...known)
  })
  return [{ what: 'movement', levels }]
}

const ticksOf = ({ devices }: Strip, what: 'motion' | 'door' | 'press'): readonly StripLane[] => {
  const counts = new Map<number, number>()
  for (const { events } of devices) {
    for (const [bin, count] of events[what] ?? []) counts.set(bin, (counts.get(bin) ?? 0) + count)
  }
  const ticks = [...counts].map(([bin, count]) => ({ bin, count })).toSorted((a, b) => a.bin - b.bin)
  return ticks.length === 0 ? [] : [{ what, ticks }]
}

const alarmsOf = ({ alarms, from, binMinutes }: Strip): readonly StripLane[] => {
  const binOf = (at: string) => Math.floor((Date.parse(at) - Date.parse(from)) / (binMinutes * 60_000))
  const ticks = alarms
    .map(({ raisedAt, priority }) => ({ bin: binOf(raisedAt), count: 1, priority }))
    .filter(({ bin }) => bin >= 0)
    .toReversed()
  return [{ what: 'alarm', ticks }]
}

/** A lane for each bed, and one for each other thing that anything in the home has told. */
export const lanesOf = (strip: Strip): readonly StripLane[] => [
  ...strip.devices.flatMap(({ bed, room }) =>
    bed ? [{ what: 'bed' as const, room, runs: runsOf(bed) }] : [],
  ),
  ...movementOf(strip),
  ...ticksOf(strip, 'motion'),
  ...ticksOf(strip, 'door'),
  ...ticksOf(strip, 'press'),
  ...alarmsOf(strip),
]
