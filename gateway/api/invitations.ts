import { z } from 'zod'
import { type Invitation, Password } from '../model/access.ts'
import { roles } from '../model/permissions.ts'
import { Scope } from '../model/scope.ts'
import type { ApiApp, ApiPorts } from './app.ts'
import { overreach, principalOf } from './authenticate.ts'
import { problems, reading, writing } from './problem.ts'
import { createSessionCookies } from './session-cookies.ts'
import { Caller, originOf } from './session-shapes.ts'
import { IdParams, momentOf, Shown } from './shapes.ts'
import { NewUsername, Scopes } from './users.ts'

export const InvitationView = z
  .object({
    id: z.string(),
    username: z.string(),
    name: z.string(),
    role: z.enum(roles),
    scopes: z.array(Scope),
    createdBy: z.string(),
    createdAt: Shown,
    expiresAt: Shown,
  })
  .meta({ id: 'Invitation' })

const NewInvitation = z.strictObject({
  username: NewUsername,
  name: z.string().min(1).max(100),
  role: z.enum(roles),
  scopes: Scopes.default([]),
  hours: z.int().min(1).max(168).default(72).describe('How long the link is good'),
})

const view = (invitation: Invitation): z.infer<typeof InvitationView> => ({
  ...invitation,
  scopes: [...invitation.scopes],
  createdAt: momentOf(invitation.createdAt),
  expiresAt: momentOf(invitation.expiresAt),
})

/** Behind the #, so that no server, proxy or log on the way sees it (RFC 3986, 3.5). */
const pathOf = (secret: string): string => `/#invitation=${secret}`

const config = { access: { may: 'user:manage', about: 'everything' } } as const

const acceptRoute = (app: ApiApp, { access, settings }: ApiPorts): void => {
  const cookies = createSessionCookies({ access, settings })
  app.post(
    '/api/invitations/accept',
    {
      config: { access: 'anyone' },
      schema: {
        tags: ['invitations'],
        summary: 'Become the person who was invited, with a password of one’s own, and log in',
        body: z.strictObject({ token: z.string().min(1).max(100), password: Password }),
        response: {
          200: Caller,
          ...problems(
            ...(['invalid-request', 'not-allowed', 'body-too-large', 'unsupported-media-type'] as const),
            ...([
              'invitation-void',
              'weak-password',
              'user-exists',
              'too-many-attempts',
              'too-busy',
            ] as const),
          ),
        },
      },
    },
    async (request, reply) => {
      const accepted = await access.invitations.accept({ ...request.body, ...originOf(request) })
      return 'refused' in accepted ? accepted : cookies.set(request, reply, accepted)
    },
  )
}

export const invitationRoutes = (app: ApiApp, ports: ApiPorts): void => {
  const { access } = ports
  app.get(
    '/api/invitations',
    {
      config,
      schema: {
        tags: ['invitations'],
        summary: 'Invitations that can still be accepted, without their links',
        response: { 200: z.object({ items: z.array(InvitationView) }), ...problems(...reading) },
      },
    },
    async () => ({ items: access.invitations.list().map(view) }),
  )

  app.post(
    '/api/invitations',
    {
      config,
      schema: {
        tags: ['invitations'],
        summary: 'Invite a person by a link that is good once; an earlier one for the same name is withdrawn',
        body: NewInvitation,
        response: {
          201: InvitationView.extend({
            token: z.string().describe('Shown this once'),
            path: z.string().describe('Of the link, at the address of this gateway'),
          }),
          ...problems(...writing, 'invalid-scope', 'unknown-reference', 'user-exists', 'too-busy'),
        },
      },
    },
    async (request, reply) => {
      const { role } = request.body
      const refused = overreach(request, { role })
      if (refused) return refused
      const created = access.invitations.create(request.body, principalOf(request).id)
      if ('refused' in created) return created
      const { invitation, secret } = created
      request.actedOn = `invitations/${invitation.id}`
      reply.code(201)
      return { ...view(invitation), token: secret, path: pathOf(secret) }
    },
  )

  app.delete(
    '/api/invitations/:id',
    {
      config,
      schema: {
        tags: ['invitations'],
        summary: 'Withdraw an invitation, at once',
        params: IdParams,
        response: { 204: z.undefined(), ...problems(...reading, 'not-found') },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      if (!access.invitations.withdraw(id)) {
        return { refused: 'not-found' as const, detail: `there is no invitation ${id}` }
      }
      return reply.code(204).send()
    },
  )
  acceptRoute(app, ports)
}
