/** The cookie that holds a session: scripts cannot read it, other sites cannot send it. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import type { LoggedIn } from '../model/access.ts'
import type { ApiPorts } from './app.ts'
import { sessionCookie } from './authenticate.ts'
import { type Caller, callerView } from './session-shapes.ts'

export type SessionCookies = {
  /** Sets it. Answers who has logged in. */
  set(request: FastifyRequest, reply: FastifyReply, login: LoggedIn): z.infer<typeof Caller>
  clear(request: FastifyRequest, reply: FastifyReply): void
}

export const createSessionCookies = ({
  access,
  settings,
}: Pick<ApiPorts, 'access' | 'settings'>): SessionCookies => {
  const optionsFor = ({ protocol }: FastifyRequest) => ({
    path: '/',
    httpOnly: true,
    sameSite: 'strict' as const,
    secure: settings.secureCookies || protocol === 'https',
  })
  return {
    set: (request, reply, { secret, expiresAt }) => {
      const caller = access.authenticate({ session: secret })
      if (!caller) throw new Error('a session ended as it began')
      reply.setCookie(sessionCookie, secret, { ...optionsFor(request), expires: new Date(expiresAt) })
      return callerView(access, caller)
    },
    clear: (request, reply) => {
      reply.clearCookie(sessionCookie, optionsFor(request))
    },
  }
}
