import { useMemo } from 'react'
import { type Column, Table } from '../kit/table.tsx'
import { numberText, timeText } from '../words/format.ts'
import { inBedAt, quarterMs, quartersOf, readingIn, usualOf } from './readings.ts'
import { useReviewWords } from './review-words.ts'
import type { Curve, Review } from './use-review.ts'

/** What the curves show, in words: for whoever does not see them, and for whoever wants the figures. */
export const QuartersTable = ({
  review,
  timeZone,
}: {
  readonly review: Review
  readonly timeZone: string
}) => {
  const say = useReviewWords()
  const usual = useMemo(() => usualOf(review, timeZone), [review, timeZone])
  const until = Date.parse(review.to)
  const valueOf = (curve: Curve, at: number): string => {
    const reading = readingIn(curve, at, quarterMs)
    if (!reading) return say('unknown')
    const { min, mean, max } = reading
    return `${numberText(mean, 1)} (${numberText(min)}–${numberText(max)})`
  }
  const usualText = (curve: Curve, at: number): string => {
    const band = usual(curve.metric, at)
    return band ? `${numberText(band.low)}–${numberText(band.high)}` : ''
  }
  const bedText = (at: number): string => {
    const inBed = inBedAt(review, at)
    return say(inBed === undefined ? 'unknown' : inBed ? 'inBed' : 'outOfBed')
  }
  const columns: readonly Column<number>[] = [
    { name: say('time'), cell: at => timeText(at).slice(0, 5) },
    { name: say('inBed'), cell: bedText },
    ...review.metrics.flatMap((curve): Column<number>[] => [
      { name: `${say(curve.metric)} ${curve.unit}`, cell: at => valueOf(curve, at), isNumber: true },
      { name: say('usual'), cell: at => usualText(curve, at), isNumber: true },
    ]),
  ]
  return (
    <Table
      label={say('asTable')}
      columns={columns}
      rows={quartersOf(review).filter(at => at < until)}
      keyOf={String}
      whenEmpty={say('unknown')}
    />
  )
}
