/** The life of a device before and after it is at work, and of the beds and installations it belongs to: words and ports. */
import { z } from 'zod'
import type { Refusal } from './errors.ts'
import {
  type AlarmId,
  BedId,
  type DeviceId,
  HomeId,
  type Instant,
  InstitutionId,
  ResidentId,
  type UserId,
} from './ids.ts'
import type { AlarmKind } from './kinds.ts'
import type { Stranger } from './supervision.ts'

export const lifeStates = [
  'registered',
  'claimed',
  'installed',
  'tested',
  'enabled',
  'suspended',
  'retired',
] as const
export type LifeState = (typeof lifeStates)[number]

/** Who did it. */
export type By = { readonly id: UserId; readonly name: string }

/** A trigger that came in end to end: sent by the device, committed by the journal, while its home was in test mode. */
export type TriggerTest = { readonly trigger: AlarmKind; readonly at: Instant; readonly alarm: AlarmId }

export type Life = {
  readonly device: DeviceId
  readonly state: LifeState
  readonly since: Instant
  /** A claim code is out and was not used yet. */
  readonly claimUntil?: Instant
  /** Since it was put where it is. */
  readonly tests: readonly TriggerTest[]
  readonly replaces?: DeviceId
  readonly replacedBy?: DeviceId
}

export interface DeviceLives {
  /** Undefined: it came with a registry document, ready to work. */
  of(device: DeviceId): Life | undefined
  /** A trigger of it came in end to end. Never throws: a test must not stand in the way of a call. */
  triggerTested(device: DeviceId, test: TriggerTest): void
  /** Triggers of its model that have not come in since it was put where it is. */
  untested(device: DeviceId): readonly AlarmKind[]
  /** When its home is accepted. */
  enable(device: DeviceId, by: By): Refusal | undefined
}

/** Whom a test mode belongs to, and until when at most. */
export type TestMode = {
  readonly home: HomeId
  readonly until: Instant
  readonly since: Instant
  readonly by: By
}

/** A trigger of a device that the registry has, as it came in. */
export type HeardTrigger = {
  readonly home: HomeId | undefined
  readonly device: DeviceId
  readonly kind: AlarmKind
  /** `{type}/{event id}`: a retransmission has the same, and is no further press. */
  readonly eventKey: string
  readonly data?: { readonly [name: string]: unknown }
  readonly at: Instant
  /** An alarm that is no test is open about the same: somebody waits for help, and presses again. */
  readonly isOpen: boolean
}

export interface TestModes {
  of(home: HomeId, now: Instant): TestMode | undefined
  /**
   * What a trigger of this home counts as: `test`, or itself, because no test mode is on, or because somebody means it:
   * a long press, or the third in a row. The answer stays the same until `committed`. Never throws.
   */
  kindFor(trigger: HeardTrigger): AlarmKind
  /** It is on disk: from now on the inbox knows it. */
  committed(trigger: Pick<HeardTrigger, 'device' | 'eventKey'>): void
}

/** Test modes as people set them. */
export interface TestModeSwitch extends TestModes {
  /** On from now, whatever was on before. `minutes`: 1 to 15. Throws if the disk refuses. */
  set(home: HomeId, minutes: number, by: By): TestMode
  /** False: none was on. */
  end(home: HomeId): boolean
}

export const bedStates = ['planned', 'enabled', 'suspended', 'ended'] as const

/** 家庭养老床位: a resident, watched at home on behalf of an institution, for a time. */
export const Bed = z
  .object({
    id: BedId,
    resident: ResidentId,
    home: HomeId,
    institution: InstitutionId,
    from: z.number(),
    /** The first moment that it does not cover any more. */
    until: z.number().exactOptional(),
    state: z.enum(bedStates),
  })
  .readonly()
export type Bed = z.infer<typeof Bed>

export interface Beds {
  /** Those that are not ended. */
  ofHome(home: HomeId): readonly Bed[]
  get(id: string): Bed | undefined
  /** Homes in which this institution runs a bed. */
  homesOf(institution: InstitutionId): readonly HomeId[]
}

/** What a technician makes of a stranger. */
export type Adoption = Pick<Stranger, 'source' | 'line' | 'address'>
