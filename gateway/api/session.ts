import { z } from 'zod'
import { Password } from '../model/access.ts'
import type { ApiApp, ApiPorts } from './app.ts'
import { sessionCookie } from './authenticate.ts'
import { problems, reading, writing } from './problem.ts'
import { createSessionCookies } from './session-cookies.ts'
import { Caller, callerView, GivenCode, GivenPassword, originOf, personOf } from './session-shapes.ts'

/** Logging in and out needs no login; a page of another site may do neither. */
const open = ['invalid-request', 'not-allowed', 'body-too-large', 'unsupported-media-type'] as const

export const sessionRoutes = (app: ApiApp, { access, settings }: ApiPorts): void => {
  const cookies = createSessionCookies({ access, settings })

  app.post(
    '/api/session',
    {
      config: { access: 'anyone' },
      schema: {
        tags: ['session'],
        summary: 'Log in: sets the session cookie',
        body: z.object({
          username: z.string().min(1).max(64),
          password: GivenPassword,
          code: GivenCode.exactOptional(),
        }),
        response: {
          200: Caller,
          ...problems(...open, 'wrong-credentials', 'second-factor-needed', 'too-many-attempts'),
        },
      },
    },
    async (request, reply) => {
      const login = await access.login({ ...request.body, ...originOf(request) })
      return 'refused' in login ? login : cookies.set(request, reply, login)
    },
  )

  app.get(
    '/api/session',
    {
      config: { access: 'self' },
      schema: {
        tags: ['session'],
        summary: 'Who am I, and what may I do where?',
        response: { 200: Caller, ...problems(...reading) },
      },
    },
    async ({ caller }) => (caller ? callerView(access, caller) : { refused: 'not-logged-in' as const }),
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
          ...problems(...writing, 'wrong-credentials', 'weak-password', 'too-many-attempts'),
        },
      },
    },
    async (request, reply) => {
      const person = personOf(request)
      if ('refused' in person) return person
      const { password, newPassword } = request.body
      const login = { ...person, password, ...originOf(request) }
      const changed = await access.changePassword(request.cookies[sessionCookie] ?? '', login, newPassword)
      return 'refused' in changed ? changed : reply.code(204).send()
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
      cookies.clear(request, reply)
      return reply.code(204).send()
    },
  )
}
