/** Curves of one resident: points pooled into wider ones, times without a word, and stays in bed. Pure. */
import type { Instant } from '../model/ids.ts'
import type { Span, Stay } from '../model/review.ts'
import type { SeriesPoint } from '../model/telemetry.ts'

const join = (a: SeriesPoint, b: SeriesPoint): SeriesPoint => {
  const count = a.count + b.count
  return {
    at: a.at,
    min: Math.min(a.min, b.min),
    mean: (a.mean * a.count + b.mean * b.count) / count,
    max: Math.max(a.max, b.max),
    count,
  }
}

/** One point for each stretch of `everyMs` that has any, in order, from points that are not wider. */
export const pooled = (points: readonly SeriesPoint[], everyMs: number): readonly SeriesPoint[] => {
  const wide = new Map<Instant, SeriesPoint>()
  for (const point of points) {
    const at = point.at - (point.at % everyMs)
    const before = wide.get(at)
    wide.set(at, before ? join(before, { ...point, at }) : { ...point, at })
  }
  return [...wide.values()].toSorted((a, b) => a.at - b.at)
}

/**
 * Times of `silenceMs` or longer without a sample, as far as points of `widthMs`, which were heard at these times, can tell:
 * from the end of one to the beginning of the next. The silence itself may have been longer, never shorter.
 */
export const gapsIn = (
  heard: readonly Instant[],
  { from, to }: Span,
  { widthMs, silenceMs }: { readonly widthMs: number; readonly silenceMs: number },
): readonly Span[] => {
  const gaps: Span[] = []
  let heardUntil = from
  for (const at of [...heard, to]) {
    if (at - heardUntil >= silenceMs) gaps.push({ from: heardUntil, to: at })
    heardUntil = Math.max(heardUntil, at + widthMs)
  }
  return gaps
}

/** Each lasts until the next one, or until nothing is known. More of the time in bed than out counts as in bed. */
export const staysIn = (
  points: readonly SeriesPoint[],
  gaps: readonly Span[],
  { to }: Pick<Span, 'to'>,
): readonly Stay[] => {
  const marks = [
    ...points.map(({ at, mean }) => ({ at, inBed: mean >= 0.5 })),
    ...gaps.map(({ from }) => ({ at: from, inBed: null })),
  ].toSorted((a, b) => a.at - b.at)
  const turns = marks.filter((mark, index) => mark.inBed !== marks[index - 1]?.inBed)
  return turns.map(({ at, inBed }, index) => ({ from: at, to: turns[index + 1]?.at ?? to, inBed }))
}
