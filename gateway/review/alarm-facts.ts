/** What a report counts of one alarm, from its entries alone: whoever has the journal can do it again. Pure. */
import type { Cause, EmergencyService, PresetName } from '../model/alarm.ts'
import type { Finder } from '../model/detection.ts'
import type { AlarmId, DeviceId, Instant, PointId, ResponderId } from '../model/ids.ts'
import type { Entry } from '../model/journal.ts'
import type { AlarmKind } from '../model/kinds.ts'

/** Durations are milliseconds from when the gateway received it; what never happened is absent. */
export type AlarmFacts = {
  readonly alarm: AlarmId
  readonly kind: AlarmKind
  /** What found it, where no device raised it by itself. */
  readonly rule?: Finder
  readonly device?: DeviceId
  readonly preset: PresetName
  readonly receivedAt: Instant
  /** Until the first person had it: acknowledged, given to them, or ended by one who did not first say so. */
  readonly answeredMs?: number
  readonly dispatchedMs?: number
  readonly arrivedMs?: number
  readonly cause?: Cause
  /** 120, 119 or 110, each once. */
  readonly handedTo: readonly EmergencyService[]
  /** Nobody answered in time, and it was asked wider. */
  readonly isEscalated: boolean
  /** Arrival, end or follow-up took too long. */
  readonly isOverdue: boolean
  readonly followUp?: 'reached' | 'tried'
  /** 1 to 5. */
  readonly satisfaction?: number
  /** The service point that took it last. */
  readonly point?: PointId
  /** Who was sent last. */
  readonly responder?: ResponderId
}

type Draft = { -readonly [Member in keyof AlarmFacts]: AlarmFacts[Member] }

const add = (facts: Draft, { event, recordedAt }: Entry): void => {
  const sinceMs = recordedAt - facts.receivedAt
  switch (event.type) {
    case 'acknowledged':
      facts.answeredMs ??= sinceMs
      if (event.holder.kind === 'point') facts.point = event.holder.id
      return
    case 'transferred':
      facts.answeredMs ??= sinceMs
      if (event.to.kind === 'point') facts.point = event.to.id
      return
    case 'dispatched':
      facts.dispatchedMs ??= sinceMs
      if (event.responder) facts.responder = event.responder
      return
    case 'arrived':
      facts.arrivedMs ??= sinceMs
      if (event.responder) facts.responder = event.responder
      return
    case 'resolved':
      if (event.by) facts.answeredMs ??= sinceMs
      facts.cause = event.cause
      return
    case 'handed-over':
      facts.handedTo = [...new Set([...facts.handedTo, event.service])]
      return
    case 'offered':
      facts.isEscalated ||= event.reason === 'escalation'
      return
    case 'overdue':
      facts.isOverdue = true
      return
    case 'followed-up':
      facts.followUp = event.reached ? 'reached' : (facts.followUp ?? 'tried')
      if (event.satisfaction !== undefined) facts.satisfaction = event.satisfaction
      return
    default:
      return
  }
}

/** @param entries of one alarm, in order. Undefined: they do not begin with its beginning. */
export const factsOf = (entries: readonly Entry[]): AlarmFacts | undefined => {
  const [first] = entries
  if (first?.event.type !== 'raised') return undefined
  const { id, kind, location, occurrence } = first.event
  const facts: Draft = {
    alarm: id,
    kind,
    ...(occurrence.found && { rule: occurrence.found.rule }),
    ...(location.device && { device: location.device }),
    preset: location.preset,
    receivedAt: occurrence.receivedAt,
    handedTo: [],
    isEscalated: false,
    isOverdue: false,
  }
  for (const entry of entries) add(facts, entry)
  return facts
}
