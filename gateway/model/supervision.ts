/** The port to how well each home is watched over: silence is a finding, and so is a flat battery. */
import type { RuleName } from './detection.ts'
import type { DeviceId, HomeId, Instant } from './ids.ts'

export const protections = ['protected', 'degraded', 'unprotected'] as const
export type Protection = (typeof protections)[number]

export type Weakness = {
  readonly reason:
    | RuleName
    /** Registered, and nobody has heard of it yet. */
    | 'never-seen'
    /** A home without any device. */
    | 'no-device'
    /** No device of the home through which somebody could call is working. */
    | 'no-way-to-call'
    | 'line-lost'
  readonly device?: DeviceId
  readonly since?: Instant
}

export type HomeSupervision = {
  readonly home: HomeId
  readonly state: Protection
  /** When it became so, as far as is known. */
  readonly since?: Instant
  readonly weaknesses: readonly Weakness[]
}

export interface Supervision {
  of(home: HomeId): HomeSupervision
}

/** Somebody or something that speaks and is not in the registry. */
export type Stranger = {
  readonly source: 'serial' | 'espa444' | 'zigbee2mqtt'
  /** The line's id; of Zigbee2MQTT, its base topic. */
  readonly line: string
  readonly address: string
  readonly firstSeenAt: Instant
  readonly lastSeenAt: Instant
  readonly messages: number
  /** What it says of itself: model, vendor, IEEE address. */
  readonly facts: { readonly [name: string]: string }
}

export interface Strangers {
  /** Latest first. Bounded: the one not heard of for longest goes. */
  list(): readonly Stranger[]
}
