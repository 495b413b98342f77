/** All alarms in sight as they now are. */
import type { AlarmView } from '../../gateway/api/alarm-view.ts'
import { isOpen } from '../../gateway/model/alarm.ts'
import type { Clock } from '../../gateway/model/clock.ts'

/** An alarm that is over stays known for so long, for who has its card open. */
const keptMs = 10 * 60_000
/** Of more than so many the first to end goes sooner. */
const keptLimit = 500

export interface AlarmStore {
  all(): readonly AlarmView[]
  /** Of those that were open at the last word. */
  openIds(): readonly string[]
  /** False: what is known is as new. */
  put(alarm: AlarmView): boolean
  /** It left sight at this version. False: it was not known. */
  remove(id: string, version: number): boolean
  /** This word of it is no newer than that it left sight: an answer to a command that made it leave. */
  hasLeft(alarm: AlarmView): boolean
  /** What was open is now this and nothing else, also where it is older than what was known, as after a restore. */
  replace(
    open: readonly AlarmView[],
    others: readonly AlarmView[],
  ): { readonly gone: readonly string[]; readonly changed: readonly AlarmView[] }
  /** Lets go of what has been over for long, and says of which. */
  forget(): readonly string[]
}

/** @param clock time that nobody can set */
export const createAlarmStore = (clock: Clock): AlarmStore => {
  const alarms = new Map<string, AlarmView>()
  /** When they were last heard of, the longest ago first. */
  const over = new Map<string, number>()

  /** At which version they left sight, the longest ago first. */
  const left = new Map<string, number>()

  const keep = (after: AlarmView): void => {
    alarms.set(after.id, after)
    over.delete(after.id)
    if (!isOpen(after.state)) over.set(after.id, clock.now())
  }
  const openIds = (): readonly string[] =>
    Array.from(alarms.values()).flatMap(alarm => (isOpen(alarm.state) ? [alarm.id] : []))

  return {
    all: () => [...alarms.values()],
    openIds,
    put(after) {
      const before = alarms.get(after.id)
      // An answer may overtake an event of the stream, and the other way round.
      if (before && before.version >= after.version) return false
      keep(after)
      return true
    },
    remove(id, version) {
      left.delete(id)
      left.set(id, version)
      const [first = id] = left.keys()
      if (left.size > keptLimit) left.delete(first)
      over.delete(id)
      return alarms.delete(id)
    },
    hasLeft: ({ id, version }) => (left.get(id) ?? 0) >= version,
    replace(open, others) {
      const listed = new Set([...open, ...others].map(({ id }) => id))
      const ended = openIds().filter(id => !listed.has(id))
      for (const id of ended) alarms.delete(id)
      const changed = [...open, ...others].filter(({ id, version }) => alarms.get(id)?.version !== version)
      for (const alarm of changed) keep(alarm)
      return { gone: ended, changed }
    },
    forget() {
      const before = clock.now() - keptMs
      const forgotten: string[] = []
      for (const [id, at] of over) {
        if (at > before && over.size <= keptLimit) break
        over.delete(id)
        alarms.delete(id)
        forgotten.push(id)
      }
      return forgotten
    },
  }
}
