/**
 * Takes what devices say, as decoders have understood it, whatever way it came. Gives commands to the door, facts to
 * detection, measurements to the store, and the answer that counts: may this be acknowledged?
 * Never acknowledges what is not committed.
 */
import { type Answer, type Door, isPassing } from './door.ts'
import { subjectOf } from './findings.ts'
import { createInOrder } from './kit/in-order.ts'
import type { Alarm, AlarmCommand, Location, Occurrence } from './model/alarm.ts'
import type { Fact } from './model/detection.ts'
import type { AlarmId, DeviceId, HomeId, Instant } from './model/ids.ts'
import type { InboxEntry, Journal } from './model/journal.ts'
import { type AlarmKind, classOf, isAlarmKind } from './model/kinds.ts'
import type { Readings } from './model/measurement.ts'
import type {
  DeviceEvent,
  DeviceStatus,
  DiscardReason,
  Measurement,
  Observation,
} from './model/observation.ts'
import type { DeviceLives, TestModes } from './model/provisioning.ts'
import type { TelemetryStore } from './model/telemetry.ts'
import type { Moments } from './moments.ts'
import type { News } from './presence.ts'
import type { Whereabouts } from './whereabouts.ts'

export type HearingPorts = {
  readonly door: Door
  readonly journal: Journal
  readonly whereabouts: Whereabouts
  readonly moments: Moments
  readonly telemetry: Pick<TelemetryStore, 'write'>
  readonly newAlarmId: () => AlarmId
  /** Detection. Resolves false when it found something that could not be committed. */
  readonly see: (fact: Fact) => Promise<boolean>
  /** Resolves when what the devices of this home have shown is on disk, or cannot be. */
  readonly keep: (device: DeviceId) => Promise<unknown>
  /** A device has spoken. */
  readonly onSeen: (device: DeviceId, at: Instant, news?: News) => void
  /** The key of the activity of this device that detection has judged last. */
  readonly judged: (device: DeviceId) => string | undefined
  /** Somebody has pressed: nobody is away. */
  readonly onPressed: (home: HomeId) => void
  /** Behind a broker of others anybody may speak, under ever new names. */
  readonly isRegistered: (device: DeviceId) => boolean
  /** Homes in which devices are tried out, and what is told of it. Absent: every trigger is meant. */
  readonly testing?: { readonly modes: TestModes; readonly lives: Pick<DeviceLives, 'triggerTested'> }
  readonly countEvent: (type: string, outcome: 'new' | 'duplicate' | 'kept') => void
  readonly countDiscarded: (reason: DiscardReason, origin: string, detail: string) => void
}

/** Said by a device in whatever way. `home`: where it rings should nobody have registered it. */
export type Said = {
  readonly device: DeviceId
  readonly receivedAt: Instant
  readonly observation: Observation
  readonly home?: HomeId
}

export interface Hearing {
  /** Resolves true when it may be acknowledged. */
  take(said: Said): Promise<boolean>
  /** Several measurements of one device, which came in together. */
  takeMeasurements(
    device: DeviceId,
    receivedAt: Instant,
    measurements: readonly Measurement[],
  ): Promise<boolean>
}

type Message<T> = Omit<Said, 'observation'> & { readonly event: T }
type Trigger = Extract<DeviceEvent, { kind: 'trigger' }>
type Cleared = Extract<DeviceEvent, { kind: 'cleared' }>
type Activity = Extract<DeviceEvent, { kind: 'activity' }>

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

/** Whether a type is one of the documented ones, and so may name a figure. */
export const isKnownType = (type: string): boolean => isAlarmKind(type) || otherTypes.has(type)

const otherTypes: ReadonlySet<string> = new Set([
  'cancel',
  'cleared',
  'bed-exit',
  'bed-return',
  'door-open',
  'door-closed',
  'motion',
])

/** By a hand, on a button. */
const isPressed = (kind: AlarmKind): boolean => classOf(kind) === 'call' || classOf(kind) === 'service'

/** The figures of a status are measurements too. */
const readingsOf = ({ batteryPercent, rssiDbm }: DeviceStatus): Readings | undefined =>
  batteryPercent === undefined && rssiDbm === undefined
    ? undefined
    : {
        ...(batteryPercent !== undefined && { batteryPercent }),
        ...(rssiDbm !== undefined && { rssiDbm }),
      }

