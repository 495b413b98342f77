import { numberText, timeText } from '../words/format.ts'
import { inBedAt, type Reading, readingAt, type UsualAt } from './readings.ts'
import { useReviewWords } from './review-words.ts'
import type { Curve, Review } from './use-review.ts'

const text = ({ min, mean, max }: Reading): string =>
  min === max ? numberText(mean) : `${numberText(mean)} (${numberText(min)}–${numberText(max)})`

/** All that is known of one moment, in one line. */
export const useReadout = (review: Review, usual: UsualAt): ((at: number) => string) => {
  const say = useReviewWords()
  const ofCurve = (curve: Curve, at: number): string => {
    const reading = readingAt(curve, review.everyMs, at)
    const band = usual(curve.metric, at)
    const value = reading ? `${text(reading)} ${curve.unit}` : say('unknown')
    const expected = band && say('usualOf', { low: numberText(band.low), high: numberText(band.high) })
    return `${say(curve.metric)} ${value}${expected === undefined ? '' : `, ${expected}`}`
  }
  return at => {
    const inBed = inBedAt(review, at)
    const bed = inBed === undefined ? `${say('inBed')} ${say('unknown')}` : say(inBed ? 'inBed' : 'outOfBed')
    return [timeText(at), bed, ...review.metrics.map(curve => ofCurve(curve, at))].join(' · ')
  }
}
