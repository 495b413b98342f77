import { z } from 'zod'
import {
  AreaRecord,
  DeviceRecord,
  HomeRecord,
  type ImportResult,
  ResidentRecord,
  ResponderRecord,
  ServicePointRecord,
  tables,
} from '../model/records.ts'
import type { ApiApp, ApiPorts } from './app.ts'
import { problems, writing } from './problem.ts'
import { RejectedRowView } from './rejected-row.ts'
import { validateAllButBody } from './validation.ts'

const Counts = z.record(z.enum(tables), z.int())

export const Imported = z
  .object({
    imported: Counts.describe('Rows that landed: the sum of the three'),
    added: Counts,
    changed: Counts,
    unchanged: Counts,
    rejected: z.array(RejectedRowView),
    secrets: z
      .array(z.object({ table: z.enum(['servicePoints', 'devices']), id: z.string(), secret: z.string() }))
      .describe('Secrets that were made: shown this once'),
  })
  .meta({ id: 'Imported' })

const view = ({ rejected, secrets, ...counts }: ImportResult): z.infer<typeof Imported> => ({
  ...counts,
  rejected: [...rejected],
  secrets: [...secrets],
})

const RegistryDocument = z
  .object({
    areas: z.array(AreaRecord),
    servicePoints: z.array(ServicePointRecord.extend({ secret: z.string().optional() })),
    responders: z.array(ResponderRecord),
    homes: z.array(HomeRecord),
    residents: z.array(ResidentRecord),
    devices: z.array(DeviceRecord.extend({ secret: z.string().optional() })),
  })
  .partial()

export const importRoutes = (app: ApiApp, { registry, settings }: ApiPorts): void => {
  app.setValidatorCompiler(validateAllButBody)
  app.addContentTypeParser('text/csv', { parseAs: 'buffer' }, async (_request: unknown, body: Buffer) => body)

  app.post(
    '/api/import',
    {
      config: { access: { may: 'registry:import', about: 'everything' } },
      bodyLimit: settings.importBytes,
      schema: {
        tags: ['registry'],
        summary: 'Take in a registry document, or one table of it as CSV (UTF-8 or GB18030)',
        description: 'Good rows land, bad rows are named. Running it again changes nothing.',
        querystring: z.strictObject({
          table: z.enum(tables).exactOptional().describe('Of a CSV file'),
          dryRun: z
            .enum(['true', 'false'])
            .default('false')
            .describe('true: say what would be done, and do nothing; no secret is made'),
        }),
        consumes: ['application/json', 'text/csv'],
        body: RegistryDocument,
        response: {
          200: Imported,
          ...problems(...writing, 'undecodable-file'),
        },
      },
    },
    async request => {
      const { table } = request.query
      const dryRun = request.query.dryRun === 'true'
      if (dryRun) request.actedOn = 'import/dry-run'
      if (!(request.body instanceof Uint8Array))
        return view(await registry.importDocument(request.body, { dryRun }))
      if (!table) return { refused: 'invalid-request' as const, detail: 'a CSV file needs ?table=' }
      return view(await registry.importCsv(table, request.body, { dryRun }))
    },
  )
}
