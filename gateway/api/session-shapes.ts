/** What the routes about one's own session share. */
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Access, Origin } from '../model/access.ts'
import type { Refusal } from '../model/errors.ts'
import type { UserId } from '../model/ids.ts'
import { mayDo, permissionNames, roles } from '../model/permissions.ts'
import { Scope } from '../model/scope.ts'
import { principalOf } from './authenticate.ts'
import { momentOf, Shown } from './shapes.ts'

/** Longer than any that can be set; what was set long ago still logs in. */
export const GivenPassword = z.string().min(1).max(1_000)
export const GivenCode = z.string().min(6).max(40).describe('Six digits, or a recovery code')

export const Caller = z
  .object({
    username: z.string().describe('Of a token: its id'),
    name: z.string(),
    role: z.enum(roles),
    scopes: z.array(Scope).describe('Where. Empty: everywhere'),
    permissions: z.array(z.enum(permissionNames)).describe('All that may be done there'),
    secondFactor: z.boolean(),
    via: z.enum(['session', 'token']),
    expiresAt: Shown.nullable(),
  })
  .meta({ id: 'Caller' })

export const callerView = (
  access: Access,
  { principal, expiresAt }: NonNullable<FastifyRequest['caller']>,
): z.infer<typeof Caller> => {
  const { id, name, role, scopes, via } = principal
  return {
    username: id,
    name,
    role,
    scopes: [...scopes],
    permissions: permissionNames.filter(permission => mayDo(principal, permission)),
    secondFactor: access.users.get(id)?.secondFactor ?? false,
    via,
    expiresAt: expiresAt === null ? null : momentOf(expiresAt),
  }
}

export const originOf = ({ ip, headers }: FastifyRequest): Origin => ({
  address: ip,
  userAgent: headers['user-agent'] ?? '',
})

/** The name of a person who has logged in: programs have neither password nor second factor. */
export const personOf = (request: FastifyRequest): { readonly username: UserId } | Refusal => {
  const { id, via } = principalOf(request)
  return via === 'session'
    ? { username: id }
    : { refused: 'not-allowed', detail: 'a token has no password and no second factor' }
}
