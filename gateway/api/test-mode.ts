/** A home in which devices are tried out: for how long, and who said so. */
import { z } from 'zod'
import type { Refusal } from '../model/errors.ts'
import { HomeId } from '../model/ids.ts'
import type { TestMode } from '../model/provisioning.ts'
import type { ApiApp, ApiPorts } from './app.ts'
import { byOf } from './by.ts'
import { problems, reading, writing } from './problem.ts'
import { ByView, momentOf, Shown } from './shapes.ts'

export const TestModeView = z.object({
  testMode: z
    .object({
      since: Shown,
      until: Shown.describe('RFC 3339, UTC; it ends sooner once a call is meant'),
      by: ByView,
    })
    .nullable()
    .describe('null: every press rings'),
})

const view = (mode: TestMode | undefined): z.infer<typeof TestModeView> => ({
  testMode: mode ? { since: momentOf(mode.since), until: momentOf(mode.until), by: mode.by } : null,
})

const config = { access: { may: 'test-mode:set', about: { kind: 'homes', named: 'id' } } } as const
const params = z.object({ id: HomeId })
const tags = ['installation']

export const testModeRoutes = (app: ApiApp, { installation, registry, clock }: ApiPorts): void => {
  const { testModes } = installation
  const unknown = (home: HomeId): Refusal | undefined =>
    registry.get('homes', home) ? undefined : { refused: 'not-found', detail: `there is no home ${home}` }

  app.get(
    '/api/homes/:id/test-mode',
    {
      config,
      schema: {
        tags,
        summary: 'Are devices being tried out here',
        params,
        response: { 200: TestModeView, ...problems(...reading, 'not-found') },
      },
    },
    async ({ params: { id } }) => unknown(id) ?? view(testModes.of(id, clock.now())),
  )

  app.post(
    '/api/homes/:id/test-mode',
    {
      config,
      schema: {
        tags,
        summary:
          'From now on presses here are tests and ring nobody; a long or third press rings all the same',
        params,
        body: z.strictObject({ minutes: z.int().min(1).max(15).default(10) }),
        response: { 200: TestModeView, ...problems(...writing, 'not-found', 'journal-unavailable') },
      },
    },
    async request => {
      const { id } = request.params
      return unknown(id) ?? view(testModes.set(id, request.body.minutes, byOf(request)))
    },
  )

  app.delete(
    '/api/homes/:id/test-mode',
    {
      config,
      schema: {
        tags,
        summary: 'Every press here rings again',
        params,
        response: { 204: z.undefined(), ...problems(...writing, 'not-found') },
      },
    },
    async (request, reply) => {
      if (testModes.end(request.params.id)) return reply.code(204).send()
      return { refused: 'not-found' as const, detail: 'no test mode is on here' }
    },
  )
}
