import { z } from 'zod'
import type { Token } from '../model/access.ts'
import type { Instant } from '../model/ids.ts'
import { mayDo, permissionNames, roles } from '../model/permissions.ts'
import { Scope } from '../model/scope.ts'
import type { ApiApp, ApiPorts } from './app.ts'
import { overreach, principalOf } from './authenticate.ts'
import { problems, reading, writing } from './problem.ts'
import { IdParams, instantOf, Moment, momentOf, Shown } from './shapes.ts'
import { Scopes } from './users.ts'

export const TokenView = z
  .object({
    id: z.string(),
    name: z.string(),
    role: z.enum(roles),
    scopes: z.array(Scope),
    permissions: z.array(z.enum(permissionNames)).nullable().describe('Null: all that the role may do'),
    createdBy: z.string(),
    createdAt: Shown,
    expiresAt: Shown.nullable(),
    lastUsedAt: Shown.nullable(),
  })
  .meta({ id: 'Token' })

/** Strict: a misspelt `expiresAt` must not make a token that lasts for ever. */
const NewToken = z
  .strictObject({
    name: z.string().min(1).max(100),
    role: z.enum(roles).default('operator'),
    scopes: Scopes.default([]),
    permissions: z
      .array(z.enum(permissionNames))
      .min(1)
      .exactOptional()
      .describe('Of what the role may do, all that this token may'),
    expiresAt: Moment.exactOptional().describe('Absent: until it is revoked'),
  })
  .refine(({ role, permissions = [] }) => permissions.every(permission => mayDo({ role }, permission)), {
    path: ['permissions'],
    message: 'has one that the role does not have',
  })

const shown = (instant: Instant | null): string | null => (instant === null ? null : momentOf(instant))

const view = (token: Token): z.infer<typeof TokenView> => ({
  ...token,
  scopes: [...token.scopes],
  permissions: token.permissions && [...token.permissions],
  createdAt: momentOf(token.createdAt),
  expiresAt: shown(token.expiresAt),
  lastUsedAt: shown(token.lastUsedAt),
})

const config = { access: { may: 'token:manage', about: 'everything' } } as const

export const tokenRoutes = (app: ApiApp, { access }: ApiPorts): void => {
  app.get(
    '/api/tokens',
    {
      config,
      schema: {
        tags: ['tokens'],
        summary: 'Access tokens of programs, without their secrets',
        response: { 200: z.object({ items: z.array(TokenView) }), ...problems(...reading) },
      },
    },
    async () => ({ items: access.tokens.list().map(view) }),
  )

  app.post(
    '/api/tokens',
    {
      config,
      schema: {
        tags: ['tokens'],
        summary: 'Make a token',
        body: NewToken,
        response: {
          201: TokenView.extend({ token: z.string().describe('Shown this once') }),
          ...problems(...writing, 'invalid-scope', 'unknown-reference', 'too-busy'),
        },
      },
    },
    async (request, reply) => {
      const { expiresAt, ...wanted } = request.body
      const { role, permissions } = wanted
      const refused = overreach(request, permissions ? { role, only: permissions } : { role })
      if (refused) return refused
      const created = access.tokens.create(
        expiresAt === undefined ? wanted : { ...wanted, expiresAt: instantOf(expiresAt) },
        principalOf(request).id,
      )
      if ('refused' in created) return created
      request.actedOn = `tokens/${created.token.id}`
      reply.code(201)
      return { ...view(created.token), token: created.secret }
    },
  )

  app.delete(
    '/api/tokens/:id',
    {
      config,
      schema: {
        tags: ['tokens'],
        summary: 'Revoke a token, at once',
        params: IdParams,
        response: { 204: z.undefined(), ...problems(...writing, 'not-found') },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      if (!access.tokens.revoke(id)) {
        return { refused: 'not-found' as const, detail: `there is no token ${id}` }
      }
      return reply.code(204).send()
    },
  )
}
