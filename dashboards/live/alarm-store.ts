/** All alarms in sight as they now are, shown no faster than a page can be drawn. */
import type { AlarmView } from '../../gateway/api/alarm-view.ts'
import { isOpen } from '../../gateway/model/alarm.ts'
import type { Clock } from '../../gateway/model/clock.ts'

/** Screens show a new state at most once in such a time; in between, changes gather. */
const frameMs = 16
/** After a state that took long to show, the page rests for so much longer, so that it stays open to hands and keys. */
const restFactor = 2
/** Browsers hold up the timers of hidden pages: so late, the next change does not wait for them. */
const lateMs = 3_000
/** An alarm that is over stays known for so long, for who has its card open. */
const keptMs = 10 * 60_000
/** Of more than so many the first to end goes sooner. */
const keptLimit = 500

export type Change = { readonly before: AlarmView | undefined; readonly after: AlarmView }

export interface AlarmStore {
  /** Of those that were open at the last word. */
  openIds(): readonly string[]
  /** False: what is known is as new. */
  put(alarm: AlarmView): boolean
  /**
   * What was open is now this and nothing else, also where it is older than what was known, as after a restore.
   * @returns how many have changed
   */
  replace(open: readonly AlarmView[], others: readonly AlarmView[]): number
  /** Lets go of what has been over for long. */
  forget(): void
  stop(): void
}

/** Puts off `show` while the page is still busy with the last one. */
const createPace = (clock: Clock, show: () => void) => {
  let isDue = false
  let lateAt = Number.POSITIVE_INFINITY
  let stopTimer: (() => void) | undefined

  const showNow = (): void => {
    stopTimer?.()
    stopTimer = undefined
    if (!isDue) return
    isDue = false
    const begun = clock.now()
    lateAt = begun + lateMs
    // What is shown is worked out before the next task begins.
    stopTimer = clock.after(0, () => {
      const restMs = Math.max(frameMs, (clock.now() - begun) * restFactor)
      lateAt = clock.now() + restMs + lateMs
      stopTimer = clock.after(restMs, showNow)
    })
    show()
  }

  return {
    due() {
      isDue = true
      if (!stopTimer || clock.now() > lateAt) showNow()
    },
    stop: () => stopTimer?.(),
  }
}

/**
 * @param clock time that nobody can set
 * @param show all alarms, and what has changed in which order since they were shown last
 */
export const createAlarmStore = (
  clock: Clock,
  show: (alarms: ReadonlyMap<string, AlarmView>, changes: readonly Change[]) => void,
): AlarmStore => {
  const alarms = new Map<string, AlarmView>()
  /** When they were last heard of, the longest ago first. */
  const over = new Map<string, number>()
  let changes: Change[] = []
  const pace = createPace(clock, () => {
    const told = changes
    changes = []
    show(new Map(alarms), told)
  })

  const keep = (after: AlarmView): void => {
    changes.push({ before: alarms.get(after.id), after })
    alarms.set(after.id, after)
    over.delete(after.id)
    if (!isOpen(after.state)) over.set(after.id, clock.now())
  }
  const openIds = (): readonly string[] =>
    Array.from(alarms.values()).flatMap(alarm => (isOpen(alarm.state) ? [alarm.id] : []))

  return {
    openIds,
    put(after) {
      const before = alarms.get(after.id)
      // An answer may overtake an event of the stream, and the other way round.
      if (before && before.version >= after.version) return false
      keep(after)
      pace.due()
      return true
    },
    replace(open, others) {
      const listed = new Set([...open, ...others].map(({ id }) => id))
      const gone = openIds().filter(id => !listed.has(id))
      for (const id of gone) alarms.delete(id)
      const changed = [...open, ...others].filter(({ id, version }) => alarms.get(id)?.version !== version)
      for (const alarm of changed) keep(alarm)
      pace.due()
      return gone.length + changed.length
    },
    forget() {
      const before = clock.now() - keptMs
      for (const [id, at] of over) {
        if (at > before && over.size <= keptLimit) return
        over.delete(id)
        alarms.delete(id)
      }
    },
    stop: pace.stop,
  }
}
