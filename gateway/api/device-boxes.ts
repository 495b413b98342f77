/** Devices by the box: registered from a list, each with its claim code. */
import { z } from 'zod'
import { DeviceRecord } from '../model/records.ts'
import type { ApiApp, ApiPorts } from './app.ts'
import { byOf } from './by.ts'
import { NewCodeView, newCodeView, tags } from './device-life.ts'
import { problems, writing } from './problem.ts'
import { RejectedRowView } from './rejected-row.ts'
import { validateAllButBody } from './validation.ts'

const Rows = z.array(DeviceRecord.pick({ id: true, model: true, room: true, home: true }))

export const deviceBoxRoutes = (app: ApiApp, { provisioning, settings }: ApiPorts): void => {
  app.setValidatorCompiler(validateAllButBody)
  app.addContentTypeParser('text/csv', { parseAs: 'buffer' }, async (_request: unknown, body: Buffer) => body)

  app.post(
    '/api/provisioning/devices',
    {
      config: { access: { may: 'device:register', about: 'everything' } },
      bodyLimit: settings.importBytes,
      schema: {
        tags,
        summary: 'Register new devices from a list or CSV: id, model, room, home. Each gets a claim code',
        description: 'Good rows land, bad rows are named. A device that is there already is left as it is.',
        consumes: ['application/json', 'text/csv'],
        body: Rows,
        response: {
          200: z.object({
            codes: z.array(NewCodeView.extend({ model: z.string() })),
            rejected: z.array(RejectedRowView),
          }),
          ...problems(...writing, 'journal-unavailable'),
        },
      },
    },
    async request => {
      const { codes, rejected } = await provisioning.register(request.body, byOf(request))
      return {
        codes: codes.map(one => ({ ...newCodeView(one), model: one.model })),
        rejected: [...rejected],
      }
    },
  )
}
