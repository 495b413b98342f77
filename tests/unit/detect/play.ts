/** Plays facts and time to a watch, and tells what it found as lines of text. */
import { deviceWatch, homeWatch, roomOf, type Watch, type WatchState } from '../../../gateway/detect/watch.ts'
import type { Fact, Finding, WatchContext } from '../../../gateway/model/detection.ts'
import { deviceModelOf } from '../../../gateway/model/device-models.ts'
import { DeviceId, type Instant } from '../../../gateway/model/ids.ts'
import {
  isThresholdName,
  type ThresholdName,
  type Thresholds,
  thresholds,
} from '../../../gateway/model/thresholds.ts'

/** Local midnight of the first day, in a zone 8 h east of Greenwich. */
export const midnight = Date.UTC(2026, 10, 20, 16)
const dayMs = 86_400_000

/** `HH:MM:SS`, or `D HH:MM:SS` on a later day. */
export const time = (text: string): Instant => {
  const [clock = '', day = '0'] = text.split(' ').toReversed()
  const [hours = 0, minutes = 0, seconds = 0] = clock.split(':').map(Number)
  return midnight + Number(day) * dayMs + ((hours * 60 + minutes) * 60 + seconds) * 1_000
}

const timeText = (at: Instant): string => {
  const day = Math.floor((at - midnight) / dayMs)
  const clock = new Date(at + 8 * 3_600_000).toISOString().slice(11, 19)
  return day === 0 ? clock : `${day} ${clock}`
}

export const findingText = ({ at, rule, change, level }: Finding): string =>
  `${timeText(at)} ${rule} ${change} ${level}`

export const defaults = (changed: { readonly [name: string]: number } = {}): Thresholds => {
  const figures: Partial<Record<ThresholdName, number>> = {}
  for (const name of Object.keys(thresholds)) {
    if (isThresholdName(name)) figures[name] = changed[name] ?? thresholds[name].value
  }
  const isWhole = (some: typeof figures): some is Thresholds =>
    Object.keys(some).length === Object.keys(thresholds).length
  if (!isWhole(figures)) throw new Error('a threshold is missing')
  return figures
}

export const contextOf = (more: Partial<WatchContext> = {}): WatchContext => ({
  thresholds: standard,
  localTime: at => {
    const minutes = Math.floor((at - midnight) / 60_000)
    return { day: 20_778 + Math.floor(minutes / 1_440), minuteOfDay: ((minutes % 1_440) + 1_440) % 1_440 }
  },
  sensor: () => ({ model: deviceModelOf('native/bed-pad'), room: 'bedroom' }),
  cognition: false,
  away: false,
  listeningSince: midnight,
  ...more,
})
const standard = defaults()

type Said = Fact extends infer One ? (One extends Fact ? Omit<One, 'device' | 'at'> : never) : never

export const fact = (at: string | Instant, said: Said, device = 'd-1'): Fact => ({
  device: DeviceId.parse(device),
  at: typeof at === 'string' ? time(at) : at,
  ...said,
})
export const readings = (at: string | Instant, values: Readonly<Record<string, number>>, device = 'd-1') =>
  fact(at, { what: 'readings', readings: values }, device)

/** A watch in use: keeps its state, and what it has found. */
export const play = (watch: Watch, initial: WatchContext = contextOf()) => {
  let state: WatchState = watch.begin
  let context = initial
  const found: Finding[] = []
  const take = (next: { readonly state: WatchState; readonly findings: readonly Finding[] }): void => {
    state = next.state
    found.push(...next.findings)
  }
  return {
    found,
    lines: () => found.map(findingText),
    state: () => state,
    conditions: () => watch.conditions(state),
    see(one: Fact, now: Instant = one.at) {
      take(watch.observe(state, one, now, context))
    },
    tick(at: string | Instant) {
      take(watch.tick(state, typeof at === 'string' ? time(at) : at, context))
    },
    change(more: Partial<WatchContext>) {
      context = { ...context, ...more }
    },
    restart() {
      const restored = watch.restore(watch.save(state))
      if (!restored) throw new Error('what was saved is not restored')
      state = restored
    },
  }
}

type Step = {
  readonly at?: string
  readonly from?: string
  readonly to?: string
  readonly everySeconds?: number
  readonly device?: string
}
export type Scenario = {
  readonly name: string
  readonly model?: string
  readonly rooms?: Readonly<Record<string, string>>
  readonly cognition?: boolean
  readonly away?: { readonly from: string; readonly until: string }
  readonly thresholds?: Readonly<Record<string, number>>
  readonly tickSeconds?: number
  readonly steps: readonly (Step & Partial<Said>)[]
  readonly expect: readonly string[]
}

const kinds = ['readings', 'activity', 'trigger', 'status'] as const

export const factsOf = ({ steps }: Scenario): readonly Fact[] =>
  steps
    .flatMap(({ at, from, to, everySeconds, device = 'd-1', ...said }) => {
      const what = kinds.find(kind => kind in said)
      const told = { ...(what && { what }), ...said, device }
      const facts: Fact[] = []
      const last = time(to ?? at ?? '')
      for (let when = time(from ?? at ?? ''); when <= last; when += (everySeconds ?? 1) * 1_000)
        facts.push(Object.assign(fact(when, { what: 'alive' }), told))
      return facts
    })
    .toSorted((a, b) => a.at - b.at)

export type Played = ReturnType<typeof play>

export const begin = (scenario: Scenario, isHome: boolean): Played => {
  const { model = 'native/bed-pad', rooms = {}, cognition = false, thresholds: changed } = scenario
  const context = contextOf({
    cognition,
    thresholds: defaults(changed),
    sensor: device => ({ model: deviceModelOf(model), room: roomOf(rooms[device]) }),
  })
  return play(isHome ? homeWatch : deviceWatch, context)
}

/** Facts at their times, and ticks between them. */
export const playScenario = (
  scenario: Scenario,
  isHome: boolean,
  afterFact?: (played: Played) => void,
): Played => {
  const played = begin(scenario, isHome)
  const tickMs = (scenario.tickSeconds ?? 10) * 1_000
  const away = scenario.away && { from: time(scenario.away.from), until: time(scenario.away.until) }
  const facts = factsOf(scenario)
  let now = facts[0]?.at ?? 0
  for (const one of facts) {
    for (; now < one.at; now += tickMs) {
      if (away) played.change({ away: now >= away.from && now < away.until })
      played.tick(now)
    }
    played.see(one)
    afterFact?.(played)
  }
  played.tick(now)
  return played
}
