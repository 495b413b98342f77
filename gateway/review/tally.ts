/** Counts what happened, by device, what it was, and bin. Pure. */
import type { DeviceId, Instant } from '../model/ids.ts'
import { type Span, type StripDevice, type StripEvent, stripEvents } from '../model/review.ts'

export type Tally = {
  /** What lies outside of the time is not counted. */
  add(device: DeviceId, what: StripEvent, at: Instant, count?: number): void
  /** A message by its type; other types are not counted. */
  addSaid(device: DeviceId, type: string, at: Instant, count: number): void
  of(device: DeviceId): StripDevice['events']
}

const saidAs: ReadonlyMap<string, StripEvent> = new Map<string, StripEvent>([
  ['door-open', 'door'],
  ['door-closed', 'door'],
  ['motion', 'motion'],
  ['bed-exit', 'bed'],
  ['bed-return', 'bed'],
  ['cancel', 'press'],
])

export const createTally = ({ from, to }: Span, binMs: number): Tally => {
  const counts = new Map<string, Map<number, number>>()
  const keyOf = (device: DeviceId, what: StripEvent) => `${what}/${device}`

  const add: Tally['add'] = (device, what, at, count = 1) => {
    if (at < from || at >= to) return
    const key = keyOf(device, what)
    const bins = counts.get(key) ?? new Map<number, number>()
    const bin = Math.floor((at - from) / binMs)
    counts.set(key, bins.set(bin, (bins.get(bin) ?? 0) + count))
  }

  return {
    add,
    addSaid(device, type, at, count) {
      const what = saidAs.get(type)
      if (what) add(device, what, at, count)
    },
    of: device =>
      Object.fromEntries(
        stripEvents.flatMap(what => {
          const bins = counts.get(keyOf(device, what))
          return bins ? [[what, [...bins].toSorted(([a], [b]) => a - b)] as const] : []
        }),
      ),
  }
}
