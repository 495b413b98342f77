/**
 * The emergency card of a resident: for those who work on a call, and by a link that expires for those who have no login.
 * Whoever shows numbers in clear, or opens a link, is on record first.
 */
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { type Alarm, alarmStates, isOpen } from '../model/alarm.ts'
import type { CardLink, CardOpening } from '../model/card.ts'
import type { Refusal } from '../model/errors.ts'
import { AlarmId, ResidentId, UserId } from '../model/ids.ts'
import { mayDo } from '../model/permissions.ts'
import type { ResidentRecord } from '../model/records.ts'
import type { ApiApp, ApiPorts } from './app.ts'
import { inSight, principalOf } from './authenticate.ts'
import { byOf } from './by.ts'
import { CardView, cardOf } from './card-view.ts'
import { viewerOf } from './personal-view.ts'
import { problems, reading, writing } from './problem.ts'
import { originOf } from './session-shapes.ts'
import { ByView, IdParams, momentOf, momentOrNull, Shown } from './shapes.ts'
import { entryOf } from './trail-hook.ts'
import type { Recorder } from './trail-recorder.ts'

type Ports = ApiPorts & { readonly recorder: Recorder }

const tags = ['cards']
const params = z.object({ id: ResidentId })
const openStates = alarmStates.filter(isOpen)
const namedAlarm = AlarmId.exactOptional().describe(
  'Its timeline is on the card; while it is open, whoever sees it sees the card as well',
)

type Asked = { readonly resident: ResidentId; readonly alarm: AlarmId | undefined }
type Subject = { readonly resident: ResidentRecord; readonly alarm: Alarm | undefined }

/** A responder is bound to a point, which residents do not belong to: an open alarm leads there, and only that. */
const subjectOf = async (
  request: FastifyRequest,
  asked: Asked,
  { registry, alarm: find, places }: ApiPorts,
): Promise<Subject | Refusal> => {
  const isSeen = inSight(request)
  const resident = registry.get('residents', asked.resident)
  const alarm = asked.alarm === undefined ? undefined : await find(asked.alarm)
  const isTheirs = alarm && alarm.location.home === resident?.home && isSeen(places.ofAlarm(alarm))
  const leadsThere = isTheirs && isOpen(alarm.state)
  if (!resident || !(leadsThere || isSeen(places.ofRecord('residents', resident))))
    return { refused: 'not-found', detail: `there is no resident ${asked.resident}` }
  if (asked.alarm !== undefined && !isTheirs) return { refused: 'alarm-not-found' }
  request.subject = { kind: 'residents', id: resident.id }
  return { resident, alarm }
}

/** Of the open alarms of one home, the most urgent. */
const lookedAt = 50

/** Somebody needs help there now, and whoever asks may call on account of that. */
const mayCall = async (
  request: FastifyRequest,
  { home }: ResidentRecord,
  { journal }: ApiPorts,
): Promise<boolean> => {
  if (!mayDo(principalOf(request), 'personal:reveal-in-alarm')) return false
  const within = { homes: [home] }
  const { items } = await journal.list({ states: openStates, within, order: 'urgency', limit: lookedAt })
  return items.some(alarm => alarm.class !== 'technical' && alarm.class !== 'test')
}

const addCard = (app: ApiApp, ports: Ports): void => {
  app.get(
    '/api/residents/:id/card',
    {
      config: { access: { may: 'card:read', about: 'filtered' } },
      schema: {
        tags,
        summary:
          'The emergency card. While an alarm is open there, with telephone numbers in clear, on record',
        params,
        querystring: z.strictObject({
          alarm: namedAlarm,
        }),
        response: { 200: CardView, ...problems(...reading, 'not-found', 'alarm-not-found') },
      },
    },
    async request => {
      const asked = { resident: request.params.id, alarm: request.query.alarm }
      const subject = await subjectOf(request, asked, ports)
      if ('refused' in subject) return subject
      const { resident } = subject
      const isRevealed = await mayCall(request, resident, ports)
      if (isRevealed) {
        await ports.recorder.recordAnyhow(await entryOf(request, 'done', ports))
        request.isRecorded = true
      }
      const viewer = isRevealed ? 'revealed' : viewerOf(request)
      return cardOf({ ...subject, viewer, by: byOf(request) }, ports)
    },
  )
}

const OpeningView = z.object({ at: Shown, address: z.string(), userAgent: z.string() })
export const LinkView = z
  .object({
    id: z.string(),
    alarm: z.string().nullable(),
    reason: z.string(),
    by: ByView,
    createdAt: Shown,
    expiresAt: Shown,
    endedAt: Shown.nullable().describe('Somebody has ended it'),
    openings: z.array(OpeningView).describe('Oldest first'),
  })
  .meta({ id: 'CardLink' })

const linkView = (link: CardLink, openings: readonly CardOpening[]): z.infer<typeof LinkView> => ({
  id: link.id,
  alarm: link.alarm ?? null,
  reason: link.reason,
  by: { id: link.by.id, name: link.by.name },
  createdAt: momentOf(link.createdAt),
  expiresAt: momentOf(link.expiresAt),
  endedAt: momentOrNull(link.endedAt),
  openings: openings.map(({ at, ...from }) => ({ at: momentOf(at), ...from })),
})

const Sharing = z.strictObject({
  hours: z.int().min(1).max(72).default(12).describe('How long the link is good'),
  reason: z.string().min(1).max(500).describe('Goes on record'),
  alarm: namedAlarm,
})

