import { useReviewWords } from './review-words.ts'
import type { Review } from './use-review.ts'

const classOf = (inBed: boolean | null): string =>
  inBed === null ? 'review-unknown' : inBed ? 'review-in' : 'review-out'

/** In bed, out of bed, or nobody knows, over the day. The table says the same in words. */
export const BedBar = ({ review: { bed, from, to, start, end } }: { readonly review: Review }) => {
  const say = useReviewWords()
  const stays = bed.length === 0 ? [{ from, to, inBed: null }] : bed
  const share = (ms: number): string => `${(ms / (end - start)) * 100}%`
  return (
    <div className="review-lane">
      <span className="small quiet">{say('inBed')}</span>
      <div className="review-bar" aria-hidden="true">
        {stays.map(({ from, to, inBed }) => (
          <div
            key={from}
            className={classOf(inBed)}
            style={{
              left: share(Date.parse(from) - start),
              width: share(Date.parse(to) - Date.parse(from)),
            }}
          />
        ))}
      </div>
    </div>
  )
}
