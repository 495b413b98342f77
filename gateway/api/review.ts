/** What was: a resident's days and nights, and the last hours of a home. Not a medical device: for review, not diagnosis. */
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { alarmStates, causes, isOpen } from '../model/alarm.ts'
import type { Refusal } from '../model/errors.ts'
import { AlarmId, HomeId, type Instant, ResidentId } from '../model/ids.ts'
import { priorities } from '../model/kinds.ts'
import { metrics } from '../model/measurement.ts'
import { maskFields, seesClear } from '../model/personal.ts'
import { ResidentRecord } from '../model/records.ts'
import {
  type Curve,
  type HomeStrip,
  type PastAlarm,
  type ResidentReview,
  type ReviewStep,
  reviewedMetrics,
  reviewSteps,
  type Span,
  type StripDevice,
} from '../model/review.ts'
import { Kind } from './alarm-view.ts'
import type { ApiApp, ApiPorts } from './app.ts'
import { inSight } from './authenticate.ts'
import { withoutConsent } from './family-consent.ts'
import { viewerOf } from './personal-view.ts'
import { problems, reading } from './problem.ts'
import { instantOf, Moment, momentOf, momentOrNull, Shown } from './shapes.ts'

const dayMs = 86_400_000
/** More is refused: reviews are by nights and weeks. */
const longestMs = 31 * dayMs
/** Of each curve; more is refused, as no screen shows them apart. */
const mostPoints = 1_500
const widthMs: Readonly<Record<ReviewStep, number>> = {
  '1m': 60_000,
  '5m': 300_000,
  '15m': 900_000,
  '1h': 3_600_000,
}

const Query = z.strictObject({
  from: Moment.exactOptional().describe('From then on; usually a day before `to`'),
  to: Moment.exactOptional().describe('Up to, but without; usually now'),
  every: z
    .enum(reviewSteps)
    .exactOptional()
    .describe(`Width of a point; usually the least that gives ${mostPoints} or fewer`),
})

type Asked = { readonly span: Span; readonly step: ReviewStep }

const askedBy = (query: z.infer<typeof Query>, now: Instant): Asked | Refusal => {
  const to = query.to === undefined ? now : instantOf(query.to)
  const from = query.from === undefined ? to - dayMs : instantOf(query.from)
  const refuse = (detail: string) => ({ refused: 'invalid-request', detail }) as const
  if (from >= to) return refuse('query /from: must be before `to`')
  if (to - from > longestMs) return refuse('query /from: at most 31 days are reviewed at once')
  const fits = (step: ReviewStep): boolean => (to - from) / widthMs[step] <= mostPoints
  const step = query.every ?? reviewSteps.find(fits) ?? '1h'
  if (!fits(step)) return refuse(`query /every: at most ${mostPoints} points of a curve are answered at once`)
  return { span: { from, to }, step }
}

const SpanView = z.object({ from: Shown, to: Shown })
const Metric = z.enum(reviewedMetrics)
const Point = z.object({ at: Shown, min: z.number(), mean: z.number(), max: z.number(), count: z.int() })
const PastAlarmView = z.object({
  id: z.string(),
  kind: Kind,
  priority: z.enum(priorities),
  state: z.enum(alarmStates),
  raisedAt: Shown,
  device: z.string().nullable(),
  cause: z.enum(causes).nullable(),
})

export const ReviewView = SpanView.extend({
  resident: z.object({ id: z.string(), name: z.string() }),
  everyMs: z.int(),
  notMedicalDevice: z.literal(true),
  metrics: z.array(
    z.object({
      device: z.string(),
      room: z.string().nullable(),
      metric: Metric,
      unit: z.string(),
      points: z.array(Point).describe('A time without a sample has no point'),
      gaps: z.array(SpanView).describe('Without a sample for as long as the device may be silent, or longer'),
    }),
  ),
  bed: z.array(
    SpanView.extend({ inBed: z.boolean().nullable().describe('null: a gap, no sensor said anything') }),
  ),
  thresholds: z
    .array(
      z.object({
        metric: Metric,
        level: z.enum(priorities).describe('Of the alarm beyond it'),
        low: z.number().optional(),
        high: z.number().optional(),
        source: z.enum(['default', 'preset', 'resident']),
      }),
    )
    .describe('Of rules that are on'),
  alarms: z.array(PastAlarmView).describe('Newest first, without technical ones and tests'),
  isCut: z.boolean().describe('There were more alarms than are shown'),
  baseline: z
    .array(
      z.object({
        metric: z.enum([...reviewedMetrics, 'inBed']),
        minuteOfDay: z.int().describe('Local; of the quarter of an hour that begins then'),
        low: z.number().describe('10th percentile of the means of this quarter (nearest rank)'),
        median: z.number(),
        high: z.number().describe('90th percentile'),
        nights: z.int().describe('On how many it rests; a night without a sample is none'),
      }),
    )
    .describe('Of the 14 nights before `from`'),
}).meta({ id: 'ResidentReview' })

