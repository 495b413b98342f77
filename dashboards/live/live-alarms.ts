/**
 * Takes: the list of open alarms and the live stream.
 * Gives: all alarms in sight as they now are, whether that is so at the moment, and the gateway's time.
 * Never: shows an old list as live; loses or doubles a change over a lost connection: the stream resumes after the last
 * number that it gave, and each event is the whole alarm.
 */
import type { AlarmView } from '../../gateway/api/alarm-view.ts'
import { ApiProblem, get, trusted } from '../shell/api.ts'

/** The stream says its time every 5 s: three silences in a row are no accident. */
export const staleMs = 15_000
/** Between attempts, when the browser has given up by itself. */
const retryMs = 2_000
/** Screens show a new state at most once in such a time; in between, events gather. */
const frameMs = 16
/** After a state that took long to show, the page rests for so much longer, so that it stays open to hands and keys. */
const restFactor = 2
/** An alarm that is over stays known for so long, for who has its card open. */
const keptMs = 10 * 60_000
const pageSize = 200

export type Link =
  | { readonly state: 'connecting' }
  | { readonly state: 'live' }
  /** The connection ended; it is being made again. */
  | { readonly state: 'broken'; readonly since: number }
  /** Since when nothing was heard. */
  | { readonly state: 'stale'; readonly since: number }

export type Live = {
  readonly alarms: ReadonlyMap<string, AlarmView>
  readonly link: Link
  /** What to add to this machine's clock to have the gateway's. */
  readonly offsetMs: number
  /** The last time that the stream was taken up again after a break, and how many alarms had changed meanwhile. */
  readonly resumed?: { readonly at: number; readonly changed: number }
}

export type Change = { readonly before: AlarmView | undefined; readonly after: AlarmView }

export interface LiveAlarms {
  snapshot(): Live
  subscribe(listener: () => void): () => void
  /** What has changed, in the order in which it was told. Not called for the first list. */
  onChange(listener: (changes: readonly Change[]) => void): () => void
  /** An answer to a command is as good as an event. */
  take(alarm: AlarmView): void
  stop(): void
}

type Page = {
  readonly items: readonly AlarmView[]
  readonly nextCursor: string | null
  readonly head: number
}

const isOver = ({ state }: AlarmView): boolean => state === 'resolved' || state === 'closed'

