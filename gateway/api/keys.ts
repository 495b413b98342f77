/** The keys that seal what is personal: which there are, and a new one. Never what they are. */
import { z } from 'zod'
import type { ApiApp, ApiPorts } from './app.ts'
import { problems, reading, writing } from './problem.ts'
import { momentOf, Shown } from './shapes.ts'

const Keys = z.object({
  items: z.array(
    z
      .object({
        id: z.string(),
        createdAt: Shown,
        current: z.boolean().describe('It seals what is written now'),
        rows: z.int().describe('What it still seals. A key that is not current leaves the key file at 0.'),
      })
      .meta({ id: 'Key' }),
  ),
  running: z.boolean().describe('What older keys have sealed is being sealed anew'),
})

const access = { may: 'key:rotate', about: 'everything' } as const

export const keyRoutes = (app: ApiApp, { rotation }: ApiPorts): void => {
  const answer = (): z.infer<typeof Keys> => ({
    items: rotation
      .keys()
      .map(({ id, createdAt, current, rows }) => ({ id, createdAt: momentOf(createdAt), current, rows })),
    running: rotation.running(),
  })

  app.get(
    '/api/keys',
    {
      config: { access },
      schema: {
        tags: ['privacy'],
        summary: 'The keys that seal personal data, and how far a rotation is',
        response: { 200: Keys, ...problems(...reading, 'journal-unavailable') },
      },
    },
    async () => answer(),
  )

  app.post(
    '/api/keys/rotation',
    {
      config: { access },
      schema: {
        tags: ['privacy'],
        summary: 'Make a new key, and seal everything anew with it in the background',
        description:
          'Backups that were made before need the key file as it was then: keep a copy of it with them in mind.',
        body: z.strictObject({ reason: z.string().min(1).max(500).describe('Goes on record') }),
        response: { 202: Keys, ...problems(...writing, 'journal-unavailable') },
      },
    },
    async (_, reply) => rotation.start() ?? reply.code(202).send(answer()),
  )
}
