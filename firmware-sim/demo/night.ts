/**
 * The night as the gateway sees it.
 * Takes: the gateway's interface, the sleeper's home and bed sensor, offers at terminals. Gives: curves, bed, the steps of
 * the alarm, and at the end whether it came in time. Never does: look at the sleeper itself; what the gateway has not
 * stored is not shown.
 */
import type { Clock } from '../clock.ts'
import type { Offer } from '../codec.ts'
import { clockText, nextAt, parseTimeOfDay } from '../local-time.ts'
import { wordFor } from '../wording.ts'
import type { Alarm, Api, SupervisionCounts } from './api.ts'

const stepSeconds = 60
const shownSteps = 60
const stepMs = stepSeconds * 1_000
/** The bed is asked for in finer steps: the last word counts. */
const bedSeconds = 10
/** Of the alarm's life, what people did. */
const shownTypes = new Set(['suspected', 'acknowledged', 'released', 'dispatched', 'arrived', 'resolved'])
export const alarmKind = 'no-return-to-bed'

export type NightOptions = {
  readonly api: Pick<Api, 'series' | 'heardIn' | 'samplesStored' | 'supervision'>
  readonly clock: Clock
  /** What the clock showed at the start: nothing is asked about the time before. */
  readonly startAt: number
  readonly home: string
  readonly sleeper: string
  readonly bedSensor: string
  /** Homes with sensors, and what is in them. */
  readonly homes: readonly string[]
  readonly sensors: readonly string[]
  /** Of the ledger. */
  readonly alarms: () => readonly Alarm[]
}

export type NightView = {
  readonly now: string
  readonly sleeper: string
  readonly inBed: boolean | undefined
  /** One value a step, oldest first. */
  readonly heart: readonly (number | undefined)[]
  readonly respiration: readonly (number | undefined)[]
  readonly steps: readonly string[]
  readonly heard: number
  readonly sensors: number
  readonly samples: number
  readonly counts: SupervisionCounts | undefined
}

export type Night = {
  /** Asks the gateway how things stand. */
  look(): Promise<void>
  offered(point: string, offer: Offer): void
  view(): NightView
  /** Those of this night. */
  alarms(): readonly Alarm[]
  /** Whether the alarm must have reached a terminal by now. */
  isDue(): boolean
  /** One sentence each; empty when the alarm came in time, or when it is too early to say. */
  problems(): readonly string[]
}

const timeText = (at: string): string => clockText(Date.parse(at)).slice(0, 5)

export const createNight = (options: NightOptions): Night => {
  const { api, clock, startAt, home, bedSensor, alarms } = options
  const dueAt = nextAt(startAt, parseTimeOfDay('02:41') ?? 0)
  const offers: { readonly at: number; readonly point: string; readonly offer: Offer }[] = []
  let heart: NightView['heart'] = []
  let respiration: NightView['respiration'] = []
  let inBed: boolean | undefined
  let heard = 0
  let samples = 0
  let counts: SupervisionCounts | undefined

  const curve = async (metric: string, now: number) => {
    const last = Math.floor(now / stepMs) * stepMs
    const from = last - (shownSteps - 1) * stepMs
    const series = await api.series({ device: bedSensor, metric, from, to: now, everySeconds: stepSeconds })
    // The radar says 0 where there is nobody: no rate of anybody.
    const means = new Map(series.filter(({ mean }) => mean > 0).map(({ at, mean }) => [Date.parse(at), mean]))
    return Array.from({ length: shownSteps }, (_, step) => means.get(from + step * stepMs))
  }
  const bed = async (now: number) => {
    const query = {
      device: bedSensor,
      metric: 'inBed',
      from: now - 300_000,
      to: now,
      everySeconds: bedSeconds,
    }
    const last = (await api.series(query)).at(-1)
    return last ? last.mean >= 0.5 : inBed
  }

  const own = () => alarms().filter(alarm => alarm.kind === alarmKind && alarm.home?.id === home)
  const steps = (): string[] => {
    const shown = own().flatMap(({ timeline, found }) => [
      ...(found ? [{ at: found.since, what: '离床 left the bed' }] : []),
      ...timeline
        .filter(({ type }) => shownTypes.has(type))
        .map(({ type, at }) => ({ at, what: wordFor(type) })),
      ...timeline.flatMap(({ at, priority }) =>
        priority === 'high' ? [{ at, what: `升为 now ${wordFor(priority)}` }] : [],
      ),
    ])
    const told = offers.map(({ at, point, offer }) => ({
      at: new Date(at).toISOString(),
      what: `${wordFor(offer.priority)} → ${point}`,
    }))
    const inOrder = [...shown, ...told].toSorted((a, b) => a.at.localeCompare(b.at))
    const lines = inOrder.map(({ at, what }) => `${timeText(at)} ${what}`)
    return [...new Set(lines)]
  }

  return {
    look: async () => {
      const now = clock.now()
      const inHomes = await Promise.all(options.homes.map(api.heardIn))
      heard = inHomes.flat().filter(id => options.sensors.includes(id)).length
      ;[heart, respiration, inBed] = await Promise.all([
        curve('heartRate', now),
        curve('respirationRate', now),
        bed(now),
      ])
      ;[samples, counts] = await Promise.all([api.samplesStored(), api.supervision()])
    },
    offered: (point, offer) => {
      if (offer.kind === alarmKind && offer.home?.id === home) offers.push({ at: clock.now(), point, offer })
    },
    alarms: own,
    view: () => ({
      now: clockText(clock.now()),
      sleeper: options.sleeper,
      inBed,
      heart,
      respiration,
      steps: steps(),
      heard,
      sensors: options.sensors.length,
      samples,
      counts,
    }),
    isDue: () => clock.now() >= dueAt,
    problems: () => {
      if (clock.now() < dueAt) return []
      const inTime = offers.filter(({ at }) => at < dueAt)
      if (inTime.length === 0)
        return ['夜间离床未归：02:41 前没有终端收到 no terminal had the night’s alarm by 02:41']
      return [
        ...(inTime.some(({ offer }) => (offer.found?.evidence ?? 0) > 0)
          ? []
          : ['夜间离床未归：没有依据 the night’s alarm came without its evidence']),
        ...(own().some(({ priority }) => priority === 'high')
          ? []
          : ['夜间离床未归：未升为高级 the night’s alarm did not become high']),
      ]
    },
  }
}
