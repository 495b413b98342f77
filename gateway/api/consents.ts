/** What a resident has agreed to: as it stands, and how it came to that. */
import { z } from 'zod'
import type { Refusal } from '../model/errors.ts'
import { ResidentId } from '../model/ids.ts'
import { type Consent, consentPurposes } from '../model/vault.ts'
import type { ApiApp, ApiPorts } from './app.ts'
import { byOf } from './by.ts'
import { problems, reading, writing } from './problem.ts'
import { ByView, instantOf, Moment, momentOf, momentOrNull, Shown } from './shapes.ts'

const purpose = z.enum(consentPurposes)

export const ConsentView = z
  .object({
    purpose: purpose.describe(
      'monitoring: being watched at all; health: vital signs; family: shown to relatives; emergency-services: 代呼协议',
    ),
    given: z.boolean(),
    at: Shown,
    by: ByView.describe('Who wrote it down'),
    document: z.string().nullable().describe('Where the signed paper lies'),
    until: Shown.nullable().describe('It ends by itself'),
  })
  .meta({ id: 'Consent' })

const consentView = ({ at, by, document, until, ...consent }: Consent): z.infer<typeof ConsentView> => ({
  purpose: consent.purpose,
  given: consent.given,
  at: momentOf(at),
  by: { id: by.id, name: by.name },
  document: document ?? null,
  until: momentOrNull(until),
})

const Given = z.strictObject({
  purpose,
  given: z.boolean().describe('false: refused or withdrawn'),
  document: z.string().min(1).max(200).exactOptional(),
  until: Moment.exactOptional(),
})

const path = '/api/residents/:id/consents'
const about = { kind: 'residents', named: 'id' } as const
const params = z.object({ id: ResidentId })

const missing = (id: ResidentId, { registry }: ApiPorts): Refusal | undefined =>
  registry.get('residents', id) ? undefined : { refused: 'not-found', detail: `there is no resident ${id}` }

const addReading = (app: ApiApp, ports: ApiPorts): void => {
  const { consents, clock } = ports
  app.get(
    path,
    {
      config: { access: { may: 'consent:read', about } },
      schema: {
        tags: ['privacy'],
        summary: 'What the resident has agreed to, by purpose, and every word about it',
        params,
        response: {
          200: z.object({
            items: z
              .array(ConsentView)
              .describe('The latest of each purpose; one that has ended is not given'),
            history: z.array(ConsentView).describe('Oldest first'),
          }),
          ...problems(...reading, 'not-found'),
        },
      },
    },
    async ({ params: { id } }) =>
      missing(id, ports) ?? {
        items: consents.of(id, clock.now()).map(consentView),
        history: consents.history(id).map(consentView),
      },
  )
}

const addWriting = (app: ApiApp, ports: ApiPorts): void => {
  const { consents, registry, clock } = ports
  app.post(
    path,
    {
      config: { access: { may: 'consent:write', about } },
      schema: {
        tags: ['privacy'],
        summary: 'The resident has agreed to something, or does no longer',
        description:
          'A call is never stopped by it: who presses has asked for help, and to save a life needs no consent (PIPL 13(4)). Without `monitoring` no bed of the resident can be enabled.',
        params,
        body: Given,
        response: {
          201: ConsentView,
          ...problems(...writing, 'not-found', 'resident-erased', 'journal-unavailable'),
        },
      },
    },
    async (request, reply) => {
      const { id: resident } = request.params
      const refused = missing(resident, ports)
      if (refused) return refused
      if (registry.get('residents', resident)?.erasedAt) return { refused: 'resident-erased' as const }
      const { until, ...given } = request.body
      const consent: Consent = {
        ...given,
        resident,
        at: clock.now(),
        by: byOf(request),
        ...(until !== undefined && { until: instantOf(until) }),
      }
      return consents.record(consent) ?? reply.code(201).send(consentView(consent))
    },
  )
}

export const consentRoutes = (app: ApiApp, ports: ApiPorts): void => {
  addReading(app, ports)
  addWriting(app, ports)
}
