/**
 * Takes: what somebody does to alarms on a telephone whose network comes and goes.
 * Gives: each act kept in the telephone before anything else, sent in order, with what became of it. They outlive a reload
 * and the closing of the page.
 * Never: drops an act silently; sends one again without looking first whether only its answer was lost.
 */
import type { Actor } from '../../gateway/model/actor.ts'
import type { AlarmEventType } from '../../gateway/model/alarm.ts'
import { ApiProblem, type Problem, trusted } from '../shell/api.ts'

/** The last parts of the addresses of commands, and the event by which the timeline shows that one was done. */
const eventOf = {
  acknowledge: 'acknowledged',
  dispatch: 'dispatched',
  accept: 'accepted',
  decline: 'declined',
  arrive: 'arrived',
  note: 'noted',
  resolve: 'resolved',
} as const satisfies Readonly<Record<string, AlarmEventType>>
export type ActName = keyof typeof eventOf

/** With this many waiting something is wrong that more acts will not mend: `add` refuses, and the page says to call. */
const waitingLimit = 50
/** Of those that were sent, the latest are shown. */
const shownSent = 20

export type Act = {
  readonly id: string
  readonly alarm: string
  readonly name: ActName
  readonly body: { readonly epoch?: number; readonly text?: string; readonly [member: string]: unknown }
  /** By this telephone's clock, in ms since 1970. */
  readonly madeAt: number
  /** The alarm's version that it was made on: what it does gets a later one. */
  readonly seen: number
  /** It was tried, and nobody knows what became of it. */
  readonly hasGoneOut: boolean
  readonly state: 'waiting' | 'sent' | 'refused'
  /** Why it was refused. */
  readonly problem?: Problem
}

export type TimelineEntry = {
  readonly version: number
  readonly type: string
  readonly actor: { readonly kind: Actor['kind']; readonly id?: string }
  readonly text?: string
}

export type ActQueuePorts = {
  readonly storage: Pick<Storage, 'getItem' | 'setItem'>
  /** Whose acts: each login has its own. */
  readonly username: string
  /** Answers the alarm's version afterwards. Throws `ApiProblem`. */
  readonly send: (act: Act) => Promise<number>
  readonly timeline: (alarm: string) => Promise<readonly TimelineEntry[]>
  /** One window of this browser at a time. */
  readonly alone: <T>(work: () => Promise<T>) => Promise<T>
}

export interface ActQueue {
  /** Oldest first. */
  snapshot(): readonly Act[]
  subscribe(listener: () => void): () => void
  /** False: there are too many, or the telephone keeps nothing: it was not taken. */
  add(act: Pick<Act, 'alarm' | 'name' | 'body' | 'seen'>): boolean
  /** Somebody has read why it was refused. */
  dismiss(id: string): void
  /** Sends what waits, until that is all or the network fails. Call it whenever there may be one. */
  flush(): Promise<void>
  /** Another window has changed the list. */
  reread(): void
}

/** Refused for good. Anything else may go well the next time: no network, a full gateway, a login that has ended. */
const isFinal = (error: unknown): error is ApiProblem => {
  if (!(error instanceof ApiProblem)) return false
  const { status } = error.problem
  return status >= 400 && status < 500 && ![401, 408, 429].includes(status)
}

export const openActQueue = (ports: ActQueuePorts): ActQueue => {
  const { storage, username, send, timeline, alone } = ports
  const key = `anling.acts.${username}`
  const read = (): readonly Act[] => trusted<readonly Act[]>(JSON.parse(storage.getItem(key) ?? '[]'))
  let acts = read()
  let flushing: Promise<void> | undefined
  const listeners = new Set<() => void>()

  const show = (now: readonly Act[]): void => {
    acts = now
    for (const listener of listeners) listener()
  }

  const write = (change: (acts: readonly Act[]) => readonly Act[]): void => {
    const changed = change(read())
    const sent = changed.filter(({ state }) => state === 'sent')
    const forgotten = new Set(sent.slice(0, Math.max(0, sent.length - shownSent)))
    const kept = changed.filter(act => !forgotten.has(act))
    storage.setItem(key, JSON.stringify(kept))
    show(kept)
  }

  const become = (id: string, more: Partial<Act>): void =>
    write(all => all.map(act => (act.id === id ? { ...act, ...more } : act)))

  /** The version by which the timeline shows it. */
  const doneAs = async ({ alarm, name, body, seen }: Act): Promise<number | undefined> => {
    const entries = await timeline(alarm)
    return entries.find(
      ({ version, type, actor, text }) =>
        version > seen &&
        type === eventOf[name] &&
        actor.kind === 'user' &&
        actor.id === username &&
        (name !== 'note' || text === body.text),
    )?.version
  }

  const attempt = async (act: Act): Promise<number> => {
    const before = act.hasGoneOut ? await doneAs(act) : undefined
    if (before !== undefined) return before
    become(act.id, { hasGoneOut: true })
    try {
      return await send(act)
    } catch (error) {
      // The try before may have come in just after it was looked for.
      const meanwhile = act.hasGoneOut && isFinal(error) ? await doneAs(act) : undefined
      if (meanwhile === undefined) throw error
      return meanwhile
    }
  }

  /** False: it waits on. */
  const settle = async (act: Act): Promise<boolean> => {
    try {
      const version = await attempt(act)
      become(act.id, { state: 'sent' })
      // The same words twice are two notes: the next one is looked for behind this one.
      write(all =>
        all.map(one =>
          one.alarm === act.alarm && one.state === 'waiting'
            ? { ...one, seen: Math.max(one.seen, version) }
            : one,
        ),
      )
      return true
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error
      if (isFinal(error)) become(act.id, { state: 'refused', problem: error.problem })
      return isFinal(error)
    }
  }

  /** In order for each alarm: one that gets no answer holds up no other. */
  const sendAll = async (): Promise<void> => {
    const stuck = new Set<string>()
    for (;;) {
      const next = read().find(({ alarm, state }) => state === 'waiting' && !stuck.has(alarm))
      if (!next) return
      if (!(await settle(next))) stuck.add(next.alarm)
    }
  }

  return {
    snapshot: () => acts,
    subscribe: listener => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    add: act => {
      if (acts.filter(({ state }) => state === 'waiting').length >= waitingLimit) return false
      const made = { id: `${Date.now()}-${Math.random()}`, madeAt: Date.now(), hasGoneOut: false }
      try {
        write(all => [...all, { ...act, ...made, state: 'waiting' }])
        return true
      } catch {
        // The telephone keeps nothing: full, or set so.
        return false
      }
    },
    dismiss: id => write(all => all.filter(act => act.id !== id)),
    flush: () => {
      flushing ??= alone(sendAll).finally(() => {
        flushing = undefined
      })
      return flushing
    },
    reread: () => show(read()),
  }
}
