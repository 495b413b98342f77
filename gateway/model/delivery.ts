/**
 * What the gateway owes to somebody outside because of an alarm event: the second axis beside the alarm's state.
 * One row per (event, recipient). The payload is not stored: it is rendered from the alarm as it is when it is
 * sent, so that nobody is ever told what is no longer true.
 */
import type { AlarmId, Instant } from './ids.ts'

export type DeliveryKind =
  /** To a service point's terminal: will you take this? Confirmed by its `received` reply. */
  | 'offer'
  /** To a service point's terminal: what became of an alarm it was offered. */
  | 'update'
  /** To the device that called: somebody has heard you. */
  | 'feedback'
  /** To a device that can speak: are you all right? Until the answer, or the end of waiting for it. */
  | 'prompt'
  /** To the outbound webhook: text message and voice gateways. */
  | 'notice'

export const feedbackStages = ['accepted', 'acknowledged', 'dispatched', 'arrived', 'resolved'] as const
export type FeedbackStage = (typeof feedbackStages)[number]

export type DeliveryState = 'pending' | 'delivered' | 'failed' | 'not-owed'

/** transient: did not get there; ambiguous: may have; permanent: will never. */
export type FailureOutcome = 'transient' | 'ambiguous' | 'permanent'

export type NewDelivery = {
  /** `{alarm}/{version}/{recipient}`: the same event never owes the same recipient twice. */
  readonly id: string
  readonly alarm: AlarmId
  /** The alarm's version right after the event that owes this. */
  readonly version: number
  readonly kind: DeliveryKind
  /** `point:{id}`, `device:{id}` or `webhook`. */
  readonly recipient: string
  /** offer: the epoch; feedback: `{stage}/{event id}`; update and notice: the event's type;
   * prompt: the alarm's kind. */
  readonly topic: string
  readonly createdAt: Instant
}

export type Delivery = NewDelivery & {
  readonly state: DeliveryState
  readonly outcome?: FailureOutcome
  readonly reason?: string
  readonly attempts: number
  readonly settledAt?: Instant
}

export type DeliveryUpdate = {
  readonly id: string
  readonly state: DeliveryState
  readonly outcome?: FailureOutcome
  readonly reason?: string
  readonly attempts: number
  /** Unset while it is still pending. */
  readonly settledAt?: Instant
}
