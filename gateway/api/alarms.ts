/** Alarms: those that need a person, those of the past, and one with all that happened to it. */
import { z } from 'zod'
import { alarmStates, isOpen } from '../model/alarm.ts'
import { AlarmId, AreaId, HomeId, PointId, ResidentId } from '../model/ids.ts'
import type { AlarmQuery, AlarmsWithin } from '../model/journal.ts'
import type { Registry } from '../model/registry.ts'
import { AlarmView, alarmView, Kind } from './alarm-view.ts'
import type { ApiApp, ApiPorts } from './app.ts'
import { principalOf } from './authenticate.ts'
import { DeliveryView, deliveryView, EntryView, entryView } from './entry-view.ts'
import { viewerOf } from './personal-view.ts'
import { problems, reading } from './problem.ts'
import { instantOf, Moment, pageOf, pageQuery } from './shapes.ts'
import { unseen } from './unseen.ts'

const openStates = alarmStates.filter(isOpen)

/** Strict: a misspelt filter must not answer alarms that nobody asked for, nor hide any. */
const Query = z.strictObject({
  state: z
    .enum(['open', 'follow-up', 'all'])
    .default('all')
    .describe(
      'open: a person is still needed; by urgency. follow-up: resolved, and nobody has asked yet how it went; due first',
    ),
  kind: Kind.exactOptional(),
  area: AreaId.exactOptional().describe('With everything inside it'),
  point: PointId.exactOptional().describe('Asked to take it, holding it, or with a responder who is sent'),
  home: HomeId.exactOptional(),
  resident: ResidentId.exactOptional().describe('Whom it is about, not who else lives there'),
  from: Moment.exactOptional().describe('Received at or after'),
  to: Moment.exactOptional().describe('Received before'),
  ...pageQuery,
})

/** Which alarms each word means, and in which order. */
const meant = {
  open: { states: openStates, order: 'urgency' },
  'follow-up': { states: ['resolved'], order: 'due' },
  all: { order: 'received' },
} as const satisfies Record<string, Pick<AlarmQuery, 'states' | 'order'>>

const journalQuery = (
  { state, kind, area, point, home, resident, from, to, limit, cursor }: z.infer<typeof Query>,
  registry: Registry,
  within: AlarmsWithin | undefined,
): AlarmQuery => ({
  ...meant[state],
  ...(kind !== undefined && { kind }),
  ...(area !== undefined && { areas: registry.areasWithin(area) }),
  ...(point !== undefined && { point }),
  ...(home !== undefined && { home }),
  ...(resident !== undefined && { resident }),
  ...(within && { within }),
  ...(from !== undefined && { from: instantOf(from) }),
  ...(to !== undefined && { to: instantOf(to) }),
  ...(cursor !== undefined && { cursor }),
  limit,
})

export const alarmRoutes = (app: ApiApp, ports: ApiPorts): void => {
  const { journal, registry, places, papers } = ports
  app.get(
    '/api/alarms',
    {
      config: { access: { may: 'alarm:read', about: 'filtered' } },
      schema: {
        tags: ['alarms'],
        summary:
          'Alarms: open ones by urgency, those to follow up by when that is due, all of them newest first',
        querystring: Query,
        response: {
          200: pageOf(AlarmView).extend({
            head: z
              .int()
              .describe('Give it to /api/stream as `lastEventId` to miss nothing after this answer'),
          }),
          ...problems(...reading, 'unknown-reference'),
        },
      },
    },
    async request => {
      const { area, point, home, resident } = request.query
      const refusalFor = unseen(request, ports)
      const refusal =
        refusalFor('areas', area) ??
        refusalFor('servicePoints', point) ??
        refusalFor('homes', home) ??
        refusalFor('residents', resident)
      if (refusal) return refusal
      const within = places.alarmsWithin(principalOf(request).scopes)
      // Before the look: an entry committed meanwhile is then told twice rather than never.
      const head = journal.head().seq
      const { items, nextCursor } = await journal.list(journalQuery(request.query, registry, within))
      const viewer = viewerOf(request)
      return { items: items.map(alarm => alarmView(alarm, registry, viewer)), nextCursor, head }
    },
  )

  app.get(
    '/api/alarms/:id',
    {
      config: { access: { may: 'alarm:read', about: { kind: 'alarms', named: 'id' } } },
      schema: {
        tags: ['alarms'],
        summary: 'One alarm, all that happened to it, and whom the gateway told',
        params: z.object({ id: AlarmId }),
        response: {
          200: AlarmView.extend({ timeline: z.array(EntryView), deliveries: z.array(DeliveryView) }),
          ...problems(...reading, 'alarm-not-found'),
        },
      },
    },
    async request => {
      const { id } = request.params
      const [alarm, timeline, deliveries] = await Promise.all([
        journal.load(id),
        journal.timeline(id),
        journal.deliveriesOf(id),
      ])
      if (!alarm) return { refused: 'alarm-not-found' as const }
      const viewer = viewerOf(request)
      return {
        ...alarmView(alarm, registry, viewer),
        timeline: timeline.map(entry => entryView(entry, viewer, papers)),
        deliveries: deliveries.map(deliveryView),
      }
    },
  )
}
