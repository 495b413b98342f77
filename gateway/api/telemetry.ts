/** What sensors measured, as curves. Not a medical device: figures for review, not for diagnosis. */
import { z } from 'zod'
import type { Refusal } from '../model/errors.ts'
import { DeviceId, type Instant } from '../model/ids.ts'
import { metricNamePattern, metricNames, metrics } from '../model/measurement.ts'
import type { SeriesQuery } from '../model/telemetry.ts'
import type { ApiApp, ApiPorts } from './app.ts'
import { withoutConsent } from './family-consent.ts'
import { problems, reading } from './problem.ts'
import { seriesText } from './series-text.ts'
import { instantOf, Moment, Shown } from './shapes.ts'

const secondMs = 1_000
const minuteMs = 60 * secondMs
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
const units: ReadonlyMap<string | undefined, number> = new Map([
  [undefined, secondMs],
  ['s', secondMs],
  ['m', minuteMs],
  ['h', hourMs],
  ['d', dayMs],
])

/** More would be a file, not a curve: refused. */
const mostPoints = 50_000
/** As many as a wide screen shows apart. */
const usualPoints = 1_500
const usualSteps = [secondMs, 10 * secondMs, minuteMs, 5 * minuteMs, 15 * minuteMs, hourMs, 6 * hourMs, dayMs]

const stepPattern = /^([1-9]\d{0,7})([smhd])?$/
const stepOf = (every: string): number => {
  const [, number, unit] = stepPattern.exec(every) ?? []
  return Number(number) * (units.get(unit) ?? secondMs)
}

/** Points begin at multiples of their width. */
const pointsBetween = (from: Instant, to: Instant, everyMs: number): number =>
  Math.ceil(to / everyMs) - Math.floor(from / everyMs)

/** Strict: a misspelt bound must not answer another time than was asked. */
const Query = z.strictObject({
  device: DeviceId,
  metric: z.string().regex(metricNamePattern, 'a letter, then letters, digits and "_", at most 32'),
  from: Moment.exactOptional().describe('From then on; usually a day before `to`'),
  to: Moment.exactOptional().describe('Up to, but without; usually now'),
  every: z
    .string()
    .regex(stepPattern, 'such as 30s, 1m, 5m, 1h, 1d, or seconds')
    .exactOptional()
    .describe(
      `Width of a point: 30s, 1m, 5m, 1h, 1d, or seconds. Usually what gives ${usualPoints} or fewer`,
    ),
})

const seriesQuery = (query: z.infer<typeof Query>, now: Instant): SeriesQuery | Refusal => {
  const to = query.to === undefined ? now : instantOf(query.to)
  const from = query.from === undefined ? to - dayMs : instantOf(query.from)
  if (from >= to) return { refused: 'invalid-request', detail: 'query /from: must be before `to`' }
  const everyMs =
    query.every === undefined
      ? (usualSteps.find(step => pointsBetween(from, to, step) <= usualPoints) ?? dayMs)
      : stepOf(query.every)
  const points = pointsBetween(from, to, everyMs)
  if (points > mostPoints) {
    const detail = `query /every: this would be ${points} points; at most ${mostPoints} are answered at once`
    return { refused: 'invalid-request', detail }
  }
  return { device: query.device, metric: query.metric, from, to, everyMs }
}

const Point = z.object({ at: Shown, min: z.number(), mean: z.number(), max: z.number(), count: z.int() })
export const Series = z.object({ everySeconds: z.number(), series: z.array(Point) })
/** Handlers answer the text of it: thousands of points take too long any other way. */
const SeriesOrText: z.ZodType<z.infer<typeof Series> | string> = Series

const addSeries = (app: ApiApp, ports: ApiPorts): void => {
  const { registry, telemetry, clock } = ports
  app.get(
    '/api/telemetry',
    {
      config: {
        access: { may: 'telemetry:read', about: { kind: 'devices', named: 'device', in: 'query' } },
      },
      schema: {
        tags: ['telemetry'],
        summary:
          'What a device measured. A time without a sample has no point; an unknown metric has none at all',
        querystring: Query,
        response: {
          200: SeriesOrText,
          ...problems(...reading, 'no-consent', 'not-found', 'telemetry-unavailable'),
        },
      },
    },
    async (request, reply) => {
      const query = seriesQuery(request.query, clock.now())
      if ('refused' in query) return query
      const { device, everyMs } = query
      const record = registry.get('devices', device)
      if (!record) return { refused: 'not-found' as const, detail: `there is no device ${device}` }
      const unconsented = withoutConsent(request, record.resident, ports)
      if (unconsented) return unconsented
      try {
        const text = seriesText(everyMs, await telemetry.query(query))
        reply.type('application/json')
        return text
      } catch (error) {
        // A disk or a database of others: calls go on without it.
        request.log.error({ err: error }, 'telemetry could not be read')
        return { refused: 'telemetry-unavailable' as const }
      }
    },
  )
}

const Metric = z.object({
  name: z.string(),
  unit: z.string(),
  min: z.number(),
  max: z.number(),
  meaning: z.string(),
})

export const telemetryRoutes = (app: ApiApp, ports: ApiPorts): void => {
  addSeries(app, ports)
  app.get(
    '/api/telemetry/metrics',
    {
      config: { access: { may: 'rules:read', about: 'common' } },
      schema: {
        tags: ['telemetry'],
        summary: 'The metrics with a meaning; devices may send others under names of their own',
        response: { 200: z.object({ items: z.array(Metric) }), ...problems(...reading) },
      },
    },
    async () => ({ items: metricNames.map(name => ({ name, ...metrics[name] })) }),
  )
}
