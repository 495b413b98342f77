/**
 * Every act of a person or program goes on record before its answer goes out: who, from where, on what, why, and how it
 * ended. Refused ones too. What is only looked at does not; what shows more than usual (`unrecorded`) asks for it first.
 */
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Actor } from '../model/actor.ts'
import type { ErrorCode, Refusal } from '../model/errors.ts'
import { UserId } from '../model/ids.ts'
import type { SubjectKind } from '../model/scope.ts'
import type { TrailEntry } from '../model/trail.ts'
import type { ApiApp, ApiPorts } from './app.ts'
import { actorOf, isSafe } from './authenticate.ts'
import { createFailedLogins } from './failed-logins.ts'
import type { Recorder } from './trail-recorder.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The handler has put it on record. */
    isRecorded: boolean
    /** What it was done to, where that is in no place and the address does not say: `users/zhao`. */
    actedOn: string | null
    /** Further facts of what was done, for the trail. Names and numbers: never anything personal. */
    actFacts: TrailEntry['facts'] | null
  }
}

/** Of a reason, as much as an entry keeps. */
const longestReason = 500
const WithReason = z.object({ reason: z.string().transform(reason => reason.slice(0, longestReason)) })
/** What is written about these is kept as a paper (`vault.ts`), which can be erased: an entry cannot. */
const withPapers: ReadonlySet<SubjectKind> = new Set<SubjectKind>(['jobs', 'beds'])
const WithUsername = z.object({ username: UserId, name: z.string().default('') })
const CallerText = z
  .string()
  .regex(/^\{/)
  .transform((text): unknown => JSON.parse(text))
  .pipe(WithUsername)

/** Whoever fails to log in may have typed anything in place of a name: only a name that exists is written down for good. */
const nobody: Actor = { kind: 'user', id: UserId.parse('nobody'), name: '未知 unknown' }

const failedLogin: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'wrong-credentials',
  'too-many-attempts',
  'invitation-void',
])

type Ports = Pick<ApiPorts, 'places' | 'clock' | 'access'>

/** `users/zhao`, of /api/users/zhao. */
const subjectOf = ({ subject, actedOn, routeOptions, url }: FastifyRequest): string | null => {
  if (subject) return `${subject.kind}/${subject.id}`
  const [, , kind, id] = url.split(/[/?]/)
  return actedOn ?? (/^\/api\/[^/]+\/:/.test(routeOptions.url ?? '') ? `${kind}/${id}` : null)
}

/** What the trail says of a request, whoever makes it. */
const factsOf = async (request: FastifyRequest, { places, clock }: Ports) => {
  const { method, routeOptions, subject, body, ip, actFacts } = request
  // A disk that cannot be read must not make what has been done look like a failure.
  const place = subject && (await places.of(subject.kind, subject.id).catch(() => undefined))
  const given = subject && withPapers.has(subject.kind) ? undefined : WithReason.safeParse(body)
  const actedOn = subjectOf(request)
  return {
    at: clock.now(),
    address: ip,
    action: `${method} ${routeOptions.url ?? ''}`,
    ...(actedOn !== null && { subject: actedOn }),
    ...(given?.success && { reason: given.data.reason }),
    ...(actFacts && { facts: actFacts }),
    ...(place && { areas: place.areas }),
  }
}

/** Of a route that is not for anyone. */
export const entryOf = async (
  request: FastifyRequest,
  outcome: TrailEntry['outcome'],
  ports: Ports,
): Promise<TrailEntry> => ({ ...(await factsOf(request, ports)), actor: actorOf(request), outcome })

/** Puts a look on record before it is answered. A refusal: it could not be, so nothing is shown. */
export const unrecorded = async (
  request: FastifyRequest,
  ports: Ports & { readonly recorder: Recorder },
): Promise<Refusal | undefined> => {
  request.isRecorded = await ports.recorder.record(await entryOf(request, 'done', ports))
  return request.isRecorded ? undefined : { refused: 'not-recorded' }
}

const isAct = (request: FastifyRequest): boolean => {
  const { caller, isRecorded, refused, routeOptions, method } = request
  if (caller === null || isRecorded || isSafe(request) || refused === 'too-many-requests') return false
  return routeOptions.config.access !== 'anyone' || method === 'DELETE'
}

/** Somebody comes in: by a login, or by an invitation. The answer says who it is. */
const arrivalOf = async (
  request: FastifyRequest,
  payload: unknown,
  ports: Ports,
): Promise<TrailEntry | undefined> => {
  const { access } = request.routeOptions.config
  if (access !== 'anyone' || request.method !== 'POST' || request.refused !== null) return undefined
  const caller = CallerText.safeParse(payload)
  if (!caller.success) return undefined
  const { username: id, name } = caller.data
  return { ...(await factsOf(request, ports)), actor: { kind: 'user', id, name }, outcome: 'done' }
}

const failedLoginOf = async (request: FastifyRequest, ports: Ports): Promise<TrailEntry | undefined> => {
  const { refused, routeOptions, body } = request
  if (routeOptions.config.access !== 'anyone' || refused === null || !failedLogin.has(refused))
    return undefined
  const given = WithUsername.safeParse(body)
  const user = given.success ? ports.access.users.get(given.data.username) : undefined
  return {
    ...(await factsOf(request, ports)),
    actor: nobody,
    outcome: refused,
    ...(user && { subject: `users/${user.username}` }),
  }
}

export const recordActs = (app: ApiApp, ports: Ports, recorder: Recorder): void => {
  const failedLogins = createFailedLogins(recorder.record, ports.clock)
  app.decorateRequest('isRecorded', false)
  app.decorateRequest('actedOn', null)
  app.decorateRequest('actFacts', null)
  app.addHook('onSend', async (request, _reply, payload) => {
    if (request.is404) return payload
    if (isAct(request)) {
      await recorder.record(await entryOf(request, request.refused ?? 'done', ports))
      return payload
    }
    const arrival = await arrivalOf(request, payload, ports)
    if (arrival) await recorder.record(arrival)
    const failure = await failedLoginOf(request, ports)
    if (failure) await failedLogins.told(failure)
    return payload
  })
  app.addHook('onClose', async () => {
    await failedLogins.close()
    await recorder.close()
  })
}
