/** Who has the watch: taken over, and handed on by name with the open alarms. */
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Refusal } from '../model/errors.ts'
import { UserId } from '../model/ids.ts'
import type { ApiApp, ApiPorts } from './app.ts'
import { principalOf } from './authenticate.ts'
import { byOf } from './by.ts'
import { canFollow } from './colleagues.ts'
import { problems, reading, writing } from './problem.ts'
import { HandOverView, handOverView, ShiftView, shiftView } from './shift-view.ts'

const noteMax = 2_000

const Nothing = z.object({})
const read = { access: { may: 'shift:read', about: 'filtered' } } as const
const work = { access: { may: 'shift:work', about: 'common' } } as const

/** Somebody must be there to hear it ring. */
const programRefused = (request: FastifyRequest): Refusal | undefined =>
  principalOf(request).via === 'token'
    ? { refused: 'not-allowed', detail: 'a program cannot have the watch' }
    : undefined

/** Rights may have changed since it was offered. Nobody is handed what they would not see: it would wait in vain. */
const blindTo = (
  request: FastifyRequest,
  id: string,
  { watch, access, ...ports }: ApiPorts,
): Refusal | undefined => {
  const principal = principalOf(request)
  const offer = watch.now().pending.find(one => one.id === id && one.to.id === principal.id)
  const [leaver, user] = [offer && access.users.get(offer.from.id), access.users.get(principal.id)]
  return leaver && user && !canFollow(user, leaver.scopes, { access, ...ports })
    ? { refused: 'not-allowed', detail: `you do not see all that ${leaver.username} sees` }
    : undefined
}

const addComing = (app: ApiApp, ports: ApiPorts): void => {
  const { watch } = ports
  app.get(
    '/api/shift',
    {
      config: read,
      schema: {
        tags: ['shift'],
        summary: 'Who is on duty, what is offered to whom, and what happened last',
        response: { 200: ShiftView, ...problems(...reading) },
      },
    },
    request => shiftView(request, ports),
  )

  app.post(
    '/api/shift/take-over',
    {
      config: work,
      schema: {
        tags: ['shift'],
        summary: 'You are on duty from now on, beside whoever is',
        body: Nothing,
        response: { 200: ShiftView, ...problems(...writing) },
      },
    },
    async request =>
      programRefused(request) ?? (await watch.takeOver(byOf(request))) ?? shiftView(request, ports),
  )
}

const addLeaving = (app: ApiApp, ports: ApiPorts): void => {
  const { watch } = ports
  app.post(
    '/api/shift/leave',
    {
      config: work,
      schema: {
        tags: ['shift'],
        summary: 'You are not on duty any more. What you hold stays yours until its time is up.',
        body: z.object({ leaveEmpty: z.boolean().default(false).describe('Nobody follows') }),
        response: { 200: ShiftView, ...problems(...writing, 'last-on-duty', 'wrong-shift-state') },
      },
    },
    async request => (await watch.leave(byOf(request), request.body.leaveEmpty)) ?? shiftView(request, ports),
  )

  app.post(
    '/api/shift/withdraw',
    {
      config: work,
      schema: {
        tags: ['shift'],
        summary: 'What you have offered is not offered any more',
        body: Nothing,
        response: { 200: ShiftView, ...problems(...writing, 'wrong-shift-state') },
      },
    },
    async request => (await watch.withdraw(byOf(request))) ?? shiftView(request, ports),
  )
}

const addHandOver = (app: ApiApp, ports: ApiPorts): void => {
  const { watch, access } = ports
  app.post(
    '/api/shift/hand-over',
    {
      config: { access: { may: 'shift:work', about: 'filtered' } },
      schema: {
        tags: ['shift'],
        summary: 'Offers your shift to a colleague, with the open alarms that you hold now',
        body: z.object({ to: UserId, note: z.string().max(noteMax).exactOptional() }),
        response: {
          200: HandOverView,
          ...problems(...writing, 'unknown-reference', 'wrong-shift-state', 'journal-unavailable'),
        },
      },
    },
    async request => {
      const { to, note } = request.body
      request.actedOn = `users/${to}`
      const user = access.users.get(to)
      if (!user || !canFollow(user, principalOf(request).scopes, ports))
        return {
          refused: 'unknown-reference' as const,
          detail: `there is no colleague ${to} who sees all that you see`,
        }
      const colleague = { id: user.username, name: user.name }
      const offered = await watch.handOver(byOf(request), colleague, note)
      return 'refused' in offered ? offered : handOverView(offered, offered.alarms, ports)
    },
  )

  app.post(
    '/api/shift/accept',
    {
      config: work,
      schema: {
        tags: ['shift'],
        summary: 'You are on duty, whoever offered it is not, and their open alarms are yours',
        body: z.object({ id: z.uuid() }),
        response: {
          200: z.object({
            transferred: z.array(z.string()),
            notTransferred: z.array(z.object({ alarm: z.string(), code: z.string() })),
          }),
          ...problems(...writing, 'not-found', 'journal-unavailable', 'too-busy'),
        },
      },
    },
    async request => {
      const { id } = request.body
      request.actedOn = `shift/${id}`
      const done = blindTo(request, id, ports) ?? (await watch.accept(byOf(request), id))
      if ('refused' in done) return done
      const notTransferred = done.kept.map(({ alarm, why }) => ({ alarm, code: why }))
      return { transferred: [...done.transferred], notTransferred }
    },
  )
}

export const shiftRoutes = (app: ApiApp, ports: ApiPorts): void => {
  addComing(app, ports)
  addLeaving(app, ports)
  addHandOver(app, ports)
}
