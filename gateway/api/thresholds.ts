/** The figures of detection, by preset and by resident: one implementation reads and changes both. */
import { z } from 'zod'
import {
  type EffectiveThresholds,
  presetLevels,
  type ThresholdChange,
  type ThresholdScope,
} from '../model/care.ts'
import { ResidentId } from '../model/ids.ts'
import { thresholdNames, thresholds } from '../model/thresholds.ts'
import type { ApiApp, ApiPorts } from './app.ts'
import type { RouteAccess } from './authenticate.ts'
import { byOf } from './by.ts'
import { problems, reading, writing } from './problem.ts'
import { ByView, momentOf, pageQuery, Shown } from './shapes.ts'

export const ThresholdView = z
  .object({
    name: z.string(),
    value: z.number().describe('What counts'),
    source: z.enum(['default', 'preset', 'resident']).describe('Where it comes from'),
    unit: z.string().describe('Times of day are minutes after midnight; yes and no are 1 and 0'),
    min: z.number(),
    max: z.number(),
    default: z.number(),
    ground: z.string().describe('Why the default is what it is'),
  })
  .meta({ id: 'Threshold' })

export const ThresholdChangeView = z
  .object({
    name: z.string(),
    before: z.number().nullable(),
    after: z.number().nullable().describe('null: taken back'),
    by: ByView,
    at: Shown,
    why: z.string(),
  })
  .meta({ id: 'ThresholdChange' })

/** More than there are thresholds: what is misspelt is named, but not without end. */
const mostValues = 100

const Change = z.strictObject({
  values: z
    .record(z.string().max(64), z.number().nullable())
    .refine(values => Object.keys(values).length <= mostValues, `at most ${mostValues}`)
    .describe('All of them or none; null takes a figure back'),
  why: z.string().min(1).max(500),
})

const view = (effective: EffectiveThresholds): z.infer<typeof ThresholdView>[] =>
  thresholdNames.map(name => {
    const { unit, min, max, value, ground } = thresholds[name]
    return { name, ...effective[name], unit, min, max, default: value, ground }
  })

const changeView = ({ by: { id, name }, at, ...change }: ThresholdChange) => ({
  ...change,
  by: { id, name },
  at: momentOf(at),
})

/** The parameters of a path and what they name. */
const residentParams = z.object({ id: ResidentId }).transform(({ id }) => ({ resident: id }))
const presetParams = z
  .object({
    level: z
      .string()
      .regex(/^[0-4]$/)
      .transform(Number)
      .pipe(z.literal(presetLevels)),
  })
  .transform(({ level }) => ({ preset: level }))

type Resource = {
  readonly path: string
  readonly what: string
  readonly params: z.ZodType<ThresholdScope>
  readonly reader: RouteAccess
  readonly changer: RouteAccess
}

const resources: readonly Resource[] = [
  {
    path: '/api/residents/:id',
    what: 'a resident',
    params: residentParams,
    reader: { may: 'care:read', about: { kind: 'residents', named: 'id' } },
    changer: { may: 'care:write', about: { kind: 'residents', named: 'id' } },
  },
  {
    path: '/api/presets/:level',
    what: 'a level of ability (GB/T 42195-2022)',
    params: presetParams,
    reader: { may: 'rules:read', about: 'common' },
    changer: { may: 'preset:write', about: 'everything' },
  },
]

const Answer = z.object({ items: z.array(ThresholdView) })

const isUnknown = (scope: ThresholdScope, { registry }: ApiPorts): boolean =>
  'resident' in scope && !registry.get('residents', scope.resident)
const notFound = { refused: 'not-found' as const }

const answerFor = (scope: ThresholdScope, { care }: ApiPorts): z.infer<typeof Answer> => ({
  items: view('resident' in scope ? care.explain(scope.resident) : care.preset(scope.preset)),
})

const addReading = (app: ApiApp, ports: ApiPorts, { path, what, params, reader }: Resource): void => {
  app.get(
    `${path}/thresholds`,
    {
      config: { access: reader },
      schema: {
        tags: ['care'],
        summary: `Every threshold of ${what}, and where it comes from`,
        params,
        response: { 200: Answer, ...problems(...reading, 'not-found') },
      },
    },
    async ({ params: scope }) => (isUnknown(scope, ports) ? notFound : answerFor(scope, ports)),
  )

  app.get(
    `${path}/thresholds/history`,
    {
      config: { access: reader },
      schema: {
        tags: ['care'],
        summary: `Who changed which threshold of ${what}, when and why, newest first`,
        params,
        querystring: z.strictObject({ limit: pageQuery.limit }),
        response: {
          200: z.object({ items: z.array(ThresholdChangeView) }),
          ...problems(...reading, 'not-found'),
        },
      },
    },
    async ({ params: scope, query }) =>
      isUnknown(scope, ports) ? notFound : { items: ports.care.history(scope, query.limit).map(changeView) },
  )
}

const addChanging = (app: ApiApp, ports: ApiPorts, { path, what, params, changer }: Resource): void => {
  app.patch(
    `${path}/thresholds`,
    {
      config: { access: changer },
      schema: {
        tags: ['care'],
        summary: `Change thresholds of ${what}, all or none, and say why`,
        params,
        body: Change,
        response: {
          200: Answer,
          ...problems(...writing, 'not-found', 'invalid-thresholds', 'journal-unavailable'),
        },
      },
    },
    async request => {
      const { params: scope, body } = request
      if (isUnknown(scope, ports)) return notFound
      const changed = ports.care.change(scope, body.values, { by: byOf(request), why: body.why })
      return 'refused' in changed ? changed : answerFor(scope, ports)
    },
  )
}

export const thresholdRoutes = (app: ApiApp, ports: ApiPorts): void => {
  for (const resource of resources) {
    addReading(app, ports, resource)
    addChanging(app, ports, resource)
  }
}
