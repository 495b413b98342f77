/** Reviews and reports put together from the stores, with the service levels that alarms are worked by. */
import { arrivalMsOf } from './alarm/policy.ts'
import { createLocalTime } from './kit/local-time.ts'
import type { Reviews } from './model/review.ts'
import { createReviews, type ReviewsPorts } from './review/reviews.ts'

export type ReviewsSources = Omit<ReviewsPorts, 'arrivalMsOf' | 'localTime'> & { readonly timeZone: string }

export const openReviews = ({ timeZone, ...sources }: ReviewsSources): Reviews =>
  createReviews({
    ...sources,
    localTime: createLocalTime(timeZone),
    arrivalMsOf,
  })
