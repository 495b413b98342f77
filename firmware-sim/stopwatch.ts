/** From the press of a button to the first terminal that shows it, for presses that raised an alarm. */
export type Stopwatch = {
  pressed(press: string, at: number): void
  /** The gateway has told the button which alarm its press belongs to. */
  raised(press: string, alarm: string): void
  offered(alarm: string, at: number): void
  /** Milliseconds; NaN before the first measurement. */
  percentile(share: number): number
  readonly count: number
}

/** Measurements that are kept, and presses and alarms that wait for their other half: the oldest give way. */
const limit = 10_000

const keep = <K, V>(map: Map<K, V>, key: K, value: V) => {
  map.set(key, value)
  const [oldest] = map.keys()
  if (map.size > limit && oldest !== undefined) map.delete(oldest)
}

export const createStopwatch = (): Stopwatch => {
  const presses = new Map<string, number>()
  const alarms = new Map<string, { pressedAt?: number; offeredAt?: number; measured: boolean }>()
  const measured: number[] = []

  const note = (alarm: string, half: { pressedAt: number } | { offeredAt: number }) => {
    // The first press and the first offer count; what comes again later is no part of the way.
    const known = { measured: false, ...half, ...alarms.get(alarm) }
    if (!known.measured && known.pressedAt !== undefined && known.offeredAt !== undefined) {
      known.measured = true
      measured.push(known.offeredAt - known.pressedAt)
      if (measured.length > limit) measured.shift()
    }
    keep(alarms, alarm, known)
  }

  return {
    pressed: (press, at) => keep(presses, press, at),
    raised: (press, alarm) => {
      const pressedAt = presses.get(press)
      if (pressedAt !== undefined) note(alarm, { pressedAt })
      presses.delete(press)
    },
    offered: (alarm, offeredAt) => note(alarm, { offeredAt }),
    percentile: share => {
      const sorted = measured.toSorted((a, b) => a - b)
      return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN
    },
    get count() {
      return measured.length
    },
  }
}
