/**
 * The words between a serial line and the protocol that is spoken on it. A session is a state machine: bytes and time
 * go in, observations and bytes come out. It is total, bounded, and does no I/O.
 */
import type { FeedbackStage } from './delivery.ts'
import type { Instant } from './ids.ts'
import type { DiscardReason, Observation } from './observation.ts'

export type LineInput =
  /** The line is open (again): whatever was half read is void. */
  | { readonly type: 'opened' }
  | { readonly type: 'bytes'; readonly bytes: Uint8Array }
  /** What became of the observation with this token: may it be acknowledged? */
  | { readonly type: 'verdict'; readonly token: number; readonly taken: boolean }
  /** News for the device that sent this event. */
  | {
      readonly type: 'feedback'
      readonly address: string
      readonly eventId: string
      readonly stage: FeedbackStage | 'refused'
    }
  /** The time that the session asked for has come. */
  | { readonly type: 'wake' }

export type LineOutput =
  | {
      readonly type: 'observed'
      /** Who on this line: a device number, a call address, or empty where the line is the device. */
      readonly address: string
      readonly observation: Observation
      /** The sender waits for an answer: the session wants the verdict on this. */
      readonly token?: number
    }
  /** Somebody on the line is alive, and said nothing else. */
  | { readonly type: 'alive'; readonly address: string; readonly facts?: { readonly [name: string]: string } }
  | { readonly type: 'write'; readonly bytes: Uint8Array }
  | {
      readonly type: 'discarded'
      readonly reason: DiscardReason
      /** How many bytes went. */
      readonly bytes: number
      readonly detail: string
    }

export type LineStep = {
  readonly outputs: readonly LineOutput[]
  /** When the session wants a `wake`, if nothing comes before. */
  readonly wakeAt?: Instant
}

export interface LineSession {
  step(input: LineInput, now: Instant): LineStep
}

export type LineParity = 'none' | 'even' | 'odd'
export type LineFraming = {
  readonly baudRate: number
  readonly dataBits: 7 | 8
  readonly parity: LineParity
  readonly stopBits: 1 | 2
}

export type LineOptions = {
  /** ESPA 4.4.4: does this gateway poll, or is it polled? */
  readonly role?: 'control' | 'station'
  /** How often to ask devices that must be asked. */
  readonly pollMs?: number
}

/** A protocol of serial lines: one file, and one line in `decode/protocols.ts`. */
export interface LineProtocol {
  readonly framing: LineFraming
  /** A line without a sound byte for so long is lost: a technical alarm. */
  readonly silentAfterMs: number
  /** RS-485: how long to keep quiet between the last byte heard and the first one sent. 0 on full-duplex lines. */
  readonly turnaroundMs: number
  open(options: LineOptions): LineSession
}
