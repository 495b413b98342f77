/**
 * Takes: the list of open alarms and the live stream.
 * Gives: all alarms in sight as they now are, whether that is so at the moment, and the gateway's time.
 * Never: shows an old list as live; loses or doubles a change over a lost connection: the stream resumes after the last
 * number that it gave, and each event is the whole alarm.
 */
import type { AlarmView } from '../../gateway/api/alarm-view.ts'
import type { Clock } from '../../gateway/model/clock.ts'
import { ApiProblem } from '../shell/api.ts'
import { type Change, createAlarmStore } from './alarm-store.ts'
import { type Ask, loadGone, loadOpen } from './open-list.ts'

/** The stream says its time every 5 s: three silences in a row are no accident. */
export const staleMs = 15_000
const watchEveryMs = 1_000
/** Between attempts, when the browser has given up by itself. */
const retryMs = 2_000
/** A clock that is wrong by less is told anew for nothing. */
const skewStepMs = 250

export type Link =
  | { readonly state: 'connecting' }
  | { readonly state: 'live' }
  /** The connection ended; it is being made again. By this machine's clock. */
  | { readonly state: 'broken'; readonly since: number }
  /** Since when nothing was heard, by this machine's clock. */
  | { readonly state: 'stale'; readonly since: number }

export type Live = {
  readonly alarms: ReadonlyMap<string, AlarmView>
  /** There has been a list. Before that nobody knows whether somebody calls. */
  readonly isLoaded: boolean
  readonly link: Link
  /** What to add to this machine's clock to have the gateway's. */
  readonly offsetMs: number
  /** The last time that the stream was taken up again after a break, and how many alarms had changed meanwhile. */
  readonly resumed?: { readonly at: number; readonly changed: number }
}

export interface LiveAlarms {
  snapshot(): Live
  subscribe(listener: () => void): () => void
  /** What has changed, in the order in which it was told. Not called for the first list. */
  onChange(listener: (changes: readonly Change[]) => void): () => void
  /** An answer to a command is as good as an event. */
  take(alarm: AlarmView): void
  stop(): void
}

export type AlarmStreamEars = {
  readonly onAlarm: (alarm: AlarmView) => void
  /** @param at the gateway's time, in ms since 1970 */
  readonly onTime: (at: number) => void
  /** @param isGone false: it is taken up again by itself, after the last change that it told */
  readonly onBroken: (isGone: boolean) => void
}

/** @param after the number of the last change that is known. @returns closes it */
export type OpenAlarmStream = (after: number, ears: AlarmStreamEars) => () => void

export type LivePorts = {
  /** Time that nobody can set. */
  readonly clock: Clock
  /** This machine's clock, which shows how long it has slept. */
  readonly wallNow: () => number
  readonly ask: Ask
  readonly openStream: OpenAlarmStream
  /** The session has ended, or may see no alarms any more. */
  readonly onLoggedOut: () => void
}

/** One that fails does not keep the next from hearing. */
const createListeners = <Told extends readonly unknown[]>() => {
  const listeners = new Set<(...told: Told) => void>()
  return {
    tell(...told: Told): void {
      for (const listener of listeners) {
        try {
          listener(...told)
        } catch (error) {
          console.error(error)
        }
      }
    },
    add(listener: (...told: Told) => void): () => void {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** For how long nothing was heard. The one clock may be set, the other may stand still while the machine sleeps. */
const createSilence = ({ clock, wallNow }: LivePorts) => {
  let steady = clock.now()
  let since = wallNow()
  return {
    end(): void {
      steady = clock.now()
      since = wallNow()
    },
    since: () => since,
    ms: () => Math.max(clock.now() - steady, wallNow() - since),
  }
}

export const openLiveAlarms = (ports: LivePorts): LiveAlarms => {
  const { clock, wallNow, ask, openStream, onLoggedOut } = ports
  const shown = createListeners<[]>()
  const changed = createListeners<[readonly Change[]]>()
  const aborter = new AbortController()
  const silence = createSilence(ports)
  let live: Live = { alarms: new Map(), isLoaded: false, link: { state: 'connecting' }, offsetMs: 0 }
  let closeStream: (() => void) | undefined
  /** How many alarms have changed since a break that is not over yet. */
  let missed: number | undefined
  let stopRetry = (): void => undefined
  let stopWatch = (): void => undefined

  const show = (more: Partial<Live>): void => {
    live = { ...live, ...more }
    shown.tell()
  }
  const store = createAlarmStore(clock, (alarms, changes) => {
    // What waited when the page was opened is no news.
    const isNews = live.isLoaded
    show({ alarms, isLoaded: true })
    if (isNews && changes.length > 0) changed.tell(changes)
  })
  const missedMore = (count: number): void => {
    if (missed !== undefined) missed += count
  }
  const breakOff = (state: 'broken' | 'stale'): void => {
    if (live.isLoaded) missed ??= 0
    if (live.link.state !== state) show({ link: { state, since: silence.since() } })
  }

  const onTime = (at: number): void => {
    silence.end()
    const offsetMs = at - wallNow()
    const isSkewed = Math.abs(offsetMs - live.offsetMs) > skewStepMs
    if (live.link.state !== 'live' || isSkewed || missed !== undefined) {
      show({
        link: { state: 'live' },
        offsetMs: isSkewed ? offsetMs : live.offsetMs,
        ...(missed !== undefined && { resumed: { at, changed: missed } }),
      })
    }
    missed = undefined
    store.forget()
  }

  const listen = (after: number): void => {
    closeStream = openStream(after, {
      onAlarm: alarm => missedMore(Number(store.put(alarm))),
      onTime,
      onBroken(isGone) {
        if (live.link.state !== 'stale') breakOff('broken')
        if (isGone) reopen()
      },
    })
  }

  /** The gateway refused, or said nothing for too long: it may have begun anew, so the list is asked for first. */
  const reopen = (): void => {
    closeStream?.()
    closeStream = undefined
    stopRetry()
    stopRetry = clock.after(retryMs, () => void open())
  }

  const open = async (): Promise<void> => {
    const { signal } = aborter
    try {
      const { items, head } = await loadOpen(ask, signal)
      const listed = new Set(items.map(({ id }) => id))
      const gone = await loadGone(
        ask,
        store.openIds().filter(id => !listed.has(id)),
        signal,
      )
      if (signal.aborted) return
      missedMore(store.replace(items, gone))
      silence.end()
      listen(head)
    } catch (error) {
      if (signal.aborted) return
      const status = error instanceof ApiProblem ? error.problem.status : 0
      if (status === 401 || (status === 403 && live.isLoaded)) onLoggedOut()
      // Of a role that sees no alarms, such as a technician's, no later try is answered otherwise.
      else if (status === 403) stopWatch()
      else reopen()
    }
  }

  const watch = (): void => {
    stopWatch = clock.after(watchEveryMs, watch)
    if (silence.ms() <= staleMs) return
    breakOff('stale')
    if (closeStream) reopen()
  }

  watch()
  void open()

  return {
    snapshot: () => live,
    subscribe: shown.add,
    onChange: changed.add,
    take(alarm) {
      // The first list is on its way and has it.
      if (live.isLoaded) store.put(alarm)
    },
    stop() {
      aborter.abort()
      closeStream?.()
      stopWatch()
      stopRetry()
      store.stop()
    },
  }
}
