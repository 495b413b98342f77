/** A line of the journal as somebody sees it, in an alarm's timeline and on the live stream alike. */
import { z } from 'zod'
import { withTexts } from '../kit/event-texts.ts'
import type { AlarmEvent, Deadline, Occurrence, Recipient } from '../model/alarm.ts'
import type { Delivery } from '../model/delivery.ts'
import type { Entry } from '../model/journal.ts'
import { seesClear, type Viewer } from '../model/personal.ts'
import type { Papers } from '../model/vault.ts'
import { shownFound } from './personal-view.ts'
import { momentOf, Shown } from './shapes.ts'

export const EntryView = z
  .looseObject({
    seq: z.int().describe('Global order, without a gap'),
    alarm: z.string(),
    version: z.int(),
    type: z.string().describe('What happened'),
    at: Shown,
    actor: z.looseObject({ kind: z.enum(['device', 'point', 'user', 'rule', 'clock', 'auditor']) }),
    eventId: z.string().optional().describe("The device's own id of its message"),
  })
  .meta({ id: 'Entry', description: 'Further members are what the event of this type says.' })
export type EntryView = z.infer<typeof EntryView>

export const DeliveryView = z
  .object({
    id: z.string(),
    kind: z.enum(['offer', 'update', 'feedback', 'prompt', 'notice']),
    recipient: z.string(),
    topic: z.string(),
    createdAt: Shown,
    state: z.enum(['pending', 'delivered', 'failed', 'not-owed']),
    outcome: z.enum(['transient', 'ambiguous', 'permanent']).nullable(),
    reason: z.string().nullable(),
    attempts: z.int(),
    settledAt: Shown.nullable(),
  })
  .meta({ id: 'Delivery' })

const deadlineView = (deadline: Deadline | null) =>
  deadline && { at: momentOf(deadline.at), kind: deadline.kind }

/** In place of what people write about a resident, for whoever does not see health. */
const hidden = '**'

const occurrenceView = ({ receivedAt, deviceTime, found, data, ...rest }: Occurrence, viewer: Viewer) => ({
  ...rest,
  ...(data && seesClear(viewer, 'health') && { data }),
  ...(found && { found: shownFound(found, viewer) }),
  receivedAt: momentOf(receivedAt),
  ...(deviceTime !== undefined && { deviceTime: momentOf(deviceTime) }),
})

/** From how far it is to some points, whose place everybody knows, follows where somebody lives. */
const withoutWay = (recipient: Recipient) => {
  if (recipient.kind !== 'point') return recipient
  const { travelMinutes: _, ...rest } = recipient
  return rest
}

/** Instants become text; the rest is as it was decided. */
const eventView = (event: AlarmEvent, viewer: Viewer) => ({
  ...event,
  ...(!seesClear(viewer, 'health') && {
    ...('text' in event && { text: hidden }),
    ...('note' in event && { note: hidden }),
    ...('recipients' in event && { recipients: event.recipients.map(withoutWay) }),
  }),
  ...('raisedAt' in event && { raisedAt: momentOf(event.raisedAt) }),
  ...('deadline' in event && { deadline: deadlineView(event.deadline) }),
  ...('occurrence' in event && {
    occurrence: occurrenceView(event.occurrence, viewer),
    ...(event.occurrence.eventId !== undefined && { eventId: event.occurrence.eventId }),
  }),
})

/** @param papers has what people wrote. */
export const entryView = (
  { seq, alarm, version, recordedAt, actor, event }: Entry,
  viewer: Viewer,
  papers: Pick<Papers, 'text'>,
): EntryView => ({
  ...eventView(withTexts(event, papers.text), viewer),
  seq,
  alarm,
  version,
  type: event.type,
  at: momentOf(recordedAt),
  actor: { ...actor },
})

export const deliveryView = (delivery: Delivery): z.infer<typeof DeliveryView> => ({
  id: delivery.id,
  kind: delivery.kind,
  recipient: delivery.recipient,
  topic: delivery.topic,
  createdAt: momentOf(delivery.createdAt),
  state: delivery.state,
  outcome: delivery.outcome ?? null,
  reason: delivery.reason ?? null,
  attempts: delivery.attempts,
  settledAt: delivery.settledAt === undefined ? null : momentOf(delivery.settledAt),
})
