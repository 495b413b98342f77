/**
 * Takes: what it is told of the live alarms, by the thread that they are kept in or by a part of this page.
 * Gives: all alarms in sight as they now are, whether that is so at the moment, and the gateway's time.
 * Never: shows more states than the page can draw; keeps a call from who makes it sound until it is drawn.
 */
import type { AlarmView } from '../../gateway/api/alarm-view.ts'
import type { Clock } from '../../gateway/model/clock.ts'
import type { Attach, Standing, Update } from './live-update.ts'
import { createPace } from './pace.ts'

export type Change = { readonly before: AlarmView | undefined; readonly after: AlarmView }

type Alarms = ReadonlyMap<string, AlarmView>

/** As a page shows it. */
type Shown = Standing & { readonly offsetMs: number }

export type Live = Shown & {
  readonly alarms: Alarms
  /** There has been a list. Before that nobody knows whether somebody calls. */
  readonly isLoaded: boolean
}

export interface LiveAlarms {
  snapshot(): Live
  /** All alarms as they are at this moment, shown or not; they change as soon as it is over. */
  latest(): Alarms
  subscribe(listener: () => void): () => void
  /** What has changed, in the order in which it was told, once it is shown. Not called for the first list. */
  onChange(listener: (changes: readonly Change[]) => void): () => void
  /** The same at once, before any of it is shown. */
  onNews(listener: (changes: readonly Change[]) => void): () => void
  /** An answer to a command is as good as an event. */
  take(alarm: AlarmView): void
  stop(): void
}

export type LivePorts = {
  /** Time that nobody can set. */
  readonly clock: Clock
  readonly attach: Attach
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

/** Puts into `alarms` what is told. Undefined: nothing. */
const follow = (alarms: Map<string, AlarmView>, update: Update): readonly Change[] | undefined => {
  const { all, gone, changed } = update
  const listed = all && new Set(all.map(({ id }) => id))
  const leaving = listed ? Array.from(alarms.keys()).filter(id => !listed.has(id)) : gone
  for (const id of leaving) alarms.delete(id)
  const coming = all ? all.filter(({ id, version }) => alarms.get(id)?.version !== version) : changed
  const changes = coming.map(after => {
    const before = alarms.get(after.id)
    alarms.set(after.id, after)
    return { before, after }
  })
  return all || changes.length + leaving.length > 0 ? changes : undefined
}

/**
 * Whoever takes over from a worker that was ended begins anew, and this page does not: until there is news it is as broken as it
 * was, since when it was, and its clocks go on.
 */
const standAfter = (before: Shown, told: Standing): Shown => {
  const link = told.link.state === 'connecting' ? before.link : told.link
  const isStillBroken = 'since' in before.link && 'since' in link
  return {
    ...told,
    link: isStillBroken ? { ...link, since: Math.min(before.link.since, link.since) } : link,
    offsetMs: told.offsetMs ?? before.offsetMs,
  }
}

const isSame = (a: Standing, b: Standing): boolean => JSON.stringify(a) === JSON.stringify(b)

export const openLiveAlarms = ({ clock, attach, onLoggedOut }: LivePorts): LiveAlarms => {
  const shown = createListeners<[]>()
  const changed = createListeners<[readonly Change[]]>()
  const news = createListeners<[readonly Change[]]>()
  const alarms = new Map<string, AlarmView>()
  let standing: Shown = { link: { state: 'connecting' }, offsetMs: 0 }
  let live: Live = { alarms: new Map(), isLoaded: false, ...standing }
  let waiting: Change[] = []

  const show = (more: Pick<Live, 'alarms' | 'isLoaded'>): void => {
    live = { alarms: more.alarms, isLoaded: more.isLoaded, ...standing }
    shown.tell()
  }
  const pace = createPace(clock, () => {
    const told = waiting
    waiting = []
    show({ alarms: new Map(alarms), isLoaded: true })
    if (told.length > 0) changed.tell(told)
  })
  const stand = (told: Standing): void => {
    const next = standAfter(standing, told)
    if (isSame(standing, next)) return
    standing = next
    show(live)
  }

  const seat = attach({
    onUpdate(update) {
      stand(update.standing)
      const changes = follow(alarms, update)
      if (!changes) return
      // What waited when the page was opened is no news.
      if (live.isLoaded) {
        waiting.push(...changes)
        news.tell(changes)
      }
      pace.due()
    },
    onSilent: link => stand({ ...standing, link }),
    onEnded: onLoggedOut,
  })

  return {
    snapshot: () => live,
    latest: () => alarms,
    subscribe: shown.add,
    onChange: changed.add,
    onNews: news.add,
    take: seat.take,
    stop() {
      seat.leave()
      pace.stop()
    },
  }
}
