/**
 * Takes MQTT messages with their origin. Gives commands to the door, words to the outbox, and the answer that counts:
 * may this message be acknowledged?
 * Never acknowledges what is not committed, and never refuses for ever what can never be understood: that is
 * counted, kept visible, and acknowledged, or its sender would repeat it until its battery is empty.
 */
import { decodeNativeEvent } from './decode/native-event.ts'
import { decodeNativeStatus } from './decode/native-status.ts'
import { decodePointReply, type PointReply } from './decode/point-reply.ts'
import { parseTopic } from './decode/topics.ts'
import type { Answer, Door } from './door.ts'
import { createInOrder } from './kit/in-order.ts'
import type { Alarm, AlarmCommand, Location, Occurrence } from './model/alarm.ts'
import type { Clock } from './model/clock.ts'
import type { Desk, PersonCommand } from './model/desk.ts'
import type { ErrorCode } from './model/errors.ts'
import { type AlarmId, DeviceId, type Instant, PointId } from './model/ids.ts'
import type { InboxEntry, Journal } from './model/journal.ts'
import { type AlarmKind, isAlarmKind } from './model/kinds.ts'
import type { Decoded, DeviceEvent, DeviceStatus } from './model/observation.ts'
import type { Whereabouts } from './whereabouts.ts'

export type IntakePorts = {
  readonly door: Door
  readonly desk: Desk
  readonly journal: Journal
  readonly whereabouts: Whereabouts
  readonly clock: Clock
  readonly newAlarmId: () => AlarmId
  /** A device has spoken; `status` when that is what it said. */
  readonly onSeen: (device: DeviceId, at: Instant, status?: DeviceStatus) => void
  /** A terminal has said something about an alarm: it surely has what it was sent. */
  readonly onHeard: (point: PointId, about: { readonly alarm: AlarmId; readonly epoch: number }) => void
  /** A terminal's reply was refused: it must learn how the alarm stands. */
  readonly onRefused: (point: PointId, alarm: AlarmId, refused: ErrorCode) => void
  readonly count: IntakeCounters
}

export type IntakeCounters = {
  readonly discarded: (reason: string, origin: string, detail: string) => void
  readonly event: (type: string, outcome: 'new' | 'duplicate' | 'kept') => void
}

export interface Intake {
  /** Resolves true when the message may be acknowledged. */
  accept(topic: string, payload: Uint8Array): Promise<boolean>
}

type Message<T> = { readonly device: DeviceId; readonly receivedAt: Instant; readonly event: T }
type Trigger = Extract<DeviceEvent, { kind: 'trigger' }>
type Cleared = Extract<DeviceEvent, { kind: 'cleared' }>

const typeOf = (event: DeviceEvent): string => {
  switch (event.kind) {
    case 'trigger':
      return event.trigger
    case 'activity':
      return event.activity
    case 'unknown':
      return event.type
    case 'cleared':
    case 'cancel':
      return event.kind
  }
}

const occurrenceOf = ({ event, receivedAt }: Message<DeviceEvent>): Occurrence => ({
  eventId: event.eventId,
  receivedAt,
  ...(event.deviceTime !== undefined && {
    deviceTime: event.deviceTime,
    clockSkewMs: receivedAt - event.deviceTime,
  }),
  ...(event.data && { data: event.data }),
})

/** The type belongs to the key: a device that restarts its ids must not have its call taken for an old test. */
const inboxOf = ({ device, event, receivedAt }: Message<DeviceEvent>): InboxEntry => ({
  device,
  eventKey: `${typeOf(event)}/${event.eventId}`,
  type: typeOf(event),
  receivedAt,
  ...(event.deviceTime !== undefined && { deviceTime: event.deviceTime }),
  ...(event.data && { data: event.data }),
})

/** The home belongs to it: a device that has moved rings for where it is now. */
const subjectOf = ({ device, home }: Location, kind: AlarmKind): string => `${device}@${home ?? ''}/${kind}`

/** Whether a type is one of the documented ones, and so may name a figure. */
export const isKnownType = (type: string): boolean => isAlarmKind(type) || otherTypes.has(type)

const otherTypes: ReadonlySet<string> = new Set([
  'cancel',
  'cleared',
  'bed-exit',
  'door-open',
  'door-closed',
  'motion',
])

/** `received` asks for nothing: it only confirms. */
const commandOf = (reply: PointReply): PersonCommand | undefined => {
  switch (reply.action) {
    case 'received':
      return undefined
    case 'acknowledge':
      return { type: 'acknowledge', epoch: reply.epoch }
    case 'release':
      return { type: 'release', epoch: reply.epoch, ...(reply.note !== undefined && { note: reply.note }) }
    case 'resolve':
      return {
        type: 'resolve',
        epoch: reply.epoch,
        cause: reply.cause,
        ...(reply.note !== undefined && { note: reply.note }),
      }
  }
}

/** The same message may succeed when it comes again: do not acknowledge it. */
const isPassing = (refused: ErrorCode): boolean => refused === 'journal-unavailable' || refused === 'too-busy'

