/**
 * Takes: the list of open alarms and the live stream, as one person sees them.
 * Gives: every page that listens all alarms in sight, then what changes, whether that is so at the moment, and the gateway's
 * time.
 * Never: calls an old list live; loses or doubles a change over a lost connection: the stream resumes after the last number
 * that it gave, and each event is the whole alarm; goes on when somebody else has logged in.
 */
import type { AlarmView } from '../../gateway/api/alarm-view.ts'
import { ApiProblem } from '../shell/api.ts'
import type { Caller } from '../shell/session.ts'
import { openAlarmReader, type ReaderPorts } from './alarm-reader.ts'
import { createAlarmStore } from './alarm-store.ts'
import type { Seat } from './live-update.ts'
import type { Ask } from './open-list.ts'
import { createSeats, type Listener } from './seats.ts'
import { type Clocks, staleMs, watchEveryMs } from './silence.ts'
import { createStanding } from './standing.ts'
import { isOf } from './who.ts'

export type SourcePorts = Clocks &
  ReaderPorts & {
    /** Whose alarms these are, by `whoOf`. */
    readonly who: string
    /** Nobody listens any more, or nobody may. */
    readonly onOver: () => void
  }

export interface LiveSource {
  attach(listener: Listener): Seat
  /** Somebody else may have logged in: ends if so. */
  check(): void
}

const statusOf = (error: unknown): number => (error instanceof ApiProblem ? error.problem.status : 0)

/** False: the session is nobody's, or somebody else's. Without an answer it is still theirs. */
const isStillTheirs = async (ask: Ask, who: string): Promise<boolean> => {
  try {
    return isOf(who, await ask<Caller>('/api/session'))
  } catch (error) {
    return statusOf(error) !== 401
  }
}

export const openLiveSource = (ports: SourcePorts): LiveSource => {
  const { clock, ask, who, onOver } = ports
  const store = createAlarmStore(clock)
  let isLoaded = false
  let isOver = false
  let stopWatch = (): void => undefined

  const stop = (): void => {
    if (isOver) return
    isOver = true
    reader.stop()
    seats.stop()
    stopWatch()
    onOver()
  }
  const end = (): void => {
    stop()
    seats.end()
  }
  const known = () => ({ standing: standing.now(), all: isLoaded ? store.all : undefined })
  const seats = createSeats(clock, known, stop)
  const standing = createStanding(ports, seats.tell)

  const isTheirs = () => isStillTheirs(ask, who)
  const check = async (): Promise<void> => {
    if (!(await isTheirs()) && !isOver) end()
  }
  const put = (alarm: AlarmView): boolean => {
    const isNews = store.put(alarm)
    if (isNews) seats.add([], [alarm])
    return isNews
  }

  const reader = openAlarmReader(ports, {
    openIds: store.openIds,
    isStillTheirs: isTheirs,
    onSomebodyElse: end,
    onList(open, ended) {
      const { gone, changed } = store.replace(open, ended)
      standing.changed(gone.length + changed.length)
      standing.listed()
      isLoaded = true
      seats.add(gone, changed)
      seats.tell()
    },
    onAlarm: alarm => standing.changed(Number(put(alarm))),
    onGone(id, version) {
      const wasOpen = store.openIds().includes(id)
      if (!store.remove(id, version)) return
      standing.changed(1)
      if (wasOpen) standing.left()
      seats.add([id], [])
    },
    onTime(at) {
      // The browser has taken the stream up again with whatever login there is by now.
      if (standing.now().link.state === 'broken') void check()
      standing.heard(at)
      seats.add(store.forget(), [])
    },
    onBroken() {
      if (standing.now().link.state !== 'stale') standing.breakOff('broken', isLoaded)
      void check()
    },
    onRefused(error) {
      const status = statusOf(error)
      if (status === 401 || (status === 403 && isLoaded)) end()
      // Of a role that sees no alarms, such as a technician's, no later try is answered otherwise.
      else if (status === 403) stopWatch()
      else return true
      return false
    },
  })

  const watch = (): void => {
    stopWatch = clock.after(watchEveryMs, watch)
    if (standing.silentMs() <= staleMs) return
    standing.breakOff('stale', isLoaded)
    reader.renew()
  }
  watch()

  return {
    attach(listener) {
      const leave = seats.seat(listener)
      return {
        take(alarm) {
          // The first list is on its way and has it.
          if (isLoaded && !store.hasLeft(alarm)) put(alarm)
        },
        leave,
      }
    },
    check: () => void check(),
  }
}
