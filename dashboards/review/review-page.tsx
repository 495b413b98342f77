/**
 * Takes: a resident and a day.
 * Gives: that day and night in curves, beside what was usual, with the thresholds and what rang.
 * Never: diagnoses; draws a line where nothing was measured.
 */
import { useCallback } from 'react'
import { Link, useLocation, useParams, useSearchParams } from 'wouter'
import { Page } from '../kit/page.tsx'
import { ProblemNotice } from '../kit/problem-notice.tsx'
import { useMay } from '../shell/session.ts'
import { useSite } from '../shell/site.ts'
import { DayChoice } from './day-choice.tsx'
import { isDay, lastNoonDay } from './night.ts'
import { NightLanes } from './night-lanes.tsx'
import { PastAlarms } from './past-alarms.tsx'
import { QuartersTable } from './quarters-table.tsx'
import { ResidentChoice } from './resident-choice.tsx'
import './review.css'
import { useReviewWords } from './review-words.ts'
import { ThresholdsPanel } from './thresholds-panel.tsx'
import { useReview } from './use-review.ts'

const Links = ({ resident }: { readonly resident: string }) => {
  const say = useReviewWords()
  const may = useMay()
  return (
    <>
      {may('card:read') && <Link href={`/residents/${resident}/card`}>{say('card')}</Link>}
      {may('registry:read') && <Link href={`/registry/residents/${resident}`}>{say('registry')}</Link>}
    </>
  )
}

const Night = ({
  resident,
  day,
  timeZone,
}: {
  readonly resident: string
  readonly day: string
  readonly timeZone: string
}) => {
  const say = useReviewWords()
  const { data: review, error } = useReview(resident, day, timeZone)
  return (
    <>
      <ProblemNotice error={error} />
      {review && (
        <>
          <NightLanes key={`${resident} ${day}`} review={review} timeZone={timeZone} />
          <PastAlarms alarms={review.alarms} isCut={review.isCut} />
          <details className="review-details">
            <summary>{say('asTable')}</summary>
            <QuartersTable review={review} timeZone={timeZone} />
          </details>
        </>
      )}
      <ThresholdsPanel resident={resident} />
      <p className="small quiet">{say('notMedicalMore')}</p>
    </>
  )
}

const ReviewPage = () => {
  const say = useReviewWords()
  const [, go] = useLocation()
  const { resident } = useParams<{ resident?: string }>()
  const [params, setParams] = useSearchParams()
  const site = useSite()
  const setDay = useCallback((to: string) => setParams({ day: to }, { replace: true }), [setParams])
  const asked = params.get('day') ?? ''
  const latest = site && lastNoonDay(Date.now(), site.timeZone)
  const day = isDay(asked) || latest === undefined ? asked : latest
  return (
    <Page title={say('title')} actions={resident !== undefined && <Links resident={resident} />}>
      <div className="review-head not-printed">
        <ResidentChoice
          resident={resident}
          onChange={to => go(`/review/${to}${asked === '' ? '' : `?day=${asked}`}`)}
        />
        {latest !== undefined && <DayChoice day={day} latest={latest} onChange={setDay} />}
      </div>
      {resident === undefined ? (
        <p className="empty">{say('choose')}</p>
      ) : (
        site && <Night resident={resident} day={day} timeZone={site.timeZone} />
      )}
    </Page>
  )
}

export default ReviewPage
