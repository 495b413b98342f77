/** What residents may ask for: all that is kept about them, or that it goes (PIPL art. 45, 47). */
import { z } from 'zod'
import { DeviceId, HomeId, ResidentId } from '../model/ids.ts'
import type { ApiApp, ApiPorts } from './app.ts'
import { byOf } from './by.ts'
import { problems, writing } from './problem.ts'
import { unrecorded } from './trail-hook.ts'
import type { Recorder } from './trail-recorder.ts'

type Ports = ApiPorts & { readonly recorder: Recorder }

const about = { kind: 'residents', named: 'id' } as const
const params = z.object({ id: ResidentId })
const reason = z.string().min(1).max(500).describe('Goes on record')

const ExportView = z
  .looseObject({})
  .describe(
    'In clear: resident, home, devices, consents, thresholds with their changes, absences, alarms with their notes, papers; pictures in base64',
  )

export const ErasureView = z
  .object({
    resident: ResidentId,
    home: HomeId.optional().describe('Its address went too: nobody else lives there'),
    papers: z.int().describe('Texts and pictures that went'),
    devices: z
      .array(DeviceId)
      .describe('Whose measurements went. They are still in the home, and ring: somebody should fetch them.'),
    unreached: z.array(z.string()).describe('Where copies may be that the gateway does not reach'),
  })
  .meta({ id: 'Erasure' })

const addExport = (app: ApiApp, ports: Ports): void => {
  const { personalData, registry } = ports
  app.post(
    '/api/residents/:id/export',
    {
      config: { access: { may: 'personal:export', about } },
      schema: {
        tags: ['privacy'],
        summary: 'Everything about a resident, as one document in clear',
        params,
        body: z.strictObject({ reason }),
        response: {
          200: ExportView,
          ...problems(...writing, 'not-found', 'not-recorded', 'journal-unavailable'),
        },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const missing = { refused: 'not-found' as const, detail: `there is no resident ${id}` }
      if (!registry.get('residents', id)) return missing
      const refused = await unrecorded(request, ports)
      if (refused) return refused
      const document = await personalData.export(id)
      if (!document) return missing
      reply.header('content-disposition', `attachment; filename="${id}.json"`)
      return document
    },
  )
}

const addErasure = (app: ApiApp, { personalData }: ApiPorts): void => {
  app.post(
    '/api/residents/:id/erase',
    {
      config: { access: { may: 'personal:erase', about } },
      schema: {
        tags: ['privacy'],
        summary: 'Take everything personal about a resident out of the gateway, for good',
        description:
          'The id stays, and alarms stay with it, without a name or a text. Refused while an alarm of the resident is open.',
        params,
        body: z.strictObject({ reason, confirm: z.string().max(64).describe('The id once more') }),
        response: {
          200: ErasureView,
          ...problems(...writing, 'not-found', 'alarm-open', 'erasure-not-confirmed', 'journal-unavailable'),
        },
      },
    },
    async request => {
      const { id: resident } = request.params
      if (request.body.confirm !== resident) return { refused: 'erasure-not-confirmed' as const }
      const erased = await personalData.erase(resident, byOf(request))
      return 'refused' in erased
        ? erased
        : { ...erased, devices: [...erased.devices], unreached: [...erased.unreached] }
    },
  )
}

export const personalDataRoutes = (app: ApiApp, ports: Ports): void => {
  addExport(app, ports)
  addErasure(app, ports)
}
