/**
 * Takes: all alarms, again whenever one has changed; for how long the sound is muted.
 * Gives: bursts to the speaker: at once for who has just called, and again and again while something waits.
 * Never: lets a call or hazard that is new, comes back or is asked wider go by without a sound, muted or not: a mute is for
 * what rings already. Rings on when nobody waits any more.
 */
import type { AlarmView } from '../../gateway/api/alarm-view.ts'
import type { Clock } from '../../gateway/model/clock.ts'
import { louder, type Priority } from '../../gateway/model/kinds.ts'
import type { Seen } from '../console/newness.ts'
import { isCallOrHazard, isWaiting } from '../console/urgency.ts'
import { soundingOf } from './loudness.ts'
import { type Burst, breakthrough, burstMs, bursts, pauseMs } from './patterns.ts'

export interface Speaker {
  /** At once, in place of what is playing. False: nothing can be heard. */
  play(burst: Burst): boolean
  silence(): void
}

export type RingerPorts = {
  readonly clock: Clock
  readonly speaker: Speaker
  /** These have just been made to sound. */
  readonly onSounded: (alarms: readonly AlarmView[]) => void
}

export interface Ringer {
  show(alarms: Iterable<AlarmView>, seen: Seen): void
  /** @param untilMs by the ringer's clock; in the past: not muted */
  mute(untilMs: number): void
  /** The speaker has just been switched on: rings at once if somebody waits. */
  resume(): void
  stop(): void
}

const isAsLoud = (a: Priority, b: Priority): boolean => louder(a, b) === a

/** What came up with an alarm: it is there, again or anew; or more people are asked for the same. */
type News = 'arrival' | 'wider'
type Known = Pick<AlarmView, 'repeats' | 'level' | 'state'>

const newsOf = (alarm: AlarmView, before: Known | undefined): News | undefined => {
  if (!before || alarm.repeats > before.repeats) return 'arrival'
  if (!isWaiting(alarm)) return undefined
  // Handed back, or the time of whoever had it has run out.
  if (!isWaiting(before)) return 'arrival'
  return alarm.level > before.level ? 'wider' : undefined
}

type Arrived = { readonly alarm: AlarmView; readonly priority: Priority; readonly news: News }

type Heard = {
  /** Each alarm that is open. */
  readonly known: ReadonlyMap<string, Known>
  readonly arrived: readonly Arrived[]
  /** The loudest that goes on. */
  readonly goingOn: 'high' | 'medium' | undefined
}

const listen = (
  alarms: Iterable<AlarmView>,
  seen: Seen,
  before: ReadonlyMap<string, Known> | undefined,
): Heard => {
  const known = new Map<string, Known>()
  const arrived: Arrived[] = []
  let goingOn: Heard['goingOn']
  for (const alarm of alarms) {
    const sounding = soundingOf(alarm, seen.get(alarm.id))
    if (!sounding) continue
    const { priority, goesOn } = sounding
    known.set(alarm.id, alarm)
    // What waited already when this page was opened has not just arrived. It rings on all the same.
    const news = before && newsOf(alarm, before.get(alarm.id))
    if (news) arrived.push({ alarm, priority, news })
    if (goesOn && priority !== 'low' && goingOn !== 'high') goingOn = priority
  }
  return { known, arrived, goingOn }
}

export const createRinger = ({ clock, speaker, onSounded }: RingerPorts): Ringer => {
  let known: ReadonlyMap<string, Known> | undefined
  let goingOn: Heard['goingOn']
  /** Came in during a burst: gets one of its own, though nothing may go on by then. */
  let owed: Priority | undefined
  let last: { readonly priority: Priority; readonly endsAt: number } | undefined
  let mutedUntil = -Infinity
  let stopTimer = (): void => undefined

  const isMuted = (): boolean => clock.now() < mutedUntil

  const ring = (priority: Priority, burst: Burst = bursts[priority]): boolean => {
    if (!speaker.play(burst)) return false
    last = { priority, endsAt: clock.now() + burstMs(burst) }
    return true
  }

  const wakeIn = (ms: number): void => {
    stopTimer = clock.after(ms, ringOn)
  }

  /** Rings if it is time to, and sees to it that the next burst comes. */
  const ringOn = (): void => {
    stopTimer()
    const now = clock.now()
    if (isMuted()) return wakeIn(mutedUntil - now)
    const next = owed && goingOn ? louder(owed, goingOn) : (owed ?? goingOn)
    if (!next) return
    const due = last ? last.endsAt + pauseMs[owed ? 'high' : (goingOn ?? 'high')] : now
    if (due > now) return wakeIn(due - now)
    // Without a speaker there is nothing to wait for: `resume` comes when there is one.
    if (!ring(next)) return
    owed = undefined
    ringOn()
  }

  const announce = (arrived: Heard['arrived']): void => {
    // What is asked wider rings on as it did; only a mute has to be broken for it.
    const heard = arrived.filter(({ alarm, news }) =>
      isMuted() ? isCallOrHazard(alarm) : news === 'arrival',
    )
    if (heard.length === 0) return
    const loudest = heard.map(({ priority }) => priority).reduce(louder)
    // A burst that is at least as loud says the same, and starting it anew would tear it to pieces in a flood.
    const isUnderWay = last && clock.now() < last.endsAt && isAsLoud(last.priority, loudest)
    if (isUnderWay) owed = owed ? louder(owed, loudest) : loudest
    if (isUnderWay || ring(loudest, isMuted() ? breakthrough : undefined)) {
      onSounded(heard.map(({ alarm }) => alarm))
    }
  }

  return {
    show(alarms, seen) {
      const heard = listen(alarms, seen, known)
      if (goingOn && !(heard.goingOn && isAsLoud(heard.goingOn, goingOn))) {
        speaker.silence()
        last = undefined
      }
      known = heard.known
      goingOn = heard.goingOn
      announce(heard.arrived)
      ringOn()
    },
    mute(untilMs) {
      mutedUntil = untilMs
      owed = undefined
      if (isMuted()) speaker.silence()
      last = undefined
      ringOn()
    },
    resume: ringOn,
    stop() {
      stopTimer()
      speaker.silence()
    },
  }
}