const loadOpen = async (signal: AbortSignal): Promise<{ items: AlarmView[]; head: number }> => {
  const items: AlarmView[] = []
  let head: number | undefined
  let cursor: string | null = ''
  while (cursor !== null) {
    const place: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`
    const page: Page = await get<Page>(`/api/alarms?state=open&limit=${pageSize}${place}`, { signal })
    items.push(...page.items)
    // Of the first page: whatever moved while the others were read is told by the stream.
    head ??= page.head
    cursor = page.nextCursor
  }
  return { items, head: head ?? 0 }
}

export const openLiveAlarms = (onLoggedOut: () => void): LiveAlarms => {
  const alarms = new Map<string, AlarmView>()
  const listeners = new Set<() => void>()
  const changeListeners = new Set<(changes: readonly Change[]) => void>()
  const aborter = new AbortController()
  let live: Live = { alarms, link: { state: 'connecting' }, offsetMs: 0 }
  let source: EventSource | undefined
  let lastId: string | undefined
  let heardAt = Date.now()
  let waiting: Change[] = []
  let flushTimer: ReturnType<typeof setTimeout> | undefined
  let retryTimer: ReturnType<typeof setTimeout> | undefined
  /** How many alarms have been told since a break that is not over yet. */
  let missed: number | undefined

  const show = (more: Partial<Live>): void => {
    live = { ...live, ...more }
    for (const listener of listeners) listener()
  }

  const forget = (): void => {
    const before = Date.now() + live.offsetMs - keptMs
    for (const [id, alarm] of alarms) {
      if (isOver(alarm) && Date.parse(alarm.lastOccurrenceAt) < before) alarms.delete(id)
    }
  }

  const flush = (): void => {
    flushTimer = undefined
    const changes = waiting
    if (changes.length === 0) return
    waiting = []
    const begun = performance.now()
    show({ alarms: new Map(alarms) })
    for (const listener of changeListeners) listener(changes)
    // What is shown is worked out before the next task begins.
    flushTimer = setTimeout(() => {
      const tookMs = performance.now() - begun
      flushTimer = setTimeout(flush, Math.max(frameMs, tookMs * restFactor))
    })
  }

  const put = (after: AlarmView): void => {
    const before = alarms.get(after.id)
    // An answer may overtake an event of the stream, and the other way round.
    if (before && before.version >= after.version) return
    alarms.set(after.id, after)
    if (missed !== undefined) missed += 1
    waiting.push({ before, after })
    if (flushTimer === undefined) flush()
  }

  const heard = (): void => {
    heardAt = Date.now()
    if (live.link.state !== 'live') show({ link: { state: 'live' } })
  }

  const listen = (): void => {
    source = new EventSource(`/api/stream?as=alarms&lastEventId=${lastId ?? ''}`)
    source.addEventListener('alarm', event => {
      lastId = event.lastEventId
      put(trusted<AlarmView>(JSON.parse(String(event.data))))
    })
    source.addEventListener('time', event => {
      const { at } = trusted<{ at: string }>(JSON.parse(String(event.data)))
      const offsetMs = Date.parse(at) - Date.now()
      if (missed !== undefined) show({ resumed: { at: Date.now() + offsetMs, changed: missed } })
      missed = undefined
      if (Math.abs(offsetMs - live.offsetMs) > 250) show({ offsetMs })
      heard()
      forget()
    })
    source.onerror = () => {
      if (live.link.state === 'live') show({ link: { state: 'broken', since: heardAt } })
      missed ??= 0
      // Otherwise the browser tries again by itself, after the last number that it was given.
      if (source?.readyState === EventSource.CLOSED) reopen()
    }
  }

  /** The gateway refused, or said nothing for too long: it may have begun anew, so the list is asked for first. */
  const reopen = (): void => {
    source?.close()
    source = undefined
    clearTimeout(retryTimer)
    retryTimer = setTimeout(() => void open(), retryMs)
  }

  const open = async (): Promise<void> => {
    try {
      const { items, head } = await loadOpen(aborter.signal)
      const listed = new Set(items.map(({ id }) => id))
      const isFirst = lastId === undefined
      lastId = String(head)
      heardAt = Date.now()
      for (const [id, alarm] of alarms) if (!listed.has(id) && !isOver(alarm)) alarms.delete(id)
      if (isFirst) {
        for (const alarm of items) alarms.set(alarm.id, alarm)
        show({ alarms: new Map(alarms) })
      } else {
        for (const alarm of items) put(alarm)
      }
      listen()
    } catch (error) {
      if (aborter.signal.aborted) return
      const status = error instanceof ApiProblem ? error.problem.status : 0
      if (status === 401) onLoggedOut()
      // Of a role that sees no alarms, such as a technician's, no later try is answered otherwise.
      else if (status !== 403) reopen()
    }
  }

  const watch = setInterval(() => {
    if (live.link.state === 'connecting' || Date.now() - heardAt <= staleMs) return
    missed ??= 0
    show({ link: { state: 'stale', since: heardAt } })
    if (source) reopen()
  }, 1_000)

  void open()

  return {
    snapshot: () => live,
    subscribe: listener => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    onChange: listener => {
      changeListeners.add(listener)
      return () => changeListeners.delete(listener)
    },
    take: put,
    stop: () => {
      aborter.abort()
      source?.close()
      clearInterval(watch)
      clearTimeout(flushTimer)
      clearTimeout(retryTimer)
    },
  }
}
