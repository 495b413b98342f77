import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { Password } from '../model/access.ts'
import type { Instant } from '../model/ids.ts'
import { roles } from '../model/permissions.ts'
import type { ApiApp, ApiPorts } from './app.ts'
import { principalOf, sessionCookie } from './authenticate.ts'
import { problems, reading, writing } from './problem.ts'
import { momentOf, Shown } from './shapes.ts'

/** Longer than any that can be set; what was set long ago still logs in. */
const GivenPassword = z.string().min(1).max(1_000)

const Caller = z
  .object({
    username: z.string().describe('Of a token: its id'),
    name: z.string(),
    role: z.enum(roles),
    via: z.enum(['session', 'token']),
    expiresAt: Shown.nullable(),
  })
  .meta({ id: 'Caller' })

/** Logging in and out needs no login; a page of another site may do neither. */
const open = ['invalid-request', 'not-allowed', 'body-too-large', 'unsupported-media-type'] as const

export const sessionRoutes = (app: ApiApp, { access, settings, log }: ApiPorts): void => {
  const cookieOptions = (request: FastifyRequest) => ({
    path: '/',
    httpOnly: true,
    sameSite: 'strict' as const,
    secure: settings.secureCookies || request.protocol === 'https',
  })
  const setCookie = (
    request: FastifyRequest,
    reply: FastifyReply,
    secret: string,
    expiresAt: Instant,
  ): void => {
    reply.setCookie(sessionCookie, secret, { ...cookieOptions(request), expires: new Date(expiresAt) })
  }

  app.post(
    '/api/session',
    {
      config: { access: 'anyone' },
      schema: {
        tags: ['session'],
        summary: 'Log in: sets the session cookie',
        body: z.object({ username: z.string().min(1).max(64), password: GivenPassword }),
        response: {
          200: Caller,
          ...problems(...open, 'wrong-credentials', 'too-many-attempts'),
        },
      },
    },
    async (request, reply) => {
      const login = await access.login({ ...request.body, address: request.ip })
      if ('refused' in login) {
        log.info({ address: request.ip, why: login.refused }, 'a login was refused')
        return login
      }
      const { secret, user, expiresAt } = login
      setCookie(request, reply, secret, expiresAt)
      const { username, name, role } = user
      return { username, name, role, via: 'session' as const, expiresAt: momentOf(expiresAt) }
    },
  )

  app.get(
    '/api/session',
    {
      config: { access: 'self' },
      schema: {
        tags: ['session'],
        summary: 'Who am I?',
        response: { 200: Caller, ...problems(...reading) },
      },
    },
    async request => {
      const { id, name, role, via } = principalOf(request)
      const expiresAt = request.caller?.expiresAt ?? null
      return { username: id, name, role, via, expiresAt: expiresAt === null ? null : momentOf(expiresAt) }
    },
  )

  app.patch(
    '/api/session',
    {
      config: { access: 'self' },
      schema: {
        tags: ['session'],
        summary: 'Change the own password; all other sessions of this person end',
        body: z.strictObject({ password: GivenPassword, newPassword: Password }),
        response: {
          204: z.undefined(),
          ...problems(...writing, 'wrong-credentials', 'too-many-attempts'),
        },
      },
    },
    async (request, reply) => {
      const session = request.cookies[sessionCookie]
      const { id, via } = principalOf(request)
      if (via !== 'session' || session === undefined) {
        return { refused: 'not-allowed' as const, detail: 'a token has no password' }
      }
      const { password, newPassword } = request.body
      const login = { username: id, password, address: request.ip }
      const changed = await access.changePassword(session, login, newPassword)
      if ('refused' in changed) return changed
      return reply.code(204).send()
    },
  )

  app.delete(
    '/api/session',
    {
      config: { access: 'anyone' },
      schema: {
        tags: ['session'],
        summary: 'Log out. Also answers 204 when there was no session.',
        response: {
          204: z.undefined(),
          ...problems(...open),
        },
      },
    },
    async (request, reply) => {
      const session = request.cookies[sessionCookie]
      if (session !== undefined) access.logout(session)
      reply.clearCookie(sessionCookie, cookieOptions(request))
      return reply.code(204).send()
    },
  )
}
