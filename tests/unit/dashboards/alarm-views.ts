/** Alarms as consoles are given them. */
import type { AlarmView } from '../../../gateway/api/alarm-view.ts'
import { type AlarmKind, classOf, priorityOf } from '../../../gateway/model/kinds.ts'

export const sampleMs = Date.parse('2026-11-21T20:18:00.000Z')

export const alarmView = (id: string, kind: AlarmKind, more: Partial<AlarmView> = {}): AlarmView => ({
  id,
  version: 1,
  kind,
  class: classOf(kind),
  priority: priorityOf(kind),
  state: 'offered',
  epoch: 1,
  raisedAt: new Date(sampleMs).toISOString(),
  receivedAt: new Date(sampleMs).toISOString(),
  repeats: 0,
  lastOccurrenceAt: new Date(sampleMs).toISOString(),
  home: null,
  resident: null,
  device: null,
  point: null,
  asked: [],
  noPoint: null,
  level: 1,
  nextDeadline: null,
  acknowledgedBy: null,
  handlers: [],
  callBacks: 0,
  dispatchedTo: null,
  responder: null,
  accepted: false,
  declined: [],
  handedOver: [],
  etaMinutes: null,
  found: null,
  causes: [],
  cause: null,
  followUp: null,
  ...more,
})

export const receivedAfter = (seconds: number): Pick<AlarmView, 'receivedAt'> => ({
  receivedAt: new Date(sampleMs + seconds * 1_000).toISOString(),
})

export const heldBy = (id: string): Pick<AlarmView, 'state' | 'acknowledgedBy'> => ({
  state: 'acknowledged',
  acknowledgedBy: { kind: 'user', id, name: id },
})
