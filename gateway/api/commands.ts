/**
 * What people do with an alarm. Each command is data: its body, and what that asks of the desk. Members that a body does
 * not know are passed over: an acknowledgement must not fail because a console says more than is read here.
 */
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Holder } from '../model/actor.ts'
import {
  type Alarm,
  callBackOutcomes,
  calledBack,
  causes,
  declineReasons,
  emergencyServices,
} from '../model/alarm.ts'
import type { PersonCommand } from '../model/desk.ts'
import type { Refusal } from '../model/errors.ts'
import { AlarmId, PointId, ResponderId, UserId } from '../model/ids.ts'
import { mayDo, type Permission } from '../model/permissions.ts'
import type { ResponderRecord } from '../model/records.ts'
import { type Place, sees } from '../model/scope.ts'
import { AlarmView, alarmView } from './alarm-view.ts'
import type { ApiApp, ApiPorts } from './app.ts'
import { actorOf, principalOf } from './authenticate.ts'
import { knownThrough } from './known-through.ts'
import { viewerOf } from './personal-view.ts'
import { problems, writing } from './problem.ts'
import { notTheirs, sentAs } from './theirs.ts'

const epoch = z.int().min(0)
const note = z.string().max(2_000)
const claim = { epoch: epoch.exactOptional(), note: note.exactOptional() }
/** A day: whoever needs longer is not on the way. */
const etaMinutes = z.number().min(0).max(1_440)
/** More than a city is no position at all. */
const accuracyMeters = z.number().min(0).max(100_000)

const Proof = z.discriminatedUnion('by', [
  z.object({ by: z.literal('button') }),
  z.object({ by: z.literal('door-code'), code: z.string().max(200) }),
  z
    .object({
      by: z.literal('position'),
      lat: z.number().min(-90).max(90),
      lon: z.number().min(-180).max(180),
      accuracyMeters,
    })
    .describe('WGS-84. How far that is from the home goes on record, the position does not'),
])

type Context = Pick<ApiPorts, 'registry' | 'places' | 'access' | 'clock'> & {
  /** Where the alarm is, and who was asked. */
  readonly place: Place | undefined
  /** Whether the caller sees what is there, or this alarm shows it: a point of the neighbours that was asked. */
  readonly isKnown: (place: Place) => boolean
  /** The responder who is sent, where that is the caller: what they say is about their own way. */
  readonly sent: ResponderId | undefined
}

/** What a body asks of the desk, once it is known who and what it names. */
type Asked = (context: Context) => PersonCommand | Refusal

type Command = {
  readonly summary: string
  readonly body: z.ZodType<Asked>
  /** Where it is not working the alarm. */
  readonly may?: Permission
  /** Taken or told by whoever sees the alarm, whosesoever it is. */
  readonly byAnybody?: true
  /** Of responders, only who is sent answers: not a colleague of the point that holds it. */
  readonly bySent?: true
}

const unknownReference = (what: string): Refusal => ({
  refused: 'unknown-reference',
  detail: `there is no ${what}`,
})

const holderOf = (to: { user: UserId } | { point: PointId }, context: Context): Holder | Refusal => {
  const { registry, access, places, place, isKnown } = context
  if ('point' in to) {
    const point = registry.get('servicePoints', to.point)
    return point && isKnown(places.ofRecord('servicePoints', point))
      ? { kind: 'point', id: to.point }
      : unknownReference(`service point ${to.point}`)
  }
  const user = access.users.get(to.user)
  // Nobody is handed what they could not see, or not work on: the call would wait for its lease to end.
  return user && !user.disabled && mayDo(user, 'alarm:work') && (!place || sees(user.scopes, place))
    ? { kind: 'user', id: user.username, name: user.name }
    : unknownReference(`user ${to.user}`)
}

const refusals = [
  ...writing,
  'alarm-not-found',
  'already-held',
  'stale-epoch',
  'not-holder',
  'wrong-state',
  'wrong-door',
  'no-agreement',
  'already-resolved',
  'follow-up-by-handler',
  'unknown-reference',
  'journal-unavailable',
  'too-busy',
] as const

/** Whose answer it is, so that a late one is not taken for that of whoever was asked since. */
const answer = {
  epoch: epoch.exactOptional(),
  responder: ResponderId.exactOptional().describe('Whose; usually who is sent'),
}
const asSent = (sent: ResponderId | undefined) =>
  sent === undefined ? { onBehalf: true as const } : { responder: sent }

/** The responder is named in the journal for good, so it must be one. */
const responderOf = (
  id: ResponderId | undefined,
  { registry, places, isKnown }: Context,
): ResponderRecord | Refusal | undefined => {
  if (id === undefined) return undefined
  const responder = registry.get('responders', id)
  return responder && isKnown(places.ofRecord('responders', responder))
    ? responder
    : unknownReference(`responder ${id}`)
}

