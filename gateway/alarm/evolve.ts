/** How one event changes an alarm. Never judges: what `decide` let happen has happened. */

import type { Holder } from '../model/actor.ts'
import type { Alarm, AlarmEvent, AlarmState, Deadline } from '../model/alarm.ts'
import { classOf, priorityOf } from '../model/kinds.ts'
import { mergeAsked } from './asking.ts'

type Event<Type extends AlarmEvent['type']> = Extract<AlarmEvent, { type: Type }>
type Raised = Event<'raised'>

const begin = (event: Raised): Alarm => ({
  id: event.id,
  version: 1,
  kind: event.kind,
  class: classOf(event.kind),
  priority: event.priority ?? priorityOf(event.kind),
  state: 'suspected',
  subject: event.subject,
  location: event.location,
  raisedAt: event.raisedAt,
  receivedAt: event.occurrence.receivedAt,
  repeats: 0,
  lastOccurrenceAt: event.occurrence.receivedAt,
  ...(event.occurrence.eventId !== undefined && { lastEventId: event.occurrence.eventId }),
  ...(event.occurrence.found && { found: event.occurrence.found }),
  epoch: 1,
  level: 0,
  asked: [],
  handlers: [],
  followUpTries: 0,
})

const withDeadline = (alarm: Alarm, deadline: Deadline | null): Alarm => {
  const { deadline: _, ...rest } = alarm
  return deadline ? { ...rest, deadline } : rest
}

const moved = (alarm: Alarm, state: AlarmState, deadline: Deadline | null): Alarm => ({
  ...withDeadline(alarm, deadline),
  state,
})

/** Nobody goes, or is asked to. */
const unsent = (alarm: Alarm): Alarm => {
  const {
    dispatchedTo: _to,
    dispatchedPoint: _point,
    sentEpoch: _epoch,
    accepted: _accepted,
    etaMinutes: _eta,
    ...rest
  } = alarm
  return rest
}

const unheld = (alarm: Alarm): Alarm => {
  const { holder: _holder, ...rest } = unsent(alarm)
  return rest
}

const withHandler = (handlers: readonly Holder[], one: Holder): readonly Holder[] =>
  handlers.some(known => known.kind === one.kind && known.id === one.id) ? handlers : [...handlers, one]

const claimed = (alarm: Alarm, holder: Holder, epoch: number): Alarm => ({
  ...alarm,
  holder,
  epoch,
  handlers: withHandler(alarm.handlers, holder),
})

const held = (alarm: Alarm, holder: Holder, epoch: number): Alarm => claimed(unheld(alarm), holder, epoch)

/** Whoever is on the way goes on; where nobody is yet, the new holder has as long as one who takes it. */
const transferred = (alarm: Alarm, { to, epoch, deadline }: Event<'transferred'>): Alarm =>
  deadline.kind === 'lease'
    ? moved(held(alarm, to, epoch), 'acknowledged', deadline)
    : withDeadline(claimed(alarm, to, epoch), deadline)

const offered = (alarm: Alarm, event: Event<'offered'>): Alarm => {
  const { noPoint: _, ...rest } = unheld(alarm)
  const asked = event.epoch === alarm.epoch ? alarm.asked : []
  return {
    ...moved({ ...rest, epoch: event.epoch, level: event.level }, 'offered', event.deadline),
    asked: mergeAsked(asked, event.recipients),
    ...(event.noPoint && { noPoint: event.noPoint }),
  }
}

const calledBack = (alarm: Alarm, event: Event<'called-back'>): Alarm => {
  const { made, unanswered } = alarm.callBacks ?? { made: 0, unanswered: 0 }
  return {
    ...(event.deadline ? withDeadline(alarm, event.deadline) : alarm),
    callBacks: { made: made + 1, unanswered: unanswered + (event.outcome === 'no-answer' ? 1 : 0) },
  }
}

/**
 * Who is not named anew goes on going; but whoever has not said yes is not taken for somebody who goes. Who is asked again
 * has not declined yet.
 */
const dispatched = (alarm: Alarm, event: Event<'dispatched'>): Alarm => {
  const isOnTheWay = event.responder === undefined && alarm.accepted !== false
  const before = isOnTheWay ? alarm : unsent(alarm)
  return {
    ...moved(before, 'dispatched', event.deadline),
    ...(event.responder && { dispatchedTo: event.responder, sentEpoch: alarm.epoch }),
    ...(event.point && { dispatchedPoint: event.point }),
    ...(event.ask && { accepted: false }),
    ...(event.etaMinutes !== undefined && { etaMinutes: event.etaMinutes }),
    ...(alarm.declined && { declined: alarm.declined.filter(one => one !== event.responder) }),
  }
}

const change = (alarm: Alarm, event: Exclude<AlarmEvent, Raised>): Alarm => {
  switch (event.type) {
    case 'suspected':
      return moved(alarm, 'suspected', event.deadline)
    case 'offered':
      return offered(alarm, event)
    case 'repeated':
      return {
        ...alarm,
        repeats: alarm.repeats + 1,
        lastOccurrenceAt: event.occurrence.receivedAt,
        ...(event.priority && { priority: event.priority }),
        ...(event.occurrence.eventId !== undefined && { lastEventId: event.occurrence.eventId }),
        ...(event.occurrence.found && { found: event.occurrence.found }),
      }
    case 'acknowledged':
      return moved(held(alarm, event.holder, event.epoch), 'acknowledged', event.deadline)
    case 'released':
      return unheld(alarm)
    case 'transferred':
      return transferred(alarm, event)
    case 'called-back':
      return calledBack(alarm, event)
    case 'dispatched':
      return dispatched(alarm, event)
    case 'accepted':
      return {
        ...moved(alarm, 'dispatched', event.deadline),
        accepted: true,
        ...(event.etaMinutes !== undefined && { etaMinutes: event.etaMinutes }),
      }
    case 'declined':
      return {
        ...moved(unsent(alarm), 'acknowledged', event.deadline),
        ...(event.responder && { declined: [...(alarm.declined ?? []), event.responder] }),
      }
    case 'handed-over':
      return {
        ...(event.deadline ? moved(alarm, 'dispatched', event.deadline) : alarm),
        handedOver: [...new Set([...(alarm.handedOver ?? []), event.service])],
      }
    case 'arrived':
      return moved(alarm, 'arrived', event.deadline)
    case 'overdue':
    case 'deadline-mended':
      return withDeadline(alarm, event.deadline)
    case 'resolved':
      return {
        ...moved(
          event.by ? { ...alarm, handlers: withHandler(alarm.handlers, event.by) } : alarm,
          'resolved',
          event.deadline,
        ),
        cause: event.cause,
      }
    case 'followed-up':
      return { ...alarm, followUpTries: alarm.followUpTries + 1 }
    case 'closed':
      return moved(alarm, 'closed', null)
    case 'confirmed':
    case 'cleared':
    case 'cancelled':
    case 'noted':
      return alarm
  }
}

export const evolve = (alarm: Alarm | undefined, event: AlarmEvent): Alarm => {
  if (event.type === 'raised') return begin(event)
  // Only a bug or a broken journal brings an event of an alarm that was never raised.
  if (!alarm) throw new Error(`event ${event.type} without an alarm`)
  return { ...change(alarm, event), version: alarm.version + 1 }
}
