/**
 * The life of an alarm: its state, what can happen to it, and what can be asked of it.
 *
 *   suspected → offered → acknowledged → dispatched → arrived → resolved → closed
 *
 * Delivery is another axis (`delivery.ts`): an alarm is offered whether or not a terminal has heard it yet.
 */
import type { Actor, Holder } from './actor.ts'
import type { ArrivalProof, ProvenArrival } from './arrival.ts'
import type { Evidence, Finder } from './detection.ts'
import type { AlarmId, AreaId, DeviceId, HomeId, Instant, PointId, ResidentId, ResponderId } from './ids.ts'
import type { AlarmClass, AlarmKind, Priority } from './kinds.ts'
import type { EventData } from './observation.ts'
import type { NoPointReason, Routing } from './routing.ts'

export const alarmStates = [
  'suspected',
  'offered',
  'acknowledged',
  'dispatched',
  'arrived',
  'resolved',
  'closed',
] as const
export type AlarmState = (typeof alarmStates)[number]

/** Open means that a person is still needed. A resolved alarm waits for its follow-up only. */
export const isOpen = (state: AlarmState): boolean => state !== 'resolved' && state !== 'closed'

export const causes = ['real', 'accidental', 'sensor-false', 'test', 'away', 'nuisance', 'unclear'] as const
export type Cause = (typeof causes)[number]

/** Rescue, fire, police. */
export const emergencyServices = ['120', '119', '110'] as const
export type EmergencyService = (typeof emergencyServices)[number]

/** Who was called back, and what came of it. */
export const calledBack = ['resident', 'contact'] as const
export const callBackOutcomes = ['fine', 'needs-help', 'no-answer'] as const
export type CallBack = {
  readonly whom: (typeof calledBack)[number]
  readonly outcome: (typeof callBackOutcomes)[number]
  readonly note?: string
}

export const declineReasons = ['busy', 'too-far', 'off-duty', 'unable', 'other'] as const
export type DeclineReason = (typeof declineReasons)[number]

export const presetNames = ['urban', 'rural', 'tec-quality', 'nena'] as const
export type PresetName = (typeof presetNames)[number]

/** What a rule of detection found, with the samples that made it: at most 20. */
export type FoundBy = {
  readonly rule: Finder
  readonly level: Priority
  /** When the condition began. */
  readonly since: Instant
  readonly evidence: readonly Evidence[]
}

/** One press, fall or reading that speaks for the alarm. The first raises it, later ones repeat it. */
export type Occurrence = {
  /** The device's own id of the message; absent when a person reported it. */
  readonly eventId?: string
  readonly receivedAt: Instant
  /** What the device claims; kept for review, never used for service levels. */
  readonly deviceTime?: Instant
  /** `receivedAt` minus `deviceTime`, in milliseconds. */
  readonly clockSkewMs?: number
  readonly data?: EventData
  /** When no device raised it, but a rule that watches what sensors show. */
  readonly found?: FoundBy
}

/** Where and whom it concerns, as the registry had it when the alarm was raised. */
export type Location = {
  readonly device?: DeviceId
  readonly home?: HomeId
  readonly resident?: ResidentId
  /** The home's area. */
  readonly area?: AreaId
  readonly preset: PresetName
}

export type Recipient =
  | {
      readonly kind: 'point'
      readonly point: PointId
      readonly rank: number
      readonly travelMinutes: number
      readonly reachable: boolean
    }
  /** Every seat of the county, and its duty manager by the outbound hook. */
  | { readonly kind: 'county'; readonly area?: AreaId }
  | { readonly kind: 'city'; readonly area?: AreaId }

/** The one thing that happens next if nobody acts. Every open alarm has exactly one. */
export type Deadline = {
  readonly at: Instant
  readonly kind: /** A suspected alarm that nobody denied becomes real. */
    | 'verification'
    /** Nobody acknowledged: ask wider, or ask again. */
    | 'escalation'
    /** Acknowledged, but nobody moved. */
    | 'lease'
    /** A responder was asked to go, but has not answered. */
    | 'acceptance'
    /** Somebody was sent, but has not arrived. */
    | 'arrival'
    /** Somebody is there, but has not finished. */
    | 'finish'
    /** Resolved, but nobody asked the resident how it went. */
    | 'follow-up'
    /** A test that ends by itself. */
    | 'test-end'
}

export type OfferReason =
  | 'raised'
  | 'confirmed'
  | 'escalation'
  | 'repeat'
  | 'asked-again'
  | 'released'
  | 'lease-expired'

