/** Alarms and what happens to them, as the journal is asked to keep it: real events, put together by `evolve`. */
import { evolve } from '../../gateway/alarm/evolve.ts'
import type { Alarm, AlarmEvent, Deadline, Recipient } from '../../gateway/model/alarm.ts'
import type { NewDelivery } from '../../gateway/model/delivery.ts'
import { AlarmId, AreaId, DeviceId, HomeId, PointId, UserId } from '../../gateway/model/ids.ts'
import type { AppendRequest, InboxEntry } from '../../gateway/model/journal.ts'
import type { AlarmKind } from '../../gateway/model/kinds.ts'

/** 2026-11-21T20:18:00+08:00 */
export const sampleTime = 1_795_263_480_000

export type RaiseOptions = {
  readonly kind?: AlarmKind
  readonly subject?: string
  readonly area?: string
  /** Asked in this order. */
  readonly points?: readonly string[]
  readonly device?: string
  readonly receivedAt?: number
}

export const message = (device: string, eventId: string, more: Partial<InboxEntry> = {}): InboxEntry => ({
  device: DeviceId.parse(device),
  eventKey: `sos/${eventId}`,
  type: 'sos',
  receivedAt: sampleTime,
  ...more,
})

export const owedBy = (alarm: Alarm, recipient: string): NewDelivery => ({
  id: `${alarm.id}/${alarm.version}/${recipient}`,
  alarm: alarm.id,
  version: alarm.version,
  kind: recipient.startsWith('point:') ? 'offer' : 'feedback',
  recipient,
  topic: recipient.startsWith('point:') ? String(alarm.epoch) : 'accepted/1',
  createdAt: sampleTime,
})

export const deadlineIn = (ms: number, kind: Deadline['kind'] = 'escalation'): Deadline => ({
  at: sampleTime + ms,
  kind,
})

const askedPoint = (point: string, index: number): Recipient => ({
  kind: 'point',
  point: PointId.parse(point),
  rank: index + 1,
  travelMinutes: 5 + index,
  reachable: true,
})

export const offer = (
  points: readonly string[],
  more: { epoch?: number; level?: number } = {},
): AlarmEvent => ({
  type: 'offered',
  reason: 'raised',
  level: more.level ?? 1,
  epoch: more.epoch ?? 1,
  recipients: points.map(askedPoint),
  deadline: deadlineIn(30_000),
})

/** A new alarm: raised and offered, with what it owes to the points and to the device. */
export const raise = (id: string, options: RaiseOptions = {}): AppendRequest => {
  const { kind = 'sos', device = 'btn-1', points = ['sp-1'], receivedAt = sampleTime } = options
  const raised: AlarmEvent = {
    type: 'raised',
    id: AlarmId.parse(id),
    kind,
    subject: options.subject ?? `${kind}/${id}`,
    location: {
      device: DeviceId.parse(device),
      home: HomeId.parse('h-1'),
      area: AreaId.parse(options.area ?? 'tiedong'),
      preset: 'urban',
    },
    raisedAt: receivedAt,
    occurrence: { eventId: id, receivedAt },
  }
  const alarm = evolve(evolve(undefined, raised), offer(points))
  return {
    alarm,
    expectedVersion: 0,
    events: [raised, offer(points)],
    actor: { kind: 'device', id: DeviceId.parse(device) },
    recordedAt: receivedAt,
    deliveries: [...points.map(point => `point:${point}`), `device:${device}`].map(recipient =>
      owedBy(alarm, recipient),
    ),
  }
}

export const operator = { kind: 'user', id: UserId.parse('op-1'), name: '王芳' } as const

/** What an operator makes happen next to `alarm`. */
export const follow = (alarm: Alarm, ...events: readonly [AlarmEvent, ...AlarmEvent[]]): AppendRequest => ({
  alarm: events.reduce((before: Alarm, event) => evolve(before, event), alarm),
  expectedVersion: alarm.version,
  events,
  actor: operator,
  recordedAt: sampleTime + alarm.version,
  deliveries: [],
})

export const acknowledged = {
  type: 'acknowledged',
  epoch: 1,
  holder: operator,
  deadline: deadlineIn(120_000, 'lease'),
} satisfies AlarmEvent
export const resolved: AlarmEvent = {
  type: 'resolved',
  cause: 'real',
  deadline: deadlineIn(172_800_000, 'follow-up'),
}
export const followedUp: AlarmEvent = { type: 'followed-up', reached: true, satisfaction: 5 }
export const closed: AlarmEvent = { type: 'closed', deadline: null }
