import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { SeriesPoint } from '../../../gateway/model/telemetry.ts'
import { gapsIn, pooled, staysIn } from '../../../gateway/review/curves.ts'

const minute = 60_000
const point = (minutes: number, mean = 1, count = 1): SeriesPoint => ({
  at: minutes * minute,
  min: mean,
  mean,
  max: mean,
  count,
})
const span = { from: 0, to: 60 * minute }
const byMinute = { widthMs: minute, silenceMs: minute }
const timesOf = (points: readonly SeriesPoint[]) => points.map(({ at }) => at)
const minutes = (spans: readonly { from: number; to: number }[]) =>
  spans.map(({ from, to }) => [from / minute, to / minute])

describe('points', () => {
  test('become wider ones whose mean counts each sample the same', () => {
    expect(pooled([point(0, 60, 1), point(1, 90, 2), point(5, 70, 1)], 5 * minute)).toEqual([
      { at: 0, min: 60, mean: 80, max: 90, count: 3 },
      point(5, 70, 1),
    ])
  })

  test('keep every sample, whatever their width', () => {
    const some = fc.array(fc.tuple(fc.nat({ max: 5_000 }), fc.integer({ min: 1, max: 60 })))
    fc.assert(
      fc.property(some, fc.constantFrom(1, 5, 15, 60), (given, width) => {
        const points = given.map(([at, count]) => point(at, 1, count))
        const wide = pooled(points, width * minute)
        const count = (all: readonly SeriesPoint[]) => all.reduce((sum, one) => sum + one.count, 0)
        expect(count(wide)).toBe(count(points))
        expect(wide.every(({ at }) => at % (width * minute) === 0)).toBe(true)
        expect(new Set(wide.map(({ at }) => at)).size).toBe(wide.length)
      }),
    )
  })
})

describe('a gap', () => {
  test('is where no sample came for as long as the device may be silent: at the beginning, between, and at the end', () => {
    const points = [point(5), point(6), point(7), point(30), point(31)]
    expect(minutes(gapsIn(timesOf(points), span, byMinute))).toEqual([
      [0, 5],
      [8, 30],
      [32, 60],
    ])
  })

  test('is not what is shorter than the device may be silent', () => {
    const points = [0, 9, 18, 27, 36, 45, 54].map(at => point(at))
    expect(gapsIn(timesOf(points), span, { widthMs: minute, silenceMs: 10 * minute })).toEqual([])
    expect(gapsIn(timesOf(points), span, { widthMs: minute, silenceMs: 8 * minute })).toHaveLength(6)
  })

  test('is the whole time when nothing came', () => {
    expect(gapsIn([], span, byMinute)).toEqual([span])
  })
})

describe('stays in bed', () => {
  const staysOf = (points: readonly SeriesPoint[]) =>
    staysIn(points, gapsIn(timesOf(points), span, byMinute), span).map(({ from, to, inBed }) => [
      from / minute,
      to / minute,
      inBed,
    ])

  test('last until the sensor says otherwise, and are unknown where it says nothing', () => {
    const points = [
      ...Array.from({ length: 20 }, (_, at) => point(at, 1)),
      ...Array.from({ length: 10 }, (_, at) => point(20 + at, 0)),
      ...Array.from({ length: 10 }, (_, at) => point(45 + at, 0)),
      point(55, 0.6),
    ]
    expect(staysOf(points)).toEqual([
      [0, 20, true],
      [20, 30, false],
      [30, 45, null],
      [45, 55, false],
      [55, 56, true],
      [56, 60, null],
    ])
  })

  test('follow one another without a hole, whatever was measured', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat({ max: 59 })), fc.array(fc.constantFrom(0, 1)), (times, values) => {
        const points = times.toSorted((a, b) => a - b).map((at, index) => point(at, values[index] ?? 0))
        const stays = staysOf(points)
        expect(stays[0]?.[0]).toBe(0)
        expect(stays.at(-1)?.[1]).toBe(60)
        stays.slice(1).forEach((stay, index) => expect(stay[0]).toBe(stays[index]?.[1]))
        stays.slice(1).forEach((stay, index) => expect(stay[2]).not.toBe(stays[index]?.[2]))
      }),
    )
  })
})