/** What happened. `deadline: null` ends the deadline; every event that moves the state names the next one. */
export type AlarmEvent =
  | {
      readonly type: 'raised'
      readonly id: AlarmId
      readonly kind: AlarmKind
      readonly subject: string
      readonly location: Location
      readonly raisedAt: Instant
      readonly occurrence: Occurrence
      /** Where it is not the kind's own. */
      readonly priority?: Priority
    }
  | { readonly type: 'suspected'; readonly deadline: Deadline }
  | { readonly type: 'confirmed'; readonly why: 'no-answer' | 'person' | 'second-finding' }
  | {
      readonly type: 'offered'
      readonly reason: OfferReason
      readonly level: number
      readonly epoch: number
      /** Asked now; whoever was asked before in this epoch stays asked. */
      readonly recipients: readonly Recipient[]
      readonly noPoint?: NoPointReason
      readonly passedOver?: Routing['passedOver']
      readonly deadline: Deadline
    }
  /** `priority`: it has become louder. */
  | { readonly type: 'repeated'; readonly occurrence: Occurrence; readonly priority?: Priority }
  /** The device says that the condition has ended. A hazard stays open until a person closes it. */
  | { readonly type: 'cleared'; readonly occurrence: Occurrence }
  /** The resident took it back; `accepted` says whether that alone may end this alarm. */
  | { readonly type: 'cancelled'; readonly occurrence: Occurrence; readonly accepted: boolean }
  | {
      readonly type: 'acknowledged'
      readonly epoch: number
      readonly holder: Holder
      readonly deadline: Deadline
    }
  | {
      readonly type: 'released'
      readonly reason: 'handed-back' | 'lease-expired'
      readonly epoch: number
      readonly note?: string
    }
  | {
      readonly type: 'transferred'
      readonly to: Holder
      readonly epoch: number
      readonly note?: string
      readonly deadline: Deadline
    }
  /** `deadline`: the lease of the holder, renewed. */
  | ({ readonly type: 'called-back'; readonly deadline?: Deadline } & CallBack)
  | {
      readonly type: 'dispatched'
      readonly responder?: ResponderId
      /** The responder's. */
      readonly point?: PointId
      /** The responder has not said yes yet. */
      readonly ask?: true
      readonly etaMinutes?: number
      readonly note?: string
      readonly deadline: Deadline
    }
  | {
      readonly type: 'accepted'
      readonly responder?: ResponderId
      /** Said by telephone, and written down by the actor. */
      readonly onBehalf?: true
      readonly etaMinutes?: number
      readonly deadline: Deadline
    }
  /** Its holder has it again. `no-answer`: said by the clock. */
  | {
      readonly type: 'declined'
      readonly responder?: ResponderId
      readonly onBehalf?: true
      readonly reason: DeclineReason | 'no-answer'
      readonly note?: string
      readonly deadline: Deadline
    }
  /** To an emergency service, by a person. `deadline`: somebody is on the way by that. */
  | {
      readonly type: 'handed-over'
      readonly service: EmergencyService
      readonly note?: string
      readonly deadline?: Deadline
    }
  | {
      readonly type: 'arrived'
      readonly responder?: ResponderId
      readonly note?: string
      readonly proof?: ProvenArrival
      readonly deadline: Deadline
    }
  /** A later stage takes too long: the county is told, and told again. */
  | {
      readonly type: 'overdue'
      readonly what: 'arrival' | 'finish' | 'follow-up'
      readonly deadline: Deadline
    }
  | {
      readonly type: 'resolved'
      readonly cause: Cause
      /** The person who resolved it; absent when a machine ended a technical alarm or a test. */
      readonly by?: Holder
      readonly note?: string
      readonly deadline: Deadline | null
    }
  | {
      readonly type: 'followed-up'
      readonly reached: boolean
      readonly satisfaction?: number
      readonly note?: string
    }
  | { readonly type: 'closed'; readonly deadline: null }
  | { readonly type: 'noted'; readonly text: string }
  /** The auditor found an open alarm without a deadline. A bug, mended in the open. */
  | { readonly type: 'deadline-mended'; readonly deadline: Deadline }

export type AlarmEventType = AlarmEvent['type']