const commands: Readonly<Record<string, Command>> = {
  acknowledge: {
    summary: 'Take it on. 409 with the `holder` when somebody was faster.',
    byAnybody: true,
    body: z.object({ epoch }).transform(body => () => ({ type: 'acknowledge', ...body })),
  },
  release: {
    summary: 'Hand it back: it is offered anew at once',
    body: z.object(claim).transform(body => () => ({ type: 'release', ...body })),
  },
  transfer: {
    summary: 'Hand it over to a person or a service point',
    body: z
      .object({
        ...claim,
        to: z.union([z.strictObject({ user: UserId }), z.strictObject({ point: PointId })]),
      })
      .transform(({ to, ...body }) => context => {
        const holder = holderOf(to, context)
        return 'refused' in holder ? holder : { type: 'transfer', to: holder, ...body }
      }),
  },
  dispatch: {
    summary: 'Somebody is sent. With `ask`, the responder has to accept in time',
    body: z
      .object({
        ...claim,
        responder: ResponderId.exactOptional(),
        ask: z.boolean().exactOptional(),
        etaMinutes: etaMinutes.exactOptional(),
      })
      .refine(({ ask, responder }) => !ask || responder !== undefined, {
        path: ['responder'],
        message: 'who is asked has a name',
      })
      .transform(body => context => {
        const responder = responderOf(body.responder, context)
        if (responder && 'refused' in responder) return responder
        return { type: 'dispatch', ...body, ...(responder && { point: responder.point }) }
      }),
  },
  accept: {
    summary: 'The responder goes: said by them, or written down for them, which the entry says (`onBehalf`)',
    bySent: true,
    body: z.object({ ...answer, etaMinutes: etaMinutes.exactOptional() }).transform(body => ({ sent }) => ({
      type: 'accept',
      ...asSent(sent),
      ...body,
    })),
  },
  decline: {
    summary:
      'The responder does not go, by their own word or written down for them: its holder has it again, and sends another',
    bySent: true,
    body: z
      .object({ ...answer, note: note.exactOptional(), reason: z.enum(declineReasons) })
      .transform(body => ({ sent }) => ({ type: 'decline', ...asSent(sent), ...body })),
  },
  'call-back': {
    summary:
      'Somebody rang the resident or a contact. On a suspected alarm the second call in vain counts as real',
    body: z
      .object({ ...claim, whom: z.enum(calledBack), outcome: z.enum(callBackOutcomes) })
      .transform(body => () => ({ type: 'call-back', ...body })),
  },
  'hand-over': {
    summary: 'To an emergency service that the resident’s agreement (代呼协议) names',
    body: z
      .object({ ...claim, service: z.enum(emergencyServices) })
      .transform(body => () => ({ type: 'hand-over', ...body })),
  },
  arrive: {
    summary: 'Somebody is there',
    body: z
      .object({ ...claim, responder: ResponderId.exactOptional(), proof: Proof.exactOptional() })
      .transform(body => context => {
        const responder = responderOf(body.responder, context)
        return responder && 'refused' in responder
          ? responder
          : { type: 'arrive', ...(context.sent && { responder: context.sent }), ...body }
      }),
  },
  resolve: {
    summary: 'The matter is over; the cause is named',
    body: z
      .object({ ...claim, cause: z.enum(causes) })
      .transform(body => () => ({ type: 'resolve', ...body })),
  },
  'follow-up': {
    summary: 'Somebody who did not handle it asked the resident how it went',
    may: 'alarm:follow-up',
    body: z
      .object({
        reached: z.boolean(),
        satisfaction: z.int().min(1).max(5).exactOptional(),
        note: note.exactOptional(),
      })
      .transform(body => () => ({ type: 'follow-up', ...body })),
  },
  note: {
    summary: 'Write something down',
    body: z.object({ text: note.min(1) }).transform(body => () => ({ type: 'note', ...body })),
  },
  'repeat-call': {
    summary: 'A further call came in by another way, such as the telephone: it counts like a press',
    byAnybody: true,
    body: z.object({ note: note.exactOptional() }).transform(data => ({ clock }) => ({
      type: 'repeat',
      occurrence: { receivedAt: clock.now(), data },
    })),
  },
  confirm: {
    summary: 'A suspected alarm is real',
    byAnybody: true,
    body: z.object({}).transform(() => () => ({ type: 'confirm' })),
  },
}

const contextOf = (request: FastifyRequest, alarm: Alarm | undefined, ports: ApiPorts): Context => {
  const place = alarm && ports.places.ofAlarm(alarm)
  const sent = alarm && sentAs(alarm, principalOf(request), ports.registry)
  return { ...ports, place, isKnown: knownThrough(request, place), sent }
}

export const commandRoutes = (app: ApiApp, ports: ApiPorts): void => {
  const { desk, registry } = ports
  for (const [name, { summary, body, may = 'alarm:work', byAnybody, bySent }] of Object.entries(commands)) {
    app.post(
      `/api/alarms/:id/${name}`,
      {
        config: { access: { may, about: { kind: 'alarms', named: 'id' } } },
        schema: {
          tags: ['alarms'],
          summary,
          params: z.object({ id: AlarmId }),
          body,
          response: { 200: AlarmView, ...problems(...refusals) },
        },
      },
      async request => {
        const { id } = request.params
        const alarm = await ports.alarm(id)
        const context = contextOf(request, alarm, ports)
        const caller = principalOf(request)
        const refusal = alarm && !byAnybody && context.sent === undefined && notTheirs(alarm, caller, bySent)
        if (refusal) return refusal
        const command = request.body(context)
        if ('refused' in command) return command
        const done = await desk.act(id, command, actorOf(request))
        return 'refused' in done ? done : alarmView(done, registry, viewerOf(request))
      },
    )
  }
}
