/** Backups into the gateway's own directory: begun here, made while calls go on. */
import { z } from 'zod'
import { type Backup, BackupId, backupStates } from '../model/backup.ts'
import type { ApiApp, ApiPorts } from './app.ts'
import { problems, reading, writing } from './problem.ts'
import { momentOf, momentOrNull, Shown } from './shapes.ts'

const BackupView = z
  .object({
    id: z.string(),
    state: z.enum(backupStates),
    startedAt: Shown,
    finishedAt: Shown.nullable(),
    bytes: z.number().describe('Copied so far'),
    totalBytes: z.number().describe('Of what is to be copied; 0 until that is known'),
    telemetry: z.boolean(),
    error: z.string().nullable(),
  })
  .meta({ id: 'Backup' })

const backupView = ({ startedAt, finishedAt, error, ...backup }: Backup): z.infer<typeof BackupView> => ({
  ...backup,
  startedAt: momentOf(startedAt),
  finishedAt: momentOrNull(finishedAt),
  error: error ?? null,
})

const config = { access: { may: 'backup:make', about: 'everything' } } as const

export const backupRoutes = (app: ApiApp, { backups }: ApiPorts): void => {
  app.get(
    '/api/backups',
    {
      config,
      schema: {
        tags: ['backups'],
        summary:
          'Backups that are there, that is being made, and that have failed since the start: newest first',
        response: { 200: z.object({ items: z.array(BackupView) }), ...problems(...reading) },
      },
    },
    async () => ({ items: (await backups.list()).map(backupView) }),
  )
  app.post(
    '/api/backups',
    {
      config,
      schema: {
        tags: ['backups'],
        summary:
          'Make one. It goes on after the answer; the list tells how far it is. Old ones make room for it',
        body: z.strictObject({
          name: BackupId.exactOptional().describe('Usually the time'),
          telemetry: z.boolean().default(false).describe('Measurements too'),
        }),
        response: { 202: BackupView, ...problems(...writing, 'backup-running', 'duplicate-id') },
      },
    },
    async (request, reply) => {
      const { name, telemetry } = request.body
      const begun = await backups.start({ telemetry, ...(name !== undefined && { id: name }) })
      if ('refused' in begun) return begun
      reply.code(202)
      return backupView(begun)
    },
  )
}