/** The alarm as its events have left it. Plain data: stored as JSON in the table of current alarms. */
export type Alarm = {
  readonly id: AlarmId
  /** The number of its events: optimistic concurrency. */
  readonly version: number
  readonly kind: AlarmKind
  readonly class: AlarmClass
  readonly priority: Priority
  readonly state: AlarmState
  /** What a further trigger must match to count as a repeat of this alarm. At most one open alarm has it. */
  readonly subject: string
  readonly location: Location
  /** When it happened: the device's time if that is plausible, else `receivedAt`. */
  readonly raisedAt: Instant
  readonly receivedAt: Instant
  /** Presses after the first. */
  readonly repeats: number
  readonly lastOccurrenceAt: Instant
  /** The device's own id of its latest message: what feedback refers to. */
  readonly lastEventId?: string
  /** What detection found last. */
  readonly found?: FoundBy
  /** Grows whenever a claim ends without the work being done: a fencing token for late writers. */
  readonly epoch: number
  /** How wide the question has been asked: 0 nobody yet, then the steps of the preset. */
  readonly level: number
  /** Everybody asked in this epoch, each once. */
  readonly asked: readonly Recipient[]
  readonly noPoint?: NoPointReason
  readonly holder?: Holder
  /** `unanswered`: by whomever. */
  readonly callBacks?: { readonly made: number; readonly unanswered: number }
  readonly dispatchedTo?: ResponderId
  /** Of whom it was dispatched to: people there see the alarm. */
  readonly dispatchedPoint?: PointId
  /** The epoch in which that responder was sent: whatever they say under it or a later one is about this way. */
  readonly sentEpoch?: number
  /** What the responder said when asked to go. False: nothing yet. Absent: nobody was asked. */
  readonly accepted?: boolean
  /** Responders whose last word was no, or who said nothing in time. */
  readonly declined?: readonly ResponderId[]
  readonly handedOver?: readonly EmergencyService[]
  readonly etaMinutes?: number
  readonly deadline?: Deadline
  readonly cause?: Cause
  /** Everybody who has held it: none of them may do the follow-up. */
  readonly handlers: readonly Holder[]
  readonly followUpTries: number
}

export type AlarmCommand =
  | {
      readonly type: 'raise'
      readonly id: AlarmId
      readonly kind: AlarmKind
      readonly subject: string
      readonly location: Location
      readonly occurrence: Occurrence
      readonly routing: Routing
      /** Louder or softer than its kind. */
      readonly priority?: Priority
      /** A time of its own for the resident's answer. */
      readonly verificationMs?: number
    }
  /** `priority`: at least this loud from now on. */
  | {
      readonly type: 'repeat'
      readonly occurrence: Occurrence
      readonly routing: Routing
      readonly priority?: Priority
    }
  /** `endsSuspicion`: what was only suspected, and nobody has heard of, ends with its ground. */
  | { readonly type: 'clear'; readonly occurrence: Occurrence; readonly endsSuspicion?: boolean }
  | { readonly type: 'cancel'; readonly occurrence: Occurrence; readonly residentMayCancel: boolean }
  | { readonly type: 'confirm'; readonly routing: Routing }
  | { readonly type: 'acknowledge'; readonly epoch: number }
  | { readonly type: 'release'; readonly epoch?: number; readonly note?: string; readonly routing: Routing }
  | { readonly type: 'transfer'; readonly epoch?: number; readonly to: Holder; readonly note?: string }
  | ({ readonly type: 'call-back'; readonly epoch?: number; readonly routing: Routing } & CallBack)
  | {
      readonly type: 'dispatch'
      readonly epoch?: number
      readonly responder?: ResponderId
      readonly point?: PointId
      /** The responder must say yes in time. */
      readonly ask?: boolean
      readonly etaMinutes?: number
      readonly note?: string
    }
  /**
   * `responder`: whose word it is. Refused where another has been sent meanwhile. `onBehalf`: they gave it by telephone to
   * whoever writes it down here.
   */
  | {
      readonly type: 'accept'
      readonly epoch?: number
      readonly responder?: ResponderId
      readonly onBehalf?: true
      readonly etaMinutes?: number
    }
  | {
      readonly type: 'decline'
      readonly epoch?: number
      readonly responder?: ResponderId
      readonly onBehalf?: true
      readonly reason: DeclineReason
      readonly note?: string
    }
  /** `agreement`: what the resident has signed. */
  | {
      readonly type: 'hand-over'
      readonly epoch?: number
      readonly service: EmergencyService
      readonly agreement: readonly EmergencyService[]
      readonly note?: string
    }
  | {
      readonly type: 'arrive'
      readonly epoch?: number
      readonly responder?: ResponderId
      readonly note?: string
      readonly proof?: ArrivalProof
    }
  | { readonly type: 'resolve'; readonly epoch?: number; readonly cause: Cause; readonly note?: string }
  | {
      readonly type: 'follow-up'
      readonly reached: boolean
      /** 1 (poor) to 5 (good), when the resident gave one. */
      readonly satisfaction?: number
      readonly note?: string
    }
  | { readonly type: 'note'; readonly text: string }
  /** The deadline that was due. Refused as stale if the alarm has moved on meanwhile. */
  | { readonly type: 'deadline'; readonly deadline: Deadline; readonly routing: Routing }
  /** The auditor's: give this open alarm a deadline again. */
  | { readonly type: 'mend' }

/** Who asks, and when: handed to `decide` beside the command. */
export type Asked = { readonly actor: Actor; readonly now: Instant }
