import { useQuery } from '@tanstack/react-query'
import type { z } from 'zod'
import type { ReviewView } from '../../gateway/api/review.ts'
import type { ResidentRecord } from '../../gateway/model/records.ts'
import { Notice } from '../kit/notice.tsx'
import { ProblemNotice } from '../kit/problem-notice.tsx'
import { ApiProblem, get, query } from '../shell/api.ts'
import { momentText, numberText } from '../words/format.ts'
import { words } from '../words/words.ts'

const useSay = words('family-vitals', {
  zh: {
    title: '最近的监测',
    heartRate: '心率',
    respirationRate: '呼吸',
    movement: '体动',
    bed: '在床',
    inBed: '在床上',
    notInBed: '不在床上',
    none: '最近一小时没有监测数据',
    notMedical: '非医疗器械，仅供参考',
    noConsent: '老人尚未同意向家属展示健康数据。如需查看，请与老人商量，由服务站登记同意',
  },
  en: {
    title: 'Measured of late',
    heartRate: 'Heart rate',
    respirationRate: 'Respiration',
    movement: 'Movement',
    bed: 'Bed',
    inBed: 'in bed',
    notInBed: 'not in bed',
    none: 'Nothing was measured in the last hour',
    notMedical: 'Not a medical device: for orientation only',
    noConsent:
      'Your relative has not agreed that the family sees health data. Talk it over; the service point writes an agreement down',
  },
})

type Review = z.infer<typeof ReviewView>

const hourMs = 3_600_000
const renewMs = 60_000

const load = (resident: string, signal: AbortSignal): Promise<Review> => {
  const from = new Date(Date.now() - hourMs).toISOString()
  return get<Review>(`/api/residents/${resident}/review${query({ from, every: '1m' })}`, { signal })
}

const isWithheld = (error: unknown): boolean =>
  error instanceof ApiProblem && error.problem.code === 'no-consent'

const Figures = ({ review: { metrics, bed } }: { readonly review: Review }) => {
  const say = useSay()
  const latest = metrics.flatMap(({ metric, unit, points, device }) => {
    const point = points.at(-1)
    return point ? [{ key: `${device} ${metric}`, metric, unit, point }] : []
  })
  const inBed = bed.at(-1)?.inBed ?? null
  if (latest.length === 0 && inBed === null) return <p>{say('none')}</p>
  return (
    <dl className="family-facts">
      {inBed !== null && (
        <div>
          <dt>{say('bed')}</dt>
          <dd>{say(inBed ? 'inBed' : 'notInBed')}</dd>
        </div>
      )}
      {latest.map(({ key, metric, unit, point }) => (
        <div key={key}>
          <dt>{say(metric)}</dt>
          <dd>
            <strong>{numberText(point.mean)}</strong> {unit}{' '}
            <span className="quiet">{momentText(point.at)}</span>
          </dd>
        </div>
      ))}
    </dl>
  )
}

export const FamilyVitals = ({ resident: { id } }: { readonly resident: ResidentRecord }) => {
  const say = useSay()
  const { data, error } = useQuery({
    queryKey: ['family-vitals', id],
    queryFn: ({ signal }) => load(id, signal),
    refetchInterval: renewMs,
  })
  return (
    <section className="stack">
      <h3>{say('title')}</h3>
      {isWithheld(error) ? <Notice>{say('noConsent')}</Notice> : <ProblemNotice error={error} />}
      {data && (
        <>
          <Figures review={data} />
          <p className="quiet">{say('notMedical')}</p>
        </>
      )}
    </section>
  )
}
