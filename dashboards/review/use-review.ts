/** What is asked of the gateway about one resident's day and night, with times as numbers. */
import { useQuery } from '@tanstack/react-query'
import type { z } from 'zod'
import type { ReviewView } from '../../gateway/api/review.ts'
import { get, query } from '../shell/api.ts'
import { dayAfter, noonOf } from './night.ts'

type Answer = z.infer<typeof ReviewView>
type ToldCurve = Answer['metrics'][number]
/** `at` as a number: a day has thousands of them, and they are asked for at each move of the cursor. */
export type Point = Omit<ToldCurve['points'][number], 'at'> & { readonly at: number }
export type Curve = Omit<ToldCurve, 'points'> & { readonly points: readonly Point[] }
export type Review = Omit<Answer, 'metrics'> & {
  readonly metrics: readonly Curve[]
  readonly start: number
  readonly end: number
}
export type Usual = Answer['baseline'][number]
export type Bound = Answer['thresholds'][number]
export type PastAlarm = Answer['alarms'][number]
export type Metric = Curve['metric']

const curveOf = (curve: ToldCurve): Curve => ({
  ...curve,
  points: curve.points.map(point => ({ ...point, at: Date.parse(point.at) })),
})

/** The day that is not over yet is asked for again this often. */
const renewMs = 60_000

/** @param day whose noon it begins with */
export const useReview = (resident: string | undefined, day: string, timeZone: string) =>
  useQuery({
    queryKey: ['review', resident, day, timeZone],
    enabled: resident !== undefined,
    refetchInterval: noonOf(dayAfter(day, 1), timeZone) > Date.now() && renewMs,
    queryFn: async ({ signal }): Promise<Review> => {
      const start = noonOf(day, timeZone)
      const end = noonOf(dayAfter(day, 1), timeZone)
      // What has not come yet is no gap.
      const until = Math.max(start + 1, Math.min(end, Date.now()))
      const span = query({ from: new Date(start).toISOString(), to: new Date(until).toISOString() })
      const review = await get<Answer>(`/api/residents/${resident}/review${span}`, { signal })
      return { ...review, metrics: review.metrics.map(curveOf), start, end }
    },
  })
