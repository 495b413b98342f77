import { z } from 'zod'
import type { Principal, Session } from '../model/access.ts'
import { mayDo } from '../model/permissions.ts'
import type { ApiApp, ApiPorts } from './app.ts'
import { principalOf, sessionCookie } from './authenticate.ts'
import { problems, reading } from './problem.ts'
import { IdParams, momentOf, Shown } from './shapes.ts'

export const SessionView = z
  .object({
    id: z.string().describe('Nobody gets in with it'),
    username: z.string(),
    createdAt: Shown,
    lastUsedAt: Shown,
    address: z.string().describe('Where the login came from'),
    userAgent: z.string().describe('What the browser called itself, at most 200 characters'),
    current: z.boolean().describe('The one that asks'),
  })
  .meta({ id: 'Session' })

const view = (session: Session, currentId: string | undefined): z.infer<typeof SessionView> => ({
  ...session,
  createdAt: momentOf(session.createdAt),
  lastUsedAt: momentOf(session.lastUsedAt),
  current: session.id === currentId,
})

const mayManage = (principal: Principal, username: string): boolean =>
  principal.id === username || (mayDo(principal, 'user:manage') && principal.scopes.length === 0)

const config = { access: 'self' } as const

export const sessionListRoutes = (app: ApiApp, { access: { sessions } }: ApiPorts): void => {
  app.get(
    '/api/sessions',
    {
      config,
      schema: {
        tags: ['session'],
        summary: 'Where one is logged in; of somebody else with `user:manage`',
        querystring: z.object({
          username: z.string().min(1).max(64).exactOptional().describe('Absent: one’s own'),
        }),
        response: { 200: z.object({ items: z.array(SessionView) }), ...problems(...reading) },
      },
    },
    async request => {
      const principal = principalOf(request)
      const { username = principal.id } = request.query
      if (!mayManage(principal, username)) {
        return { refused: 'not-allowed' as const, detail: 'this needs user:manage' }
      }
      const secret = request.cookies[sessionCookie]
      const currentId = secret === undefined ? undefined : sessions.idOf(secret)
      return { items: sessions.list(username).map(session => view(session, currentId)) }
    },
  )

  app.delete(
    '/api/sessions/:id',
    {
      config,
      schema: {
        tags: ['session'],
        summary: 'End a session, at once; somebody else’s with `user:manage`',
        params: IdParams,
        response: { 204: z.undefined(), ...problems(...reading, 'not-found') },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const session = sessions.get(id)
      if (!session || !mayManage(principalOf(request), session.username)) {
        return { refused: 'not-found' as const, detail: `there is no session ${id} that you could end` }
      }
      request.actedOn = `users/${session.username}`
      sessions.end(id)
      return reply.code(204).send()
    },
  )
}
