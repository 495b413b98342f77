import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createSleeper } from '../../../firmware-sim/sleeper.ts'

const minute = 60_000
const evening = Date.parse('2026-11-21T20:00:00+08:00')
const hours = 13
const moments = Array.from({ length: hours * 60 * 6 }, (_, n) => evening + n * 10_000)
const night = (seed: string) => {
  const sleeper = createSleeper({ seed, person: 'wang' })
  return moments.map(at => ({ at, ...sleeper(at) }))
}
type Moment = ReturnType<typeof night>[number]

/** Spans out of bed, in minutes, between going to bed and getting up. */
const absences = (all: readonly Moment[]): number[] => {
  const first = all.findIndex(({ inBed }) => inBed)
  const last = all.findLastIndex(({ inBed }) => inBed)
  const lengths: number[] = []
  let out = 0
  for (const { inBed } of all.slice(first, last + 1)) {
    if (inBed && out > 0) lengths.push(out / 6)
    out = inBed ? 0 : out + 1
  }
  return lengths
}
const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
/** Per quarter of an hour: what a sensor's error does not hide. */
const smoothed = (all: readonly Moment[], rate: 'heartRate' | 'respirationRate'): number[] =>
  [
    ...Map.groupBy(
      all.filter(({ inBed }) => inBed),
      ({ at }) => Math.floor(at / (15 * minute)),
    ).values(),
  ]
    .filter(slot => slot.length >= 80)
    .map(slot => median(slot.flatMap(one => one[rate] ?? [])))

const seeds = fc.string({ maxLength: 12 })

describe('whoever sleeps', () => {
  test('goes to bed in the evening, visits the toilet once or twice for 5 to 10 min, and gets up in the morning', () => {
    fc.assert(
      fc.property(seeds, seed => {
        const all = night(seed)
        const bedTimes = all.filter(({ inBed }) => inBed).map(({ at }) => at)
        expect((bedTimes.at(0) ?? 0) - evening).toBeGreaterThanOrEqual(90 * minute)
        expect((bedTimes.at(0) ?? 0) - evening).toBeLessThanOrEqual(136 * minute)
        expect((bedTimes.at(-1) ?? 0) - evening).toBeGreaterThan(9.5 * 60 * minute)
        expect((bedTimes.at(-1) ?? 0) - evening).toBeLessThan(11.5 * 60 * minute)
        const visits = absences(all)
        expect(visits.length).toBeGreaterThanOrEqual(1)
        expect(visits.length).toBeLessThanOrEqual(2)
        expect(Math.min(...visits)).toBeGreaterThanOrEqual(4.8)
        expect(Math.max(...visits)).toBeLessThanOrEqual(10.2)
      }),
      { numRuns: 10 },
    )
  })

  test('has rates of a sleeper, which move with sleep over the night', () => {
    fc.assert(
      fc.property(seeds, seed => {
        const all = night(seed)
        const heart = smoothed(all, 'heartRate')
        const respiration = smoothed(all, 'respirationRate')
        // What is left of the sensor's error after smoothing stays within half a beat or breath.
        expect(Math.min(...heart)).toBeGreaterThan(51.5)
        expect(Math.max(...heart)).toBeLessThan(75.5)
        expect(Math.max(...heart) - Math.min(...heart)).toBeGreaterThan(4)
        expect(Math.min(...respiration)).toBeGreaterThan(10.5)
        expect(Math.max(...respiration)).toBeLessThan(19.5)
      }),
      { numRuns: 10 },
    )
  })

  test('sleeps deeply early, dreams late, and is seen with the error of a bed sensor', () => {
    const all = night('a').filter(({ inBed }) => inBed)
    const middle = evening + 6.5 * 60 * minute
    const count = (stage: string, early: boolean) =>
      all.filter(one => one.stage === stage && one.at < middle === early).length
    expect(count('deep', true)).toBeGreaterThan(count('deep', false))
    expect(count('dreaming', false)).toBeGreaterThan(count('dreaming', true))
    const jumps = all.slice(1).map((one, n) => Math.abs((one.heartRate ?? 0) - (all[n]?.heartRate ?? 0)))
    expect(Math.max(...jumps)).toBeGreaterThan(2)
    expect(Math.max(...jumps)).toBeLessThan(2 * 8 + 8)
  })

  test('turns now and then, and is then hard to measure; the signal dips at other times too', () => {
    const all = night('b').filter(({ inBed }) => inBed)
    const turning = all.filter(({ movement }) => movement >= 40)
    expect(turning.length).toBeGreaterThan(20)
    expect(turning.every(({ quality }) => quality < 50)).toBe(true)
    const doubtful = all.filter(({ quality }) => quality < 50)
    expect(doubtful.length).toBeGreaterThan(turning.length)
    expect(doubtful.length).toBeLessThan(all.length / 5)
  })
})

test('the same seed, person and moment give the same, in whatever order they are asked for', () => {
  const asked = moments.filter((_, n) => n % 97 === 0)
  const one = createSleeper({ seed: 's', person: 'wang' })
  const other = createSleeper({ seed: 's', person: 'wang' })
  expect(asked.map(one)).toEqual(asked.toReversed().map(other).toReversed())
  const stranger = createSleeper({ seed: 's', person: 'li' })
  expect(asked.map(one)).not.toEqual(asked.map(stranger))
})

test('a story decides about the bed instead of the seed', () => {
  const from = Date.parse('2026-11-22T02:10:00+08:00')
  const sleeper = createSleeper({
    seed: 's',
    person: 'wang',
    leaves: [{ from, to: Number.POSITIVE_INFINITY }],
  })
  const inBed = (minutes: number) => sleeper(from + minutes * minute).inBed
  expect(Array.from({ length: 180 }, (_, n) => inBed(-1 - n)).every(Boolean)).toBe(true)
  expect(Array.from({ length: 300 }, (_, n) => inBed(n)).some(Boolean)).toBe(false)
  expect(sleeper(from)).toEqual({ inBed: false, stage: 'awake', movement: 0, quality: 0 })
})
