/**
 * Somebody who sleeps, as a bed sensor would see it.
 * Takes: a seed, a name, a moment. Gives: bed, heart, respiration, movement and signal quality at that moment, always the
 * same for the same three. Never does: remember anything that changes an answer.
 */
import { dayMs, midnightBefore } from './local-time.ts'
import { createRandom, type Random } from './random.ts'

export type SleepStage = 'awake' | 'light' | 'deep' | 'dreaming'

export type Vitals = {
  readonly inBed: boolean
  readonly stage: SleepStage
  /** /min, with the sensor's error; absent out of bed. */
  readonly heartRate?: number
  readonly respirationRate?: number
  /** 0 to 100 */
  readonly movement: number
  /** 0 to 100: how far the sensor trusts itself. */
  readonly quality: number
}

export type Span = { readonly from: number; readonly to: number }

export type SleeperOptions = {
  readonly seed: string
  readonly person: string
  /** When out of bed at night, instead of the one or two visits to the toilet that the seed would give. */
  readonly leaves?: readonly Span[]
}

export type Sleeper = (at: number) => Vitals

type Night = {
  readonly inBed: Span
  readonly asleep: Span
  readonly leaves: readonly Span[]
  readonly turns: readonly Span[]
  readonly dips: readonly Span[]
  /** Where the slow drift of this night begins. */
  readonly phase: number
}

const minute = 60_000
const hour = 60 * minute
const cycleMs = 90 * minute
const noon = 12 * hour

const within = (spans: readonly Span[], at: number): boolean =>
  spans.some(({ from, to }) => at >= from && at < to)

/** Spans that follow each other, with random pauses and lengths. */
const scatter = (
  { from, to }: Span,
  random: Random,
  { pauseMs, lengthMs }: { pauseMs: readonly [number, number]; lengthMs: readonly [number, number] },
): Span[] => {
  const spans: Span[] = []
  for (let at = from + random.between(...pauseMs); at < to; at += random.between(...pauseMs)) {
    spans.push({ from: at, to: at + random.between(...lengthMs) })
  }
  return spans
}

const toiletVisits = (asleep: number, random: Random): Span[] =>
  Array.from({ length: random.between(1, 2) }, (_, index) => {
    const from = asleep + (1.5 + 3 * index) * hour + random.between(0, 90 * minute)
    return { from, to: from + random.between(5 * minute, 10 * minute) }
  })

/** `midday`: local noon before the night. */
const planNight = (midday: number, { seed, person, leaves }: SleeperOptions): Night => {
  const random = createRandom(`${seed}/${person}/night/${midday}`)
  const toBed = midday + 9.5 * hour + random.between(0, 45 * minute)
  const asleep = toBed + random.between(10 * minute, 30 * minute)
  const awake = midday + 17.75 * hour + random.between(0, 60 * minute)
  const inBed = { from: toBed, to: awake + random.between(5 * minute, 20 * minute) }
  return {
    inBed,
    asleep: { from: asleep, to: awake },
    leaves: leaves ?? toiletVisits(asleep, random),
    turns: scatter(inBed, random, { pauseMs: [8 * minute, 25 * minute], lengthMs: [20_000, 60_000] }),
    dips: scatter(inBed, random, { pauseMs: [20 * minute, 90 * minute], lengthMs: [30_000, 150_000] }),
    phase: random.fraction() * 2 * Math.PI,
  }
}

/** Deep sleep belongs to the first half of the night, dreams to the second. */
const stageAt = ({ asleep, leaves }: Night, at: number): SleepStage => {
  const settling = leaves.some(({ to }) => at >= to && at < to + 10 * minute)
  if (settling || !within([asleep], at)) return 'awake'
  const cycle = Math.floor((at - asleep.from) / cycleMs)
  const share = ((at - asleep.from) % cycleMs) / cycleMs
  const deepUntil = 0.5 - 0.08 * cycle
  if (share > 0.1 && share < deepUntil) return 'deep'
  return share > 0.96 - 0.04 * cycle ? 'dreaming' : 'light'
}

/** What sleep adds to the rates at rest, /min. */
const ofStage = {
  awake: { heart: 4, respiration: 1 },
  light: { heart: 0, respiration: 0 },
  deep: { heart: -4, respiration: -1 },
  dreaming: { heart: 3, respiration: 1 },
} as const

export const createSleeper = (options: SleeperOptions): Sleeper => {
  const { seed, person } = options
  const body = createRandom(`${seed}/${person}/body`)
  const rest = { heart: body.between(61, 67), respiration: body.between(13, 16) }
  // Bed sensors err by 3 to 8 /min.
  const errorPerMinute = body.between(3, 8)
  let known: { readonly midday: number; readonly night: Night } | undefined

  const nightOf = (at: number): Night => {
    const midday = midnightBefore(at - noon) + noon
    if (known?.midday !== midday) known = { midday, night: planNight(midday, options) }
    return known.night
  }

  return at => {
    const night = nightOf(at)
    if (!within([night.inBed], at) || within(night.leaves, at))
      return { inBed: false, stage: 'awake', movement: 0, quality: 0 }
    const noise = createRandom(`${seed}/${person}/${Math.floor(at / 1_000)}`)
    const stage = stageAt(night, at)
    const turning = within(night.turns, at)
    const drift = Math.sin((at % dayMs) / (25 * minute) + night.phase)
    const error = (widest: number) => (noise.fraction() + noise.fraction() - 1) * widest
    const doubtful = turning || within(night.dips, at)
    return {
      inBed: true,
      stage,
      heartRate: rest.heart + ofStage[stage].heart + 2 * drift + error(errorPerMinute),
      respirationRate: rest.respiration + ofStage[stage].respiration + drift + error(1),
      movement: turning ? noise.between(40, 95) : noise.between(0, stage === 'awake' ? 12 : 3),
      quality: doubtful ? noise.between(20, 45) : noise.between(82, 98),
    }
  }
}
