/** The mechanism behind every watch: folds facts in order, asks rules only when they may have changed their mind. */
import { type Condition, type Fact, type Finding, ruleNames, type WatchContext } from '../model/detection.ts'
import type { Instant } from '../model/ids.ts'
import type { Thresholds } from '../model/thresholds.ts'
import { withPause } from './pauses.ts'
import { nothingHolds, type Pause, type Rule } from './rule.ts'
import { savedStates } from './saved-state.ts'
import { type AllStanding, edgeOf } from './standing.ts'
import { beginTimeline, type Fold, lateMs, type Timeline, withFact } from './timeline.ts'

/** All times in here are those of a clock that is never set back. */
export type WatchState = {
  readonly timeline: Timeline
  readonly standing: AllStanding
  /** When each rule wants to be asked again, in the order of the rules. */
  readonly wakes: readonly Instant[]
  /** The first of these. */
  readonly wakeAt: Instant
  /** When something was judged last; 0: nothing is known yet. */
  readonly judgedAt: Instant
  /** What the clock was set back by, in all. */
  readonly setBackMs: number
  readonly pauses: readonly Pause[]
  /** What was judged by; without thresholds, as after a restart, everything is judged anew. */
  readonly away: boolean
  readonly cognition: boolean
  readonly listeningSince: Instant
  readonly thresholds?: Thresholds
}
export type Watched = { readonly state: WatchState; readonly findings: readonly Finding[] }

export interface Watch {
  readonly begin: WatchState
  /** A fact may come late by 10 min, and more than once. One from far beyond `now` counts as of now. */
  observe(state: WatchState, fact: Fact, now: Instant, context: WatchContext): Watched
  /** Lets time pass. The same state when nothing is due. */
  tick(state: WatchState, now: Instant, context: WatchContext): Watched
  /** When time alone may next change what holds. */
  dueAt(state: WatchState): Instant
  conditions(state: WatchState): readonly Condition[]
  save(state: WatchState): string
  /** Undefined: not a state that `save` has written. */
  restore(text: string): WatchState | undefined
}

const never = Infinity
/** Facts that come in together are given times a millisecond apart. */
const aheadMs = 1_000
/** By how much a clock must be set back to be noticed; by less, facts are only a little late. */
const leastSetBackMs = 5_000
const noFindings: readonly Finding[] = []

/** Only grows. A clock set forward needs nothing: whoever listens says since when. */
const setBackOf = ({ judgedAt, setBackMs }: WatchState, now: Instant): number =>
  now + setBackMs < judgedAt - leastSetBackMs ? judgedAt - now : setBackMs

/** What rules are handed: read once, for it may be costly to ask, and in the time of the state. */
const inTimeOf = (context: WatchContext, setBackMs: number): WatchContext => {
  const { thresholds, cognition, away, sensor, listeningSince, localTime } = context
  return {
    thresholds,
    cognition,
    away,
    sensor,
    listeningSince: listeningSince + setBackMs,
    localTime: setBackMs === 0 ? localTime : at => localTime(at - setBackMs),
  }
}

const onTheWall = (finding: Finding, setBackMs: number): Finding =>
  setBackMs === 0
    ? finding
    : {
        ...finding,
        since: finding.since - setBackMs,
        at: finding.at - setBackMs,
        evidence: finding.evidence.map(one => ({ ...one, at: one.at - setBackMs })),
      }

/** Each tick asks this of everybody: it copies nothing. */
const isSameContext = (state: WatchState, context: WatchContext, setBackMs: number): boolean =>
  state.thresholds === context.thresholds &&
  state.away === context.away &&
  state.cognition === context.cognition &&
  state.listeningSince === context.listeningSince + setBackMs

const pausesAfter = (state: WatchState, now: Instant, { listeningSince }: WatchContext): readonly Pause[] => {
  if (state.judgedAt === 0) return state.pauses
  const deafUntil = listeningSince > state.listeningSince ? Math.min(now, listeningSince) : 0
  const pauses = withPause(state.pauses, state.judgedAt, deafUntil)
  return state.away ? withPause(pauses, state.judgedAt, now) : pauses
}

type Turn = { readonly timeline: Timeline; readonly now: Instant; readonly context: WatchContext }

