/** Figures by area and time, without anybody's name: indicators of a month, and how often devices and rules ring for nothing. */
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { causes } from '../model/alarm.ts'
import type { Refusal } from '../model/errors.ts'
import { AreaId, type Instant } from '../model/ids.ts'
import { seesClear } from '../model/personal.ts'
import { type FalseAlarms, type IndicatorRow, type Span, units, type View } from '../model/review.ts'
import { sees } from '../model/scope.ts'
import type { ApiApp, ApiPorts } from './app.ts'
import { principalOf, recordInSight } from './authenticate.ts'
import { byteOrderMark, csvLine } from './csv.ts'
import { tooFewHomes } from './few-homes.ts'
import { viewerOf } from './personal-view.ts'
import { problems, reading } from './problem.ts'
import { instantOf, Moment, momentOf, Shown } from './shapes.ts'
import { unseen } from './unseen.ts'

const dayMs = 86_400_000
/** More is refused. */
const longestMs = 92 * dayMs
const usualMs = 28 * dayMs

const area = AreaId.exactOptional().describe('With everything inside it; usually all that the caller sees')
const MonthQuery = z.strictObject({
  month: z
    .string()
    .regex(/^20\d\d-(0[1-9]|1[0-2])$/, 'such as 2026-10')
    .exactOptional()
    .describe('By local time; usually this one'),
  area,
})

const NameView = z.object({ zh: z.string(), en: z.string() })
const Ratio = z.object({ numerator: z.number(), denominator: z.number() })
const Row = z.object({
  id: z.string(),
  name: NameView,
  unit: z.enum(units),
  value: z.number().nullable().describe('null: there was nothing to count'),
  numerator: z.number(),
  denominator: z
    .number()
    .describe('A percentile of times (nearest rank) rests on `numerator` of so many alarms'),
  asOf: z.enum(['month', 'now']).describe('Of the alarms of the month, or of how things stand now'),
  target: z.number().optional(),
  source: z.string().optional(),
})
const seconds = z.number().nullable()
const Provider = z.object({
  point: z.string(),
  name: z.string(),
  alarms: z.int().describe('Calls, hazards and inferred alarms that it took or sent somebody to'),
  medianDispatchSeconds: seconds,
  medianArriveSeconds: seconds,
  p95ArriveSeconds: seconds,
  arrivedInTime: Ratio,
  resolved: z.int(),
  overdue: z.int(),
  satisfaction: Ratio.describe('Sum of the marks, 1 to 5, and how many there are'),
})
export const IndicatorsView = z
  .object({
    month: z.string(),
    area: z.string().nullable(),
    from: Shown,
    to: Shown,
    generatedAt: Shown,
    rows: z.array(Row),
    byProvider: z.array(Provider).describe('Most alarms first'),
    notMeasured: z.array(z.object({ id: z.string(), name: NameView, why: NameView })),
  })
  .meta({ id: 'Indicators' })

/** What the caller sees. Undefined area: all of it. */
const viewOf = (request: FastifyRequest, area: AreaId | undefined, { places }: ApiPorts): View => {
  const { scopes } = principalOf(request)
  const within = places.alarmsWithin(scopes)
  return {
    seesRecord: recordInSight(request, places),
    // An institution sees its own beds only, also where another one runs a bed in the same home.
    seesBed: ({ home, institution }) => sees(scopes, { ...places.ofHome(home), institutions: [institution] }),
    ...(area !== undefined && { area }),
    ...(within && { within }),
  }
}

const refusedFor = (request: FastifyRequest, area: AreaId | undefined, ports: ApiPorts) =>
  unseen(request, ports)('areas', area) ?? tooFewHomes(request, area, ports)

type MonthRequest = FastifyRequest<{ Querystring: z.infer<typeof MonthQuery> }>

const indicatorsFor = async (request: MonthRequest, ports: ApiPorts) => {
  const { month, area } = request.query
  return (
    refusedFor(request, area, ports) ?? (await ports.reviews.indicators(month, viewOf(request, area, ports)))
  )
}

const filtered = { access: { may: 'report:read', about: 'filtered' } } as const
const failures = problems(...reading, 'unknown-reference', 'too-busy')

const addIndicators = (app: ApiApp, ports: ApiPorts): void => {
  app.get(
    '/api/indicators',
    {
      config: filtered,
      schema: {
        tags: ['reports'],
        summary: 'The indicators of a month, each with what it was counted from',
        querystring: MonthQuery,
        response: { 200: IndicatorsView, ...failures },
      },
    },
    async request => {
      const found = await indicatorsFor(request, ports)
      if ('refused' in found) return found
      const { month, from, to, generatedAt, rows, byProvider, notMeasured } = found
      return {
        month,
        area: request.query.area ?? null,
        from: momentOf(from),
        to: momentOf(to),
        generatedAt: momentOf(generatedAt),
        rows: [...rows],
        byProvider: [...byProvider],
        notMeasured: [...notMeasured],
      }
    },
  )
}

