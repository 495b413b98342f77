/** Questions to a review about one moment or one quarter of an hour. Pure. */
import { quarterOf } from './night.ts'
import type { Curve, Metric, Review, Usual } from './use-review.ts'

export const quarterMs = 900_000

export type Reading = { readonly min: number; readonly mean: number; readonly max: number }

/** `undefined`: no sensor said anything. */
export const inBedAt = (review: Review, at: number): boolean | undefined =>
  review.bed.find(({ from, to }) => Date.parse(from) <= at && at < Date.parse(to))?.inBed ?? undefined

/** What was measured from `from` on, for `widthMs`. */
export const readingIn = (curve: Curve, from: number, widthMs: number): Reading | undefined => {
  const points = curve.points.filter(({ at }) => at >= from && at < from + widthMs)
  const count = points.reduce((sum, point) => sum + point.count, 0)
  if (count === 0) return undefined
  return {
    min: Math.min(...points.map(({ min }) => min)),
    mean: points.reduce((sum, point) => sum + point.mean * point.count, 0) / count,
    max: Math.max(...points.map(({ max }) => max)),
  }
}

/** What was measured in the point of the curve that `at` is in. */
export const readingAt = (curve: Curve, everyMs: number, at: number): Reading | undefined =>
  readingIn(curve, Math.floor(at / everyMs) * everyMs, everyMs)

export type UsualAt = (metric: Metric, at: number) => Usual | undefined

export const usualOf = ({ baseline }: Review, timeZone: string): UsualAt => {
  const known = new Map(baseline.map(usual => [`${usual.metric} ${usual.minuteOfDay}`, usual]))
  return (metric, at) => known.get(`${metric} ${quarterOf(at, timeZone)}`)
}

/** The beginnings of all quarters of an hour of the day. */
export const quartersOf = ({ start, end }: Review): readonly number[] =>
  Array.from({ length: Math.ceil((end - start) / quarterMs) }, (_, index) => start + index * quarterMs)
