/** Who did it. Every journal entry names one. */
import type { Finder } from './detection.ts'
import type { DeviceId, PointId, UserId } from './ids.ts'

export type Actor =
  | { readonly kind: 'device'; readonly id: DeviceId }
  | { readonly kind: 'point'; readonly id: PointId }
  | { readonly kind: 'user'; readonly id: UserId; readonly name: string }
  /** A rule of detection, from what sensors showed. */
  | { readonly kind: 'rule'; readonly id: Finder }
  /** A deadline came due. */
  | { readonly kind: 'clock' }
  /** The independent check of deadlines. */
  | { readonly kind: 'auditor' }

/** Who has taken an alarm on: a person at a console, or a service point by its terminal. */
export type Holder = Extract<Actor, { kind: 'user' | 'point' }>