/** Asks the rules that remember something new, those whose time has come, and all where the context is another. */
const judge = (
  rules: readonly Rule<unknown>[],
  before: WatchState,
  { timeline, now, context }: Turn,
): Watched => {
  const { thresholds, away, cognition, listeningSince } = context
  const isAnew = !isSameContext(before, context, 0)
  const pauses = isAnew || before.away ? pausesAfter(before, now, context) : before.pauses
  const wakes = before.wakes.slice()
  let findings = noFindings
  let { standing } = before
  let wakeAt = never
  for (let index = 0; index < rules.length; index++) {
    const rule = rules[index]
    if (!rule) break
    const memory = timeline.memories[index]
    let wake = wakes[index] ?? never
    if (isAnew || memory !== before.timeline.memories[index] || wake <= now) {
      const isOn = rule.on === undefined || thresholds[rule.on] !== 0
      const verdict = isOn ? rule.judge(memory, now, context, pauses) : nothingHolds
      const edge = edgeOf(standing, rule, verdict.holds, now)
      standing = edge.standing
      if (edge.finding) findings = [...findings, onTheWall(edge.finding, before.setBackMs)]
      wake = verdict.wakeAt ?? never
      wakes[index] = wake
    }
    if (wake < wakeAt) wakeAt = wake
  }
  const judgedAt = Math.max(now, before.judgedAt)
  const { setBackMs } = before
  return {
    state: {
      timeline,
      standing,
      wakes,
      wakeAt,
      judgedAt,
      setBackMs,
      pauses,
      away,
      cognition,
      listeningSince,
      thresholds,
    },
    findings,
  }
}

const folding =
  (rules: readonly Rule<unknown>[], context: WatchContext): Fold =>
  (memories, fact) => {
    let next: unknown[] | undefined
    for (let index = 0; index < rules.length; index++) {
      const before = memories[index]
      const after = rules[index]?.observe(before, fact, context)
      if (after === before) continue
      next ??= [...memories]
      next[index] = after
    }
    return next ?? memories
  }

export const createWatch = (rules: readonly Rule<unknown>[]): Watch => {
  const begin: WatchState = {
    timeline: beginTimeline(rules.map(rule => rule.start)),
    standing: {},
    wakes: rules.map(() => never),
    wakeAt: never,
    judgedAt: 0,
    setBackMs: 0,
    pauses: [],
    away: false,
    cognition: false,
    listeningSince: 0,
  }
  return {
    begin,
    observe(state, fact, now, context) {
      // What was gathered while a device was cut off is kept for review; it does not ring as new.
      if (fact.at < now - lateMs) return { state, findings: noFindings }
      const setBackMs = setBackOf(state, now)
      const at = (fact.at > now + aheadMs ? now : fact.at) + setBackMs
      const inTime = inTimeOf(context, setBackMs)
      const placed = at === fact.at ? fact : { ...fact, at }
      const before = setBackMs === state.setBackMs ? state : { ...state, setBackMs }
      const timeline = withFact(state.timeline, placed, folding(rules, inTime))
      if (timeline === state.timeline) return { state: before, findings: noFindings }
      return judge(rules, before, { timeline, now: now + setBackMs, context: inTime })
    },
    tick(state, now, context) {
      if (state.judgedAt === 0) return { state, findings: noFindings }
      const setBackMs = setBackOf(state, now)
      const isSetBack = setBackMs !== state.setBackMs
      if (now + setBackMs < state.wakeAt && !isSetBack && isSameContext(state, context, setBackMs))
        return { state, findings: noFindings }
      const before = isSetBack ? { ...state, setBackMs } : state
      const inTime = inTimeOf(context, setBackMs)
      return judge(rules, before, { timeline: state.timeline, now: now + setBackMs, context: inTime })
    },
    dueAt: ({ wakeAt, setBackMs }) => wakeAt - setBackMs,
    conditions: ({ standing, setBackMs }) =>
      ruleNames.flatMap(rule => {
        const one = standing[rule]
        return one ? [{ rule, level: one.level, since: one.since - setBackMs }] : []
      }),
    ...savedStates(rules, begin),
  }
}
