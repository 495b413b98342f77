/** What detection looks for, with the figures that count where nobody has set others. */
import { z } from 'zod'
import { type RuleFacts, ruleNames } from '../model/detection.ts'
import { thresholds } from '../model/thresholds.ts'
import { Kind } from './alarm-view.ts'
import type { ApiApp, ApiPorts } from './app.ts'
import { problems, reading } from './problem.ts'

export const RuleView = z
  .object({
    rule: z.enum(ruleNames),
    kind: Kind.nullable().describe('The alarm that it raises. null: none, the technician’s list only'),
    scope: z.enum(['device', 'home']).describe('What it watches'),
    what: z.string(),
    levels: z.string().describe('In the order in which they are reached'),
    thresholds: z.array(
      z.object({
        name: z.string(),
        default: z.number(),
        min: z.number(),
        max: z.number(),
        unit: z.string(),
        ground: z.string(),
      }),
    ),
  })
  .meta({ id: 'Rule' })

const view = ({
  rule,
  kind,
  scope,
  what,
  levels,
  thresholds: names,
}: RuleFacts): z.infer<typeof RuleView> => ({
  rule,
  kind: kind ?? null,
  scope,
  what,
  levels,
  thresholds: names.map(name => {
    const { value, min, max, unit, ground } = thresholds[name]
    return { name, default: value, min, max, unit, ground }
  }),
})

export const ruleRoutes = (app: ApiApp, { rules }: ApiPorts): void => {
  app.get(
    '/api/detection/rules',
    {
      config: { access: { may: 'rules:read', about: 'common' } },
      schema: {
        tags: ['care'],
        summary: 'The rules of detection and the default figures of each',
        response: { 200: z.object({ items: z.array(RuleView) }), ...problems(...reading) },
      },
    },
    async () => ({ items: rules.map(view) }),
  )
}
