/**
 * Who asks, whether they may, and whether they see what they ask about. Each route declares in its config what its callers
 * must be allowed to do, and what it is about; a route that does not cannot be registered.
 */
import type {} from '@fastify/cookie'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Access, Credential, Principal } from '../model/access.ts'
import type { Actor } from '../model/actor.ts'
import type { Refusal } from '../model/errors.ts'
import type { Instant } from '../model/ids.ts'
import { mayDo, mayGive, type Permission } from '../model/permissions.ts'
import type { SeesRecord } from '../model/registry.ts'
import { type Place, type Places, type SubjectKind, sees } from '../model/scope.ts'
import type { ApiApp } from './app.ts'

export const sessionCookie = 'anling_session'

/** A thing that the address names, by a parameter of its path or its query. */
type Subject = { readonly kind: SubjectKind; readonly named: string; readonly in?: 'query' }

/**
 * common: nobody's in particular. everything: only who is bound to no scope. filtered: the handler shows and takes only
 * what the caller's scopes cover. A subject outside the caller's scopes is not there.
 */
type About = 'common' | 'everything' | 'filtered' | Subject

/** self: whoever has logged in, about themselves. */
export type RouteAccess = 'anyone' | 'self' | { readonly may: Permission; readonly about: About }

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: RouteAccess
  }
  interface FastifyRequest {
    /** Set on every route that is not for anyone, and wherever something is changed. */
    caller: { readonly principal: Principal; readonly expiresAt: Instant | null } | null
    /** What it is about: named by the address, or made by the handler. */
    subject: { readonly kind: SubjectKind; readonly id: string } | null
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

/** It changes nothing (RFC 9110, 9.2.1). */
export const isSafe = ({ method }: FastifyRequest): boolean => safeMethods.has(method)

/** A page of another site may make a browser send its cookie, but not hide its own origin (RFC 6454, 7). */
const isForged = (request: FastifyRequest): boolean => {
  const { headers, host } = request
  if (isSafe(request) || headers.authorization !== undefined || headers.origin === undefined) return false
  return URL.parse(headers.origin)?.host !== host
}

const refusalFor = (request: FastifyRequest, access: RouteAccess | undefined): Refusal | undefined => {
  if (isForged(request)) return { refused: 'not-allowed', detail: 'the request comes from another site' }
  if (access === undefined || access === 'anyone') return undefined
  if (!request.caller) return { refused: 'not-logged-in' }
  if (access === 'self') return undefined
  const { principal } = request.caller
  if (!mayDo(principal, access.may)) return { refused: 'not-allowed', detail: `this needs ${access.may}` }
  return access.about === 'everything' && principal.scopes.length > 0
    ? { refused: 'not-allowed', detail: 'this is for those who are bound to no area' }
    : undefined
}

const Named = z.record(z.string(), z.unknown())

const subjectOf = ({ routeOptions, params, query }: FastifyRequest): FastifyRequest['subject'] => {
  const { access } = routeOptions.config
  if (typeof access !== 'object' || typeof access.about !== 'object') return null
  const { kind, named, in: where } = access.about
  const id = Named.parse(where === 'query' ? query : params)[named]
  return typeof id === 'string' ? { kind, id } : null
}

/** Sets who asks and about what. No route goes without saying who may call it. */
export const identify = (app: ApiApp, access: Access): void => {
  app.decorateRequest('caller', null)
  app.decorateRequest('subject', null)
  app.addHook('onRoute', ({ method, url, config }) => {
    if (config?.access === undefined) throw new Error(`${String(method)} ${url} does not say who may call it`)
  })
  app.addHook('onRequest', async request => {
    if (request.is404) return
    request.subject = subjectOf(request)
    if (request.routeOptions.config.access !== 'anyone' || !isSafe(request)) {
      request.caller = callerOf(access, request)
    }
  })
}

/**
 * Before anything of the request is looked at: what lies outside the caller's scopes is not there, in the same words as
 * what is not there at all.
 */
const isOutOfSight = async (
  { subject, caller }: FastifyRequest,
  places: Places,
): Promise<Refusal | undefined> => {
  const scopes = caller?.principal.scopes ?? []
  if (!subject || scopes.length === 0) return undefined
  const place = await places.of(subject.kind, subject.id)
  if (place && sees(scopes, place)) return undefined
  return { refused: subject.kind === 'alarms' ? 'alarm-not-found' : 'not-found' }
}

/** Turns away who may not do this, or not there. */
export const authorize = (app: ApiApp, places: Places): void => {
  app.addHook('onRequest', async (request, reply) => {
    const refusal = request.is404 ? undefined : refusalFor(request, request.routeOptions.config.access)
    return refusal && reply.send(refusal)
  })
  app.addHook('preValidation', async (request, reply) => {
    const refusal = request.is404 ? undefined : await isOutOfSight(request, places)
    return refusal && reply.send(refusal)
  })
}

/** Of a route that is not for anyone. */
export const principalOf = ({ caller }: FastifyRequest): Principal => {
  if (!caller) throw new Error('this route has no caller')
  return caller.principal
}

/** Why the caller may not make somebody of this role, or of these of its permissions. */
export const overreach = (
  request: FastifyRequest,
  given: Pick<Principal, 'role' | 'only'>,
): Refusal | undefined =>
  mayGive(principalOf(request), given)
    ? undefined
    : { refused: 'not-allowed', detail: 'this would be allowed more than you are' }

export const actorOf = (request: FastifyRequest): Extract<Actor, { kind: 'user' }> => {
  const { id, name } = principalOf(request)
  return { kind: 'user', id, name }
}

/** Whether the caller's scopes cover a place. */
export const inSight = (request: FastifyRequest): ((place: Place) => boolean) => {
  const { scopes } = principalOf(request)
  return place => sees(scopes, place)
}

/** The same for records. Cheap for whoever is bound to nothing: no place is looked up. */
export const recordInSight = (request: FastifyRequest, places: Places): SeesRecord => {
  const { scopes } = principalOf(request)
  return (table, record) => scopes.length === 0 || sees(scopes, places.ofRecord(table, record))
}