export const createIntake = (ports: IntakePorts): Intake => {
  const { door, desk, journal, whereabouts, clock, count } = ports
  const inOrder = createInOrder()

  /** Anything but a journal that cannot write counts as taken in: a refusal is an answer too. */
  const settled = (answer: Answer, type: string): boolean => {
    if ('refused' in answer) return !isPassing(answer.refused)
    count.event(type, 'duplicate' in answer ? 'duplicate' : 'new')
    return true
  }

  const keep = async (message: Message<DeviceEvent>): Promise<boolean> => {
    const kept = await journal.keep(inboxOf(message))
    if (kept.ok) count.event(typeOf(message.event), kept.duplicate ? 'duplicate' : 'kept')
    return kept.ok
  }

  const onTrigger = async (message: Message<Trigger>): Promise<boolean> => {
    const { device, event, receivedAt } = message
    const occurrence = occurrenceOf(message)
    const location = whereabouts.locate(device)
    const subject = subjectOf(location, event.trigger)
    const command = (alarm: Alarm | undefined): AlarmCommand => {
      const routing = whereabouts.route(event.trigger, alarm?.location ?? location)
      return alarm
        ? { type: 'repeat', occurrence, routing }
        : {
            type: 'raise',
            id: ports.newAlarmId(),
            kind: event.trigger,
            subject,
            location,
            occurrence,
            routing,
          }
    }
    const asked = { actor: { kind: 'device', id: device }, now: receivedAt } as const
    const answer = await door.bySubject(subject, { command, asked, inbox: inboxOf(message) })
    return settled(answer, event.trigger)
  }

  const onCleared = async (message: Message<Cleared>): Promise<boolean> => {
    const { device, event, receivedAt } = message
    const answer = await door.bySubject(subjectOf(whereabouts.locate(device), event.trigger), {
      command: () => ({ type: 'clear', occurrence: occurrenceOf(message) }),
      asked: { actor: { kind: 'device', id: device }, now: receivedAt },
      inbox: inboxOf(message),
    })
    return 'refused' in answer && answer.refused === 'alarm-not-found'
      ? keep(message)
      : settled(answer, 'cleared')
  }

  /** "I am fine" is about whatever is open in this home, whichever device rang. */
  const cancelled = (device: DeviceId): readonly Alarm[] => {
    const { home } = whereabouts.locate(device)
    return [...door.open()].filter(
      ({ location }) => location.device === device || (home !== undefined && location.home === home),
    )
  }

  /**
   * Goes into the inbox before anything else: a retransmission must not take back what was raised after the resident
   * first said it. Should the rest fail, the alarm goes on, which is the safe side.
   */
  const onCancel = async (message: Message<DeviceEvent>): Promise<boolean> => {
    const kept = await journal.keep(inboxOf(message))
    if (!kept.ok) return false
    count.event('cancel', kept.duplicate ? 'duplicate' : 'new')
    if (kept.duplicate) return true
    for (const alarm of cancelled(message.device)) {
      await door.byId(alarm.id, {
        command: now => ({
          type: 'cancel',
          occurrence: occurrenceOf(message),
          residentMayCancel: whereabouts.residentMayCancel(now ?? alarm),
        }),
        asked: { actor: { kind: 'device', id: message.device }, now: message.receivedAt },
      })
    }
    return true
  }

  const onEvent = (message: Message<DeviceEvent>): Promise<boolean> => {
    const { event } = message
    switch (event.kind) {
      case 'trigger':
        return onTrigger({ ...message, event })
      case 'cleared':
        return onCleared({ ...message, event })
      case 'cancel':
        return onCancel(message)
      case 'activity':
      case 'unknown':
        return keep(message)
    }
  }

  const onReply = async (point: PointId, reply: PointReply): Promise<boolean> => {
    const command = commandOf(reply)
    ports.onHeard(point, reply)
    if (!command) return true
    const answer = await desk.act(reply.alarm, command, { kind: 'point', id: point })
    if (!('refused' in answer)) return true
    if (isPassing(answer.refused)) return false
    ports.onRefused(point, reply.alarm, answer.refused)
    return true
  }

  /** Undefined: discarded, on record, and acknowledged. */
  const decoded = <T>(result: Decoded<T>, origin: string): T | undefined => {
    if (result.ok) return result.value
    count.discarded(result.reason, origin, result.detail)
    return undefined
  }

  const fromDevice = (device: DeviceId, topic: 'event' | 'status', payload: Uint8Array): Promise<boolean> => {
    const receivedAt = clock.now()
    if (topic === 'status') {
      ports.onSeen(device, receivedAt, decoded(decodeNativeStatus(payload), device))
      return Promise.resolve(true)
    }
    ports.onSeen(device, receivedAt)
    const event = decoded(decodeNativeEvent(payload), device)
    return event ? inOrder(device, () => onEvent({ device, receivedAt, event })) : Promise.resolve(true)
  }

  return {
    accept(name, payload) {
      const topic = parseTopic(name)
      if (topic?.from === 'point') {
        const point = PointId.safeParse(topic.point)
        const reply = decoded(decodePointReply(payload), `point:${topic.point}`)
        return point.success && reply
          ? inOrder(`point:${point.data}`, () => onReply(point.data, reply))
          : Promise.resolve(true)
      }
      const device = DeviceId.safeParse(topic?.device)
      if (!topic || topic.topic === 'measure' || !device.success) {
        count.discarded('not-read', name, 'this version reads no such topic')
        return Promise.resolve(true)
      }
      return fromDevice(device.data, topic.topic, payload)
    },
  }
}
