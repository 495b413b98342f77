/**
 * Takes: what has changed among the live alarms, and where they stand.
 * Gives: each page that listens one update after the other: the next when it has taken the last, with all that came meanwhile.
 * Never: lets more wait for a page than is known at all: what is frozen or gone costs nothing.
 */
import type { AlarmView } from '../../gateway/api/alarm-view.ts'
import type { Clock } from '../../gateway/model/clock.ts'
import type { Standing, Update } from './live-update.ts'
import { beatMs } from './silence.ts'

/** When more changes than this wait for a page, it gets all alarms as they then are in place of them. */
const waitingLimit = 1_000
/** A page that takes nothing for so long is gone. One that was frozen comes back when it takes something again. */
const goneMs = 10 * 60_000

export type Listener = {
  /** @param taken to be called when the page has it */
  readonly onUpdate: (update: Update, taken: () => void) => void
  readonly onEnded: () => void
  /** It has taken nothing for so long that it is told nothing more. */
  readonly onLeftOut: () => void
}

export type Known = {
  readonly standing: Standing
  /** Undefined before the first list. */
  readonly all: (() => readonly AlarmView[]) | undefined
}

/** Of what waits, a state gives way to a newer one unless somebody would have heard or seen a difference between them. */
const gather = (waiting: AlarmView[], alarm: AlarmView): void => {
  const at = waiting.findLastIndex(({ id }) => id === alarm.id)
  const last = waiting[at]
  if (last?.state === alarm.state && last.repeats === alarm.repeats) waiting[at] = alarm
  else waiting.push(alarm)
}

const createQueue = ({ onUpdate }: Listener, clock: Clock, known: () => Known) => {
  /** When what it has not taken yet was told. */
  let toldAt: number | undefined
  let isDue = false
  let isAllDue = true
  let gone = new Set<string>()
  let changed: AlarmView[] = []

  const next = (): Update => {
    const { standing, all } = known()
    if (isAllDue && all) {
      isAllDue = false
      return { standing, all: all(), gone: [], changed: [] }
    }
    return { standing, gone: [...gone], changed }
  }
  const tell = (): void => {
    isDue = true
    if (toldAt !== undefined) return
    const update = next()
    isDue = false
    gone = new Set()
    changed = []
    toldAt = clock.now()
    onUpdate(update, () => {
      toldAt = undefined
      if (isDue) tell()
    })
  }
  return {
    tell,
    add(idsGone: readonly string[], alarms: readonly AlarmView[]): void {
      if (!isAllDue) {
        const left = new Set(idsGone)
        if (left.size > 0) changed = changed.filter(({ id }) => !left.has(id))
        for (const id of left) gone.add(id)
        for (const alarm of alarms) gather(changed, alarm)
      }
      isAllDue ||= changed.length + gone.size > waitingLimit
      if (isAllDue) {
        changed = []
        gone.clear()
      }
      tell()
    },
    isLost: () => toldAt !== undefined && clock.now() - toldAt > goneMs,
  }
}

/** @param onEmpty the last page has left */
export const createSeats = (clock: Clock, known: () => Known, onEmpty: () => void) => {
  const seats = new Map<Listener, ReturnType<typeof createQueue>>()
  let stopBeat = (): void => undefined
  const leave = (listener: Listener): void => {
    if (seats.delete(listener) && seats.size === 0) onEmpty()
  }
  const tell = (): void => {
    for (const queue of seats.values()) queue.tell()
  }
  const beat = (): void => {
    stopBeat = clock.after(beatMs, beat)
    const lost = [...seats].flatMap(([listener, queue]) => (queue.isLost() ? [listener] : []))
    for (const listener of lost) {
      leave(listener)
      listener.onLeftOut()
    }
    tell()
  }
  stopBeat = clock.after(beatMs, beat)

  return {
    tell,
    add(gone: readonly string[], changed: readonly AlarmView[]): void {
      if (gone.length + changed.length === 0) return
      for (const queue of seats.values()) queue.add(gone, changed)
    },
    /** @returns to be called when the page leaves */
    seat(listener: Listener): () => void {
      const queue = createQueue(listener, clock, known)
      seats.set(listener, queue)
      queue.tell()
      return () => leave(listener)
    },
    /** Tells everybody that there is nothing more to hear. */
    end(): void {
      const listeners = [...seats.keys()]
      seats.clear()
      for (const { onEnded } of listeners) onEnded()
    },
    stop: () => stopBeat(),
  }
}