export const createHearing = (ports: HearingPorts): Hearing => {
  const { door, journal, whereabouts, moments, telemetry } = ports
  const inOrder = createInOrder()

  /** Anything but a journal that cannot write counts as taken in: a refusal is an answer too. */
  const settled = (answer: Answer, type: string): boolean => {
    if ('refused' in answer) return !isPassing(answer.refused)
    ports.countEvent(type, 'duplicate' in answer ? 'duplicate' : 'new')
    return true
  }

  const keep = async (message: Message<DeviceEvent>): Promise<'new' | 'duplicate' | undefined> => {
    const kept = await journal.keep(inboxOf(message))
    if (!kept.ok) return undefined
    ports.countEvent(typeOf(message.event), kept.duplicate ? 'duplicate' : 'kept')
    return kept.duplicate ? 'duplicate' : 'new'
  }

  /** When it happened, for detection. */
  const timeOf = ({ device, receivedAt, event }: Message<DeviceEvent>): Instant =>
    event.deviceTime === undefined || !ports.isRegistered(device)
      ? receivedAt
      : moments(device, receivedAt, event.deviceTime)

  /** What nobody has registered measures nothing of anybody. */
  const mayMeasure = (device: DeviceId): boolean => {
    if (ports.isRegistered(device)) return true
    ports.countDiscarded('not-read', device, 'a measurement of a device that is not registered')
    return false
  }

  /** Nobody's home is a stranger's: what it triggers is meant. */
  const kindOf = (message: Message<Trigger>, location: Location): AlarmKind => {
    const { device, event, receivedAt } = message
    if (!ports.testing) return event.trigger
    return ports.testing.modes.kindFor({
      home: ports.isRegistered(device) ? location.home : undefined,
      device,
      kind: event.trigger,
      eventKey: inboxOf(message).eventKey,
      ...(event.data && { data: event.data }),
      at: receivedAt,
      isOpen: door.about(subjectOf(location, event.trigger)) !== undefined,
    })
  }

  const onTrigger = async (message: Message<Trigger>): Promise<boolean> => {
    const { device, event, receivedAt } = message
    const location = whereabouts.locate(device, message.home)
    const kind = kindOf(message, location)
    const isTried = kind !== event.trigger
    const said = occurrenceOf(message)
    const occurrence = isTried ? { ...said, data: { ...said.data, trigger: event.trigger } } : said
    const subject = subjectOf(location, kind)
    const command = (alarm: Alarm | undefined): AlarmCommand => {
      const routing = whereabouts.route(kind, alarm?.location ?? location)
      return alarm
        ? { type: 'repeat', occurrence, routing }
        : { type: 'raise', id: ports.newAlarmId(), kind, subject, location, occurrence, routing }
    }
    const asked = { actor: { kind: 'device', id: device }, now: receivedAt } as const
    const inbox = inboxOf(message)
    const answer = await door.bySubject(subject, { command, asked, inbox })
    if ('alarm' in answer) {
      if (isTried) onTried(message, answer.alarm.id)
      else onRung(message, location.home)
    }
    const isSettled = settled(answer, event.trigger)
    if (isSettled) ports.testing?.modes.committed({ device, eventKey: inbox.eventKey })
    return isSettled
  }

  /** From the device to the disk: it works. Of what it can trigger, detection learns only that a button was tested. */
  const onTried = (message: Message<Trigger>, alarm: AlarmId): void => {
    const { device, event, receivedAt } = message
    ports.onSeen(device, receivedAt, { tested: true })
    ports.testing?.lives.triggerTested(device, { trigger: event.trigger, at: receivedAt, alarm })
    if (isPressed(event.trigger))
      void ports.see({ what: 'trigger', trigger: 'test', device, at: timeOf(message) })
  }

  /** The alarm is on disk. What detection makes of it comes after, and its commit is not waited for. */
  const onRung = (message: Message<Trigger>, home: HomeId | undefined): void => {
    const { device, event, receivedAt } = message
    if (classOf(event.trigger) === 'test') ports.onSeen(device, receivedAt, { tested: true })
    if (isPressed(event.trigger)) {
      ports.onSeen(device, receivedAt, { pressed: true })
      if (home) ports.onPressed(home)
    }
    void ports.see({ what: 'trigger', trigger: event.trigger, device, at: timeOf(message) })
  }

  const onCleared = async (message: Message<Cleared>): Promise<boolean> => {
    const { device, event, receivedAt } = message
    const answer = await door.bySubject(subjectOf(whereabouts.locate(device, message.home), event.trigger), {
      command: () => ({ type: 'clear', occurrence: occurrenceOf(message) }),
      asked: { actor: { kind: 'device', id: device }, now: receivedAt },
      inbox: inboxOf(message),
    })
    const isUnheard = 'refused' in answer && answer.refused === 'alarm-not-found'
    const kept = isUnheard ? await keep(message) : undefined
    // Said again, it must not take back what has begun since.
    if (kept === 'new' || 'alarm' in answer) ports.testing?.modes.cleared({ device, kind: event.trigger })
    return isUnheard ? kept !== undefined : settled(answer, 'cleared')
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
    ports.countEvent('cancel', kept.duplicate ? 'duplicate' : 'new')
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
    return ports.see({ what: 'cancel', device: message.device, at: timeOf(message) })
  }

  /**
   * Judged once, and acknowledged when that is on disk. A retransmission of what was judged last is not judged again;
   * of anything else it is, because the gateway may have gone down between the two, or its finding is not committed.
   */
  const onActivity = async (message: Message<Activity>): Promise<boolean> => {
    const { device, event, receivedAt } = message
    const kept = await keep(message)
    if (kept === undefined) return false
    const { eventKey } = inboxOf(message)
    if (kept === 'duplicate' && ports.judged(device) === eventKey) return true
    const isCommitted = await ports.see({
      what: 'activity',
      activity: event.activity,
      device,
      at: timeOf(message),
    })
    if (isCommitted) ports.onSeen(device, receivedAt, { judged: eventKey })
    // The journal has it: a state that cannot be saved now is saved later.
    await ports.keep(device)
    return isCommitted
  }

  const onEvent = async (message: Message<DeviceEvent>): Promise<boolean> => {
    const { event } = message
    switch (event.kind) {
      case 'trigger':
        return onTrigger({ ...message, event })
      case 'cleared':
        return onCleared({ ...message, event })
      case 'cancel':
        return onCancel(message)
      case 'activity':
        return onActivity({ ...message, event })
      case 'unknown':
        return (await keep(message)) !== undefined
    }
  }

  const onStatus = async (device: DeviceId, at: Instant, status: DeviceStatus): Promise<boolean> => {
    ports.onSeen(device, at, { status })
    const readings = readingsOf(status)
    // The newest word counts, so that its record may be late.
    if (readings && mayMeasure(device)) void telemetry.write([{ device, at, readings }])
    return ports.see({ what: 'status', status, device, at })
  }

  /** Judged at once; acknowledged when it is on disk, or will never be: to send it again would not help. */
  const takeMeasurements = async (
    device: DeviceId,
    receivedAt: Instant,
    measurements: readonly Measurement[],
  ): Promise<boolean> => {
    if (!mayMeasure(device)) return true
    const samples = measurements.map(({ deviceTime, readings }) => ({
      device,
      at: moments(device, receivedAt, deviceTime),
      readings,
    }))
    const stored = telemetry.write(samples)
    const judged = await Promise.all(samples.map(sample => ports.see({ what: 'readings', ...sample })))
    await stored
    return judged.every(Boolean)
  }

  const take = ({ observation, ...said }: Said): Promise<boolean> => {
    const { device, receivedAt } = said
    switch (observation.kind) {
      case 'status':
        return onStatus(device, receivedAt, observation)
      case 'measurement':
        ports.onSeen(device, receivedAt)
        return takeMeasurements(device, receivedAt, [observation])
      case 'trigger':
      case 'cleared':
      case 'cancel':
      case 'activity':
      case 'unknown':
        ports.onSeen(device, receivedAt)
        return inOrder(device, () => onEvent({ ...said, event: observation }))
    }
  }

  return { take, takeMeasurements }
}