const spanView = ({ from, to }: Span) => ({ from: momentOf(from), to: momentOf(to) })

const pastAlarmView = ({ raisedAt, device, cause, ...alarm }: PastAlarm) => ({
  ...alarm,
  raisedAt: momentOf(raisedAt),
  device: device ?? null,
  cause: cause ?? null,
})

const curveView = ({ device, room, metric, points, gaps }: Curve) => ({
  device,
  room: room ?? null,
  metric,
  unit: metrics[metric].unit,
  points: points.map(point => ({ ...point, at: momentOf(point.at) })),
  gaps: gaps.map(spanView),
})

const reviewView = (review: ResidentReview, resident: { id: string; name: string }) => ({
  ...spanView(review),
  resident,
  everyMs: review.everyMs,
  notMedicalDevice: true as const,
  metrics: review.metrics.map(curveView),
  bed: review.bed.map(({ inBed, ...span }) => ({ ...spanView(span), inBed })),
  thresholds: [...review.thresholds],
  alarms: review.alarms.map(pastAlarmView),
  isCut: review.isCut,
  baseline: [...review.baseline],
})

const addReview = (app: ApiApp, ports: ApiPorts): void => {
  app.get(
    '/api/residents/:id/review',
    {
      config: { access: { may: 'telemetry:read', about: { kind: 'residents', named: 'id' } } },
      schema: {
        tags: ['review'],
        summary:
          'Days and nights of a resident: curves with their gaps, bed, thresholds, alarms, what is usual',
        params: z.object({ id: ResidentId }),
        querystring: Query,
        response: {
          200: ReviewView,
          ...problems(...reading, 'no-consent', 'not-found', 'telemetry-unavailable'),
        },
      },
    },
    async request => {
      const resident = ports.registry.get('residents', request.params.id)
      if (!resident) return { refused: 'not-found' as const }
      const unconsented = withoutConsent(request, resident.id, ports)
      if (unconsented) return unconsented
      const asked = askedBy(request.query, ports.clock.now())
      if ('refused' in asked) return asked
      const { name } = { name: '', ...maskFields(ResidentRecord, { name: resident.name }, viewerOf(request)) }
      try {
        const review = await ports.reviews.resident(resident.id, asked.span, asked.step)
        return 'refused' in review ? review : reviewView(review, { id: resident.id, name })
      } catch (err) {
        // A disk or a database of others: calls go on without it.
        request.log.error({ err }, 'a review could not be read')
        return { refused: 'telemetry-unavailable' as const }
      }
    },
  )
}

/** Pairs of a bin and how often. */
const Count = z.array(z.tuple([z.int(), z.int()]))
export const StripView = SpanView.extend({
  binMinutes: z.number(),
  bins: z.int(),
  devices: z.array(
    z.object({
      id: z.string(),
      model: z.string(),
      room: z.string().nullable(),
      lastSeenAt: Shown.nullable().describe('null: never heard of'),
      bed: z
        .array(z.union([z.literal(1), z.literal(0), z.null()]))
        .optional()
        .describe('By bin: 1 in bed, 0 not, null unknown; absent: it is no bed sensor'),
      movement: z.array(z.number().nullable()).optional().describe('By bin, 0 to 1; null unknown'),
      events: z
        .object({
          press: Count.optional(),
          door: Count.optional(),
          motion: Count.optional(),
          bed: Count.optional(),
        })
        .describe('By what happened: pairs of a bin and how often, bins without any left out'),
    }),
  ),
  alarms: z.array(PastAlarmView).describe('Newest first, then older ones that are still open; without tests'),
  isMasked: z.boolean().describe('What tells of health is left out: alarms and last signs of life only'),
  isCut: z.boolean().describe('There are more devices or alarms than are shown'),
  isUnread: z.boolean().describe('Measurements could not be read: what is unknown may only be unread'),
}).meta({ id: 'HomeStrip' })