const addSharing = (app: ApiApp, ports: Ports): void => {
  const path = '/api/residents/:id/card/links'
  const config = { access: { may: 'card:share', about: 'filtered' } } as const
  app.post(
    path,
    {
      config,
      schema: {
        tags,
        summary: 'Share the card by a link, good for some hours, with telephone numbers in clear',
        params,
        body: Sharing,
        response: {
          201: z.object({ id: z.string(), url: z.string().describe('Shown this once'), expiresAt: Shown }),
          ...problems(
            ...writing,
            ...(['not-found', 'alarm-not-found', 'resident-erased'] as const),
            ...(['too-busy', 'journal-unavailable'] as const),
          ),
        },
      },
    },
    async (request, reply) => {
      const asked = { resident: request.params.id, alarm: request.body.alarm }
      const subject = await subjectOf(request, asked, ports)
      if ('refused' in subject) return subject
      const { id: resident, erasedAt } = subject.resident
      if (erasedAt !== undefined) return { refused: 'resident-erased' as const }
      const made = ports.cards.create({ ...request.body, resident, by: byOf(request) })
      if ('refused' in made) return made
      const { link, secret } = made
      reply.code(201)
      return { id: link.id, url: `/card/${secret}`, expiresAt: momentOf(link.expiresAt) }
    },
  )

  app.get(
    path,
    {
      config,
      schema: {
        tags,
        summary: 'Links to the card, newest first, with who opened them; void ones for 30 days',
        params,
        querystring: z.strictObject({ alarm: namedAlarm }),
        response: {
          200: z.object({ items: z.array(LinkView) }),
          ...problems(...reading, 'not-found', 'alarm-not-found'),
        },
      },
    },
    async request => {
      const asked = { resident: request.params.id, alarm: request.query.alarm }
      const subject = await subjectOf(request, asked, ports)
      if ('refused' in subject) return subject
      const links = ports.cards.list(subject.resident.id)
      return { items: links.map(({ openings, ...link }) => linkView(link, openings)) }
    },
  )
}

const addEnding = (app: ApiApp, { cards, registry, places }: Ports): void => {
  app.delete(
    '/api/card-links/:id',
    {
      config: { access: { may: 'card:share', about: 'filtered' } },
      schema: {
        tags,
        summary: 'End a link, at once',
        params: IdParams,
        response: { 204: z.undefined(), ...problems(...reading, 'not-found', 'journal-unavailable') },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const link = cards.get(id)
      const resident = link && registry.get('residents', link.resident)
      const isSeen = resident && inSight(request)(places.ofRecord('residents', resident))
      const isOwn = link?.by.id === principalOf(request).id
      if (!link || !(isSeen || isOwn) || !cards.end(id))
        return { refused: 'not-found' as const, detail: `there is no link ${id} that is good` }
      request.subject = { kind: 'residents', id: link.resident }
      return reply.code(204).send()
    },
  )
}

/** Whoever has the link: nobody knows who it is. */
const bearer = { kind: 'user', id: UserId.parse('card-link'), name: '急救卡链接 card link' } as const

type Shared = { readonly link: CardLink; readonly resident: ResidentRecord }

/** In the file of the links, and in the trail. A refusal: it could not be, so nothing is shown. */
const unrecorded = async (
  request: FastifyRequest,
  { link, resident }: Shared,
  { cards, clock, places, recorder }: Ports,
): Promise<Refusal | undefined> => {
  const { address, userAgent = '' } = originOf(request)
  if (!cards.opened(link.id, { address, userAgent })) return { refused: 'card-void' }
  const isRecorded = await recorder.record({
    at: clock.now(),
    actor: bearer,
    address,
    action: 'GET /api/cards/:secret',
    subject: `residents/${resident.id}`,
    outcome: 'done',
    facts: { link: link.id, sharedBy: link.by.id },
    areas: places.ofRecord('residents', resident).areas,
  })
  return isRecorded ? undefined : { refused: 'not-recorded' }
}

const addOpening = (app: ApiApp, ports: Ports): void => {
  const { cards, registry, alarm } = ports
  const sharedBy = (secret: string): Shared | undefined => {
    const link = cards.find(secret)
    const resident = link && registry.get('residents', link.resident)
    return resident && resident.erasedAt === undefined ? { link, resident } : undefined
  }
  app.get(
    '/api/cards/:secret',
    {
      config: { access: 'anyone', isCounted: true },
      schema: {
        tags,
        summary: 'The card as it is now, for whoever has the link; each opening is on record first',
        params: z.object({ secret: z.string().min(1).max(100) }),
        response: {
          200: CardView,
          ...problems(
            'invalid-request',
            'too-many-requests',
            'card-void',
            'not-recorded',
            'journal-unavailable',
          ),
        },
      },
    },
    async request => {
      const { secret } = request.params
      const asked = sharedBy(secret)
      if (!asked) return { refused: 'card-void' as const }
      const refused = await unrecorded(request, asked, ports)
      if (refused) return refused
      // Ended, or erased, while it was put on record: then nothing is shown.
      const shared = sharedBy(secret)
      if (!shared) return { refused: 'card-void' as const }
      const { link, resident } = shared
      const named = link.alarm === undefined ? undefined : await alarm(link.alarm)
      return cardOf({ resident, alarm: named, viewer: 'revealed', by: link.by }, ports)
    },
  )
}

export const cardRoutes = (app: ApiApp, ports: Ports): void => {
  addCard(app, ports)
  addSharing(app, ports)
  addEnding(app, ports)
  addOpening(app, ports)
}
