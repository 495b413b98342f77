/**
 * What the gateway says about its alarms, beside what the town did: at the end the two are held against each other.
 * Every journal entry on the live stream makes it look at that alarm again.
 */
import type { Happening } from '../crowd.ts'
import type { Alarm, Entry } from './api.ts'

export type Totals = {
  readonly pressed: number
  /** Acknowledged by PUBACK. */
  readonly accepted: number
  readonly alarms: number
  readonly taken: number
  readonly resolved: number
  readonly escalated: number
  readonly open: number
}

export type Ledger = {
  happened(happening: Happening): void
  /** A journal entry: looks at its alarm again. Resolves when it has been looked at. */
  entered(entry: Entry): Promise<void>
  /** Those that wait for somebody first, then the highest level, then the oldest. */
  readonly open: readonly Alarm[]
  readonly all: readonly Alarm[]
  totals(): Totals
  /** One sentence each; empty when every press was answered rightly. */
  problems(): readonly string[]
}

/** Nobody has taken it yet. */
const waits = ({ state }: Alarm): boolean => state === 'suspected' || state === 'offered'
/** Nobody has to go there any more. */
const isOver = ({ state }: Alarm): boolean => state === 'resolved' || state === 'closed'
/** Calls and hazards ring at once; the rest when somebody is asked. Seats of the county see technical ones without a terminal. */
const ringsAtTerminals = (alarm: Alarm): boolean =>
  alarm.class === 'technical' || alarm.class === 'test'
    ? false
    : alarm.class !== 'inferred' || had('offered')(alarm)
const had = (type: string) => (alarm: Alarm) => alarm.timeline.some(entry => entry.type === type)

export const createLedger = (look: (alarm: string) => Promise<Alarm>): Ledger => {
  const pressed = new Set<string>()
  const accepted = new Set<string>()
  /** Presses whose button was told which alarm they belong to. */
  const told = new Map<string, string>()
  const shown = new Set<string>()
  const alarms = new Map<string, Alarm>()
  const looks = new Map<string, { promise: Promise<void>; again: boolean }>()

  const keyOf = (device: string, event: string) => `${device}/${event}`

  const lookUntilSeen = async (id: string, state: { again: boolean }) => {
    try {
      do {
        state.again = false
        alarms.set(id, await look(id))
      } while (state.again)
    } finally {
      looks.delete(id)
    }
  }

  const occurrences = (): Map<string, number> => {
    const counts = new Map<string, number>()
    for (const { device, timeline } of alarms.values()) {
      for (const { eventId } of timeline) {
        if (!eventId) continue
        const key = keyOf(device?.id ?? '', eventId)
        counts.set(key, (counts.get(key) ?? 0) + 1)
      }
    }
    return counts
  }

  return {
    happened: happening => {
      if (happening.type === 'pressed') pressed.add(keyOf(happening.device, happening.event))
      if (happening.type === 'accepted') accepted.add(keyOf(happening.device, happening.event))
      if (happening.type === 'offered') shown.add(happening.offer.alarm)
      if (happening.type === 'told') {
        told.set(keyOf(happening.device, happening.feedback.event), happening.feedback.alarm)
      }
    },
    entered: ({ alarm }) => {
      const running = looks.get(alarm)
      if (running) {
        running.again = true
        return running.promise
      }
      const state = { again: false, promise: Promise.resolve() }
      looks.set(alarm, state)
      state.promise = lookUntilSeen(alarm, state)
      return state.promise
    },
    get open() {
      return [...alarms.values()]
        .filter(alarm => !isOver(alarm))
        .sort(
          (a, b) =>
            Number(waits(b)) - Number(waits(a)) ||
            b.level - a.level ||
            a.receivedAt.localeCompare(b.receivedAt),
        )
    },
    get all() {
      return [...alarms.values()]
    },
    totals: () => {
      const all = [...alarms.values()]
      const count = (is: (alarm: Alarm) => boolean) => all.filter(is).length
      return {
        pressed: pressed.size,
        accepted: accepted.size,
        alarms: all.length,
        taken: count(had('acknowledged')),
        resolved: count(isOver),
        escalated: count(({ level }) => level > 1),
        open: all.length - count(isOver),
      }
    },
    problems: () => {
      const counted = occurrences()
      return [
        ...[...pressed.difference(accepted)].map(press => `${press}: 未获确认 no PUBACK`),
        ...[...accepted]
          .filter(press => counted.get(press) !== 1)
          .map(
            press =>
              `${press}: 已确认但有 ${counted.get(press) ?? 0} 条记录 acknowledged, but recorded ${counted.get(press) ?? 0} times`,
          ),
        ...[...accepted]
          .filter(press => !told.has(press))
          .map(press => `${press}: 按键人未获反馈 the caller was told nothing`),
        ...[...alarms.values()].flatMap(alarm => [
          ...(shown.has(alarm.id) || !ringsAtTerminals(alarm)
            ? []
            : [`${alarm.id}: 没有终端收到 no terminal has shown it`]),
          ...(isOver(alarm) || alarm.nextDeadline
            ? []
            : [`${alarm.id}: 未结且无时限 open, without a deadline`]),
        ]),
      ]
    },
  }
}
