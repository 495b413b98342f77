/** Reviews and reports put together from the stores, with the service levels that alarms are worked by. */
import { policyFor } from './alarm/policy.ts'
import { createLocalTime } from './kit/local-time.ts'
import type { Reviews } from './model/review.ts'
import { createReviews, type ReviewsPorts } from './review/reviews.ts'

export type ReviewsSources = Omit<ReviewsPorts, 'arrivalMsOf' | 'localTime'> & { readonly timeZone: string }

/** No timer of the settings has to do with arrival. */
const noTimers = { verificationMs: 0, acceptMs: 0, leaseMs: 0, followUpMs: 0 }

export const openReviews = ({ timeZone, ...sources }: ReviewsSources): Reviews =>
  createReviews({
    ...sources,
    localTime: createLocalTime(timeZone),
    arrivalMsOf: preset => policyFor('call', preset, noTimers).arrivalMs,
  })
