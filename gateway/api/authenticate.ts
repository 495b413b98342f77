/**
 * Who asks, and whether they may. Each route declares in its config who may call it; a route that does not cannot be
 * registered.
 */
import type {} from '@fastify/cookie'
import type { FastifyRequest } from 'fastify'
import { type Access, type Credential, type Principal, type Role, roleCovers } from '../model/access.ts'
import type { Actor } from '../model/actor.ts'
import type { Refusal } from '../model/errors.ts'
import type { Instant } from '../model/ids.ts'
import type { ApiApp } from './app.ts'

export const sessionCookie = 'anling_session'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may call this route. */
    role?: Role | 'anyone'
  }
  interface FastifyRequest {
    /** Set on every route that is not for anyone. */
    caller: { readonly principal: Principal; readonly expiresAt: Instant | null } | null
  }
}

const credentialOf = (request: FastifyRequest): Credential | undefined => {
  const { authorization } = request.headers
  if (authorization !== undefined) {
    const [, token] = /^Bearer +(\S+)$/i.exec(authorization) ?? []
    return token === undefined ? undefined : { token }
  }
  const session = request.cookies[sessionCookie]
  return session === undefined ? undefined : { session }
}

export const callerOf = (access: Access, request: FastifyRequest): FastifyRequest['caller'] => {
  const credential = credentialOf(request)
  return (credential && access.authenticate(credential)) ?? null
}

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

/** A page of another site may make a browser send its cookie, but not hide its own origin (RFC 6454, 7). */
const isForged = ({ method, headers, host }: FastifyRequest): boolean => {
  if (safeMethods.has(method) || headers.authorization !== undefined || headers.origin === undefined)
    return false
  return URL.parse(headers.origin)?.host !== host
}

const refusalFor = (request: FastifyRequest, role: Role | 'anyone' | undefined): Refusal | undefined => {
  if (isForged(request)) return { refused: 'not-allowed', detail: 'the request comes from another site' }
  if (role === 'anyone') return undefined
  if (!request.caller) return { refused: 'not-logged-in' }
  return role !== undefined && roleCovers(request.caller.principal.role, role)
    ? undefined
    : { refused: 'not-allowed', detail: `this needs the role ${role}` }
}

export const authenticate = (app: ApiApp, access: Access): void => {
  app.decorateRequest('caller', null)
  app.addHook('onRoute', ({ method, url, config }) => {
    if (config?.role === undefined) throw new Error(`${String(method)} ${url} does not say who may call it`)
  })
  app.addHook('onRequest', async (request, reply) => {
    if (request.is404) return undefined
    const { role } = request.routeOptions.config
    if (role !== 'anyone') request.caller = callerOf(access, request)
    const refusal = refusalFor(request, role)
    return refusal && reply.send(refusal)
  })
}

/** Of a route that is not for anyone. */
export const principalOf = ({ caller }: FastifyRequest): Principal => {
  if (!caller) throw new Error('this route has no caller')
  return caller.principal
}

export const actorOf = (request: FastifyRequest): Extract<Actor, { kind: 'user' }> => {
  const { id, name } = principalOf(request)
  return { kind: 'user', id, name }
}