const columns = {
  id: row => row.id,
  名称: row => row.name.zh,
  name: row => row.name.en,
  unit: row => row.unit,
  value: row => row.value,
  numerator: row => row.numerator,
  denominator: row => row.denominator,
  asOf: row => row.asOf,
  target: row => row.target ?? null,
  source: row => row.source ?? null,
} satisfies Readonly<Record<string, (row: IndicatorRow) => string | number | null>>

const csvType = 'text/csv'

const addTable = (app: ApiApp, ports: ApiPorts): void => {
  app.get(
    '/api/indicators.csv',
    {
      config: filtered,
      schema: {
        tags: ['reports'],
        summary: 'The same rows as a table. What begins like a formula has a quote before it',
        querystring: MonthQuery,
        response: {
          200: { description: 'CSV (RFC 4180), UTF-8', content: { [csvType]: { schema: z.any() } } },
          ...failures,
        },
      },
    },
    async (request, reply) => {
      const found = await indicatorsFor(request, ports)
      if ('refused' in found) return found
      const lines = found.rows.map(row => csvLine(Object.values(columns).map(column => column(row))))
      return reply
        .type(`${csvType}; charset=utf-8`)
        .header('content-disposition', `attachment; filename="indicators-${found.month}.csv"`)
        .send(`${byteOrderMark}${csvLine(Object.keys(columns))}${lines.join('')}`)
    },
  )
}

const outcomes = {
  closed: z.int().describe('Alarms that have ended, without tests of devices'),
  causes: z.record(z.enum(causes), z.int()),
  false: Ratio.extend({ share: z.number().nullable() }).describe(
    'accidental, sensor-false, away and nuisance, of all that ended otherwise than as `test`',
  ),
  watched: z.int().describe('What could have raised it, as the registry has it now'),
  falsePerWeek: z.number().nullable().describe('False alarms for each of these and week'),
}
export const FalseAlarmsView = z
  .object({
    from: Shown,
    to: Shown,
    area: z.string().nullable(),
    weeks: z.number(),
    byDevice: z
      .array(z.object({ device: z.string(), model: z.string(), ...outcomes }))
      .describe('Worst first; empty for who sees aggregates only'),
    isCut: z.boolean().describe('There were more devices than are shown'),
    byModel: z.array(z.object({ model: z.string(), ...outcomes })),
    byRule: z.array(
      z.object({
        rule: z.string().describe('What found it, or the kind that a device raised by itself'),
        per: z.enum(['device', 'home']).describe('What `watched` counts'),
        ...outcomes,
      }),
    ),
  })
  .meta({ id: 'FalseAlarms' })

const TimeQuery = z.strictObject({
  from: Moment.exactOptional().describe('Received from then on; usually four weeks before `to`'),
  to: Moment.exactOptional().describe('Up to, but without; usually now'),
  area,
})

const spanOf = (query: z.infer<typeof TimeQuery>, now: Instant): Span | Refusal => {
  const to = query.to === undefined ? now : instantOf(query.to)
  const from = query.from === undefined ? to - usualMs : instantOf(query.from)
  const refuse = (detail: string) => ({ refused: 'invalid-request', detail }) as const
  if (from >= to) return refuse('query /from: must be before `to`')
  return to - from > longestMs ? refuse('query /from: at most 92 days are reported at once') : { from, to }
}

/** A device is somebody's: whoever does not see who that is sees aggregates only. */
const shown = (report: FalseAlarms, request: FastifyRequest): FalseAlarms =>
  seesClear(viewerOf(request), 'identity') ? report : { ...report, byDevice: [], isCut: false }

const addFalseAlarms = (app: ApiApp, ports: ApiPorts): void => {
  app.get(
    '/api/reports/false-alarms',
    {
      config: filtered,
      schema: {
        tags: ['reports'],
        summary:
          'How alarms turned out, by device, model and rule, with rates for each device or home and week',
        querystring: TimeQuery,
        response: { 200: FalseAlarmsView, ...failures },
      },
    },
    async request => {
      const { area } = request.query
      const span = spanOf(request.query, ports.clock.now())
      if ('refused' in span) return span
      const refusal = refusedFor(request, area, ports)
      if (refusal) return refusal
      const report = await ports.reviews.falseAlarms(span, viewOf(request, area, ports))
      if ('refused' in report) return report
      const { from, to, weeks, byDevice, isCut, byModel, byRule } = shown(report, request)
      return {
        from: momentOf(from),
        to: momentOf(to),
        area: area ?? null,
        weeks,
        byDevice: [...byDevice],
        isCut,
        byModel: [...byModel],
        byRule: [...byRule],
      }
    },
  )
}

export const indicatorRoutes = (app: ApiApp, ports: ApiPorts): void => {
  addIndicators(app, ports)
  addTable(app, ports)
  addFalseAlarms(app, ports)
}
