/**
 * Takes: all alarms, again whenever one has changed; for how long the sound is muted.
 * Gives: bursts to the speaker: at once for who has just called, and again and again while something waits.
 * Never: lets a new call or hazard go by without a sound, muted or not; rings on when nobody waits any more.
 */
import type { AlarmView } from '../../gateway/api/alarm-view.ts'
import type { Clock } from '../../gateway/model/clock.ts'
import { louder, type Priority } from '../../gateway/model/kinds.ts'
import type { Seen } from '../console/newness.ts'
import { isCallOrHazard } from '../console/urgency.ts'
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

type Heard = {
  /** Repeats of each alarm that is open. */
  readonly known: ReadonlyMap<string, number>
  readonly arrived: readonly { readonly alarm: AlarmView; readonly priority: Priority }[]
  /** The loudest that goes on. */
  readonly goingOn: 'high' | 'medium' | undefined
}

const listen = (
  alarms: Iterable<AlarmView>,
  seen: Seen,
  before: ReadonlyMap<string, number> | undefined,
): Heard => {
  const known = new Map<string, number>()
  const arrived: { alarm: AlarmView; priority: Priority }[] = []
  let goingOn: Heard['goingOn']
  for (const alarm of alarms) {
    const sounding = soundingOf(alarm, seen.get(alarm.id))
    if (!sounding) continue
    const { priority, goesOn } = sounding
    known.set(alarm.id, alarm.repeats)
    // What waited already when this page was opened has not just arrived. It rings on all the same.
    if (before && alarm.repeats > (before.get(alarm.id) ?? -1)) arrived.push({ alarm, priority })
    if (goesOn && priority !== 'low' && goingOn !== 'high') goingOn = priority
  }
  return { known, arrived, goingOn }
}

export const createRinger = ({ clock, speaker, onSounded }: RingerPorts): Ringer => {
  let known: ReadonlyMap<string, number> | undefined
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
    const heard = isMuted() ? arrived.filter(({ alarm }) => isCallOrHazard(alarm)) : arrived
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
