/** Nobody is at home: for how long, who said so, and who was away before. */
import { z } from 'zod'
import { type Absence, type AbsenceChange, absenceReasons } from '../model/care.ts'
import type { Refusal } from '../model/errors.ts'
import { HomeId } from '../model/ids.ts'
import type { ApiApp, ApiPorts } from './app.ts'
import { byOf } from './by.ts'
import { problems, reading, writing } from './problem.ts'
import { ByView, instantOf, Moment, momentOf, Shown } from './shapes.ts'

const AbsenceView = z
  .object({ reason: z.enum(absenceReasons), from: Shown, until: Shown, by: ByView })
  .meta({ id: 'Absence' })

export const HomeAbsences = z.object({
  absence: AbsenceView.nullable().describe('null: nobody is known to be away'),
  history: z
    .array(
      z.object({
        absence: AbsenceView.nullable().describe('null: the one before was ended early'),
        by: ByView,
        at: Shown,
      }),
    )
    .describe('Newest first, at most 50'),
})

const absenceView = ({ reason, from, until, by: { id, name } }: Absence): z.infer<typeof AbsenceView> => ({
  reason,
  from: momentOf(from),
  until: momentOf(until),
  by: { id, name },
})

const historyShown = 50

const historyView = ({ absence, by: { id, name }, at }: AbsenceChange) => ({
  absence: absence && absenceView(absence),
  by: { id, name },
  at: momentOf(at),
})

const home = { kind: 'homes', named: 'id' } as const
const reader = { access: { may: 'care:read', about: home } } as const
const config = { access: { may: 'absence:write', about: home } } as const
const params = z.object({ id: HomeId })

const answerFor = (
  home: HomeId,
  { care, clock, registry }: ApiPorts,
): z.infer<typeof HomeAbsences> | Refusal => {
  if (!registry.get('homes', home)) return { refused: 'not-found', detail: `there is no home ${home}` }
  const absence = care.absence(home, clock.now())
  return {
    absence: absence ? absenceView(absence) : null,
    history: care.absenceHistory(home, historyShown).map(historyView),
  }
}

const addSetting = (app: ApiApp, ports: ApiPorts): void => {
  const { care, clock } = ports
  app.put(
    '/api/homes/:id/absence',
    {
      config,
      schema: {
        tags: ['care'],
        summary: 'Nobody is at home, from now on: pauses inactivity rules, until its end or a press',
        params,
        body: z.strictObject({ reason: z.enum(absenceReasons), until: Moment }),
        response: {
          200: HomeAbsences,
          ...problems(...writing, 'not-found', 'invalid-absence', 'journal-unavailable'),
        },
      },
    },
    async request => {
      const { id: home } = request.params
      const { reason, until } = request.body
      const before = answerFor(home, ports)
      if ('refused' in before) return before
      const set = care.setAbsence(home, {
        reason,
        from: clock.now(),
        until: instantOf(until),
        by: byOf(request),
      })
      return 'refused' in set ? set : answerFor(home, ports)
    },
  )
}

const addEnding = (app: ApiApp, { care }: ApiPorts): void => {
  app.delete(
    '/api/homes/:id/absence',
    {
      config,
      schema: {
        tags: ['care'],
        summary: 'Somebody is back at home',
        params,
        response: { 204: z.undefined(), ...problems(...writing, 'not-found', 'journal-unavailable') },
      },
    },
    async (request, reply) => {
      if (!care.endAbsence(request.params.id, byOf(request))) {
        return { refused: 'not-found' as const, detail: 'nobody is known to be away' }
      }
      return reply.code(204).send()
    },
  )
}

export const absenceRoutes = (app: ApiApp, ports: ApiPorts): void => {
  app.get(
    '/api/homes/:id/absence',
    {
      config: reader,
      schema: {
        tags: ['care'],
        summary: 'Is anybody away, and who was',
        params,
        response: { 200: HomeAbsences, ...problems(...reading, 'not-found') },
      },
    },
    async request => answerFor(request.params.id, ports),
  )
  addSetting(app, ports)
  addEnding(app, ports)
}
