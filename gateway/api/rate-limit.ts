/**
 * No person, program or address may keep the gateway busy for itself. Work on alarms is never counted: whoever answers
 * calls is not to be stopped by a program that runs wild under the same name.
 */
import rateLimit from '@fastify/rate-limit'
import type { FastifyRequest } from 'fastify'
import type { Access } from '../model/access.ts'
import type { Permission } from '../model/permissions.ts'
import type { ApiApp } from './app.ts'
import { isSafe } from './authenticate.ts'

const windowMs = 60_000
/** Callers whose requests are counted. Beyond: the one not heard of for longest begins anew. */
const countedCallers = 10_000

const uncounted: ReadonlySet<Permission> = new Set<Permission>([
  'alarm:read',
  'alarm:work',
  'alarm:follow-up',
  'personal:reveal-in-alarm',
])

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Counted though its kind is not: for anyone, by address; or work on alarms that costs a lot. */
    isCounted?: true
  }
}

/**
 * What is for anyone guards itself, but for what says otherwise: health and pages cost little, and logins have a throttle
 * that locks nobody out.
 */
const isCounted = (request: FastifyRequest): boolean => {
  const { access, isCounted: asksForIt } = request.routeOptions.config
  if (asksForIt) return true
  if (access === undefined || access === 'anyone') return false
  // A console asks who it is before it shows a call: no program under the same name, and nobody at its address, may keep it from that.
  return access === 'self' ? !isSafe(request) : !uncounted.has(access.may)
}

const keyOf = ({ caller, ip }: FastifyRequest): string =>
  caller ? `user/${caller.principal.id}` : `address/${rateLimit.normalizeIP(ip)}`

/** After it is known who asks. */
export const limitRequests = (app: ApiApp, requestsPerMinute: number): void => {
  app.register(rateLimit, {
    global: false,
    max: requestsPerMinute,
    timeWindow: windowMs,
    cache: countedCallers,
    keyGenerator: keyOf,
    allowList: request => !isCounted(request),
  })
  let check: ReturnType<ApiApp['createRateLimit']> | undefined
  app.addHook('onRequest', async (request, reply) => {
    if (request.is404) return undefined
    check ??= app.createRateLimit()
    const count = await check(request)
    if (count.isAllowed || !count.isExceeded) return undefined
    return reply.send({
      refused: 'too-many-requests',
      facts: { retryAfterSeconds: count.ttlInSeconds },
    })
  })
}

/**
 * Logins of an address that floods are refused before anything is done for them, their body unread. Before all other
 * hooks: what these cost, a thousand times a second, is felt by calls.
 */
export const refuseFloods = (app: ApiApp, { floodFrom }: Pick<Access, 'floodFrom'>): void => {
  app.addHook('onRequest', async (request, reply) => {
    if (request.method !== 'POST' || request.routeOptions.url !== '/api/session') return undefined
    const refusal = floodFrom(request.ip)
    return refusal && reply.send(refusal)
  })
}
