/** What an alarm's events owe to whom. Pure: the rows go into the journal with the events themselves. */
import type { Alarm, AlarmEvent, Recipient } from '../model/alarm.ts'
import type { DeliveryKind, FeedbackStage, NewDelivery } from '../model/delivery.ts'
import type { DeviceId, Instant, PointId } from '../model/ids.ts'

/** The life of one alarm across one commit. */
export type Change = {
  readonly before: Alarm | undefined
  readonly events: readonly AlarmEvent[]
  readonly after: Alarm
  readonly at: Instant
}

/** The ways that there are to reach somebody other than a service point. */
export type Ways = {
  readonly webhook: boolean
  /** Devices of the home that can ask the resident. */
  readonly voices: readonly DeviceId[]
}

const pointsOf = (asked: readonly Recipient[]): readonly PointId[] =>
  asked.flatMap(one => (one.kind === 'point' ? [one.point] : []))

const holding = (alarm: Alarm | undefined): readonly PointId[] =>
  alarm?.holder?.kind === 'point' ? [alarm.holder.id] : []

/** Points that must hear of the event as an offer. */
const offeredTo = (event: AlarmEvent, { before, after }: Change): readonly PointId[] => {
  if (event.type === 'offered') return pointsOf(event.recipients)
  // Whoever was asked before hears the second press too.
  return event.type === 'repeated' && before && after.state === 'offered' ? pointsOf(before.asked) : []
}

/** Points that must hear what became of an alarm that they were asked about or hold. */
const updatedAt = (event: AlarmEvent, { before, after }: Change): readonly PointId[] => {
  switch (event.type) {
    case 'acknowledged':
    case 'transferred':
    case 'resolved':
      return [...pointsOf(after.asked), ...holding(before), ...holding(after)]
    case 'released':
      return holding(before)
    case 'repeated':
      return holding(after)
    default:
      return []
  }
}

/** What a device may be told while its alarm is like this. Nobody comes before a responder who was asked has said yes. */
export const feedbackStage = ({ state, accepted }: Pick<Alarm, 'state' | 'accepted'>): FeedbackStage => {
  switch (state) {
    case 'suspected':
    case 'offered':
      return 'accepted'
    case 'dispatched':
      return accepted === false ? 'acknowledged' : state
    case 'acknowledged':
    case 'arrived':
    case 'resolved':
      return state
    case 'closed':
      return 'resolved'
  }
}

/** `released`, `declined`: who had the call or was coming is not any more, and the caller must not go on believing so. */
const toldToDevice: ReadonlySet<AlarmEvent['type']> = new Set<AlarmEvent['type']>([
  'raised',
  'repeated',
  'acknowledged',
  'released',
  'transferred',
  'dispatched',
  'accepted',
  'declined',
  'handed-over',
  'arrived',
  'resolved',
])

const feedbackOf = (event: AlarmEvent, { after }: Change): string | undefined => {
  const eventId = 'occurrence' in event ? event.occurrence.eventId : after.lastEventId
  return toldToDevice.has(event.type) && eventId !== undefined
    ? `${feedbackStage(after)}/${eventId}`
    : undefined
}

const noticed: ReadonlySet<AlarmEvent['type']> = new Set<AlarmEvent['type']>([
  'raised',
  'suspected',
  'confirmed',
  'offered',
  'repeated',
  'acknowledged',
  'released',
  'dispatched',
  'declined',
  'overdue',
  'resolved',
])

type Addressee = { readonly kind: DeliveryKind; readonly recipient: string; readonly topic: string }

const addressees = (event: AlarmEvent, change: Change, { webhook, voices }: Ways): readonly Addressee[] => {
  const { after } = change
  const feedback = feedbackOf(event, change)
  const points = (kind: 'offer' | 'update', ids: readonly PointId[], topic: string): readonly Addressee[] =>
    [...new Set(ids)].map(id => ({ kind, recipient: `point:${id}`, topic }))
  return [
    ...points('offer', offeredTo(event, change), String(after.epoch)),
    ...points('update', updatedAt(event, change), event.type),
    ...(feedback !== undefined && after.location.device
      ? [{ kind: 'feedback', recipient: `device:${after.location.device}`, topic: feedback } as const]
      : []),
    ...(event.type === 'suspected'
      ? voices.map(id => ({ kind: 'prompt', recipient: `device:${id}`, topic: after.kind }) as const)
      : []),
    ...(webhook && noticed.has(event.type) && after.class !== 'test'
      ? [{ kind: 'notice', recipient: 'webhook', topic: event.type } as const]
      : []),
  ]
}

/** Of two offers to the same recipient in one commit, both would say the same: the later one stands for both. */
const onceOffered = (deliveries: readonly NewDelivery[]): readonly NewDelivery[] => {
  const offers = new Map(
    deliveries.flatMap(one => (one.kind === 'offer' ? [[one.recipient, one] as const] : [])),
  )
  return deliveries.filter(one => one.kind !== 'offer' || offers.get(one.recipient) === one)
}

export const owed = (change: Change, ways: Ways): readonly NewDelivery[] => {
  const firstVersion = (change.before?.version ?? 0) + 1
  const deliveries = change.events.flatMap((event, index) => {
    const version = firstVersion + index
    return addressees(event, change, ways).map(one => ({
      id: `${change.after.id}/${version}/${one.recipient}`,
      alarm: change.after.id,
      version,
      createdAt: change.at,
      ...one,
    }))
  })
  return onceOffered(deliveries)
}