const laneView = ({ room, lastSeenAt, bed, movement, events, ...device }: StripDevice) => ({
  ...device,
  room: room ?? null,
  lastSeenAt: momentOrNull(lastSeenAt),
  ...(bed && { bed: [...bed] }),
  ...(movement && { movement: [...movement] }),
  events: Object.fromEntries(
    Object.entries(events).map(([what, bins]) => [
      what,
      bins.map(([bin, count]): [number, number] => [bin, count]),
    ]),
  ),
})

const stripView = (strip: HomeStrip, isMasked: boolean): z.infer<typeof StripView> => ({
  ...spanView(strip),
  binMinutes: strip.binMs / 60_000,
  bins: (strip.to - strip.from) / strip.binMs,
  devices: strip.devices.map(laneView),
  alarms: strip.alarms.map(pastAlarmView),
  isMasked,
  isCut: strip.isCut,
  isUnread: strip.isUnread,
})

const Hours = z.strictObject({ hours: z.coerce.number().int().min(1).max(48).default(24) })
const stripOf = async (
  request: FastifyRequest<{ Querystring: z.infer<typeof Hours> }>,
  home: HomeId,
  ports: ApiPorts,
) => {
  // Sensors tell of everybody who lives there: relatives are shown it when all of them have agreed.
  const isAgreed = ports.places
    .ofHome(home)
    .residents.every(resident => withoutConsent(request, resident, ports) === undefined)
  const health = isAgreed && seesClear(viewerOf(request), 'health')
  return stripView(await ports.reviews.strip(home, { hours: request.query.hours, health }), !health)
}

const addStrip = (app: ApiApp, ports: ApiPorts): void => {
  app.get(
    '/api/homes/:id/strip',
    {
      config: { access: { may: 'alarm:read', about: { kind: 'homes', named: 'id' } }, isCounted: true },
      schema: {
        tags: ['review'],
        summary: 'The last hours of a home at one look: bed, movement, doors, presses, alarms',
        params: z.object({ id: HomeId }),
        querystring: Hours,
        response: { 200: StripView, ...problems(...reading, 'not-found') },
      },
    },
    async request => {
      const { id } = request.params
      return ports.registry.get('homes', id) ? stripOf(request, id, ports) : { refused: 'not-found' as const }
    },
  )
}

/** For who is bound to a point, to which no home belongs: an open alarm leads there, and only that. */
const addStripOfAlarm = (app: ApiApp, ports: ApiPorts): void => {
  app.get(
    '/api/alarms/:id/strip',
    {
      config: { access: { may: 'alarm:read', about: { kind: 'alarms', named: 'id' } }, isCounted: true },
      schema: {
        tags: ['review'],
        summary: 'The same of the home of an open alarm, for whoever sees the alarm',
        params: z.object({ id: AlarmId }),
        querystring: Hours,
        response: {
          200: StripView,
          ...problems(...reading, 'alarm-not-found', 'not-found', 'already-resolved'),
        },
      },
    },
    async request => {
      const alarm = await ports.alarm(request.params.id)
      if (!alarm) return { refused: 'alarm-not-found' as const }
      const { home } = alarm.location
      if (home === undefined || !ports.registry.get('homes', home))
        return { refused: 'not-found' as const, detail: 'nobody knows the home' }
      if (!isOpen(alarm.state) && !inSight(request)(ports.places.ofHome(home)))
        return { refused: 'already-resolved' as const }
      return stripOf(request, home, ports)
    },
  )
}

export const reviewRoutes = (app: ApiApp, ports: ApiPorts): void => {
  addReview(app, ports)
  addStrip(app, ports)
  addStripOfAlarm(app, ports)
}
