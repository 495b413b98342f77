/** The life of a device before and after it is at work, and of the beds and installations it belongs to: words and ports. */
import { z } from 'zod'
import type { Claim } from './claim-code.ts'
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
import type { RecordOf, RejectedRow } from './records.ts'
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
export type TriggerTest = {
  readonly trigger: AlarmKind
  readonly at: Instant
  readonly alarm: AlarmId
  /** Where the device was. */
  readonly home?: HomeId
}

export type Life = {
  readonly device: DeviceId
  readonly state: LifeState
  readonly since: Instant
  /** Of a suspended device: what it goes back to. */
  readonly before?: LifeState
  /** A claim code is out and was not used yet. */
  readonly claimUntil?: Instant
  /** It was told a new secret at first contact, and has neither acknowledged nor used it yet. */
  readonly offered?: true
  /** It was given a new secret: the old one is good until that is used, and until then at most where the device was told. */
  readonly oldSecretUntil?: Instant
  /** Since it was put where it is. */
  readonly tests: readonly TriggerTest[]
  readonly replaces?: DeviceId
  readonly replacedBy?: DeviceId
}

/** Where a device is put. */
export type Fitting = { readonly home: HomeId; readonly resident?: ResidentId; readonly room?: string }

export type LifeEvent =
  | { readonly type: 'registered' }
  /** The registry had it before it had a life; or it was a stranger. */
  | { readonly type: 'adopted'; readonly state: 'enabled' | 'suspended' | 'claimed' }
  | { readonly type: 'code-made'; readonly until: Instant }
  | { readonly type: 'code-lapsed' }
  | { readonly type: 'secret-offered' }
  | { readonly type: 'claimed' }
  | { readonly type: 'secret-changed'; readonly oldUntil: Instant }
  | { readonly type: 'old-secret-ended' }
  | ({ readonly type: 'installed'; readonly replaces?: DeviceId } & Fitting)
  | { readonly type: 'trigger-tested'; readonly test: TriggerTest }
  /** Each of its triggers has come in. */
  | { readonly type: 'tested' }
  | { readonly type: 'enabled' }
  | { readonly type: 'suspended'; readonly reason: string }
  | { readonly type: 'resumed' }
  | { readonly type: 'reset' }
  | { readonly type: 'retired'; readonly reason: string; readonly replacedBy?: DeviceId }

export type RecordedLifeEvent = LifeEvent & { readonly seq: number; readonly at: Instant; readonly by: By }

export type LifeCommand =
  | { readonly type: 'register' | 'make-code' | 'reset'; readonly until: Instant }
  | { readonly type: 'adopt'; readonly state: 'enabled' | 'suspended' | 'claimed' }
  | { readonly type: 'change-secret'; readonly oldUntil: Instant }
  | ({ readonly type: 'install'; readonly replaces?: DeviceId } & Fitting)
  | { readonly type: 'trigger'; readonly test: TriggerTest }
  | { readonly type: 'suspend'; readonly reason: string }
  | { readonly type: 'retire'; readonly reason: string; readonly replacedBy?: DeviceId }
  | {
      readonly type:
        | 'lapse-code'
        | 'claim'
        | 'offer-secret'
        | 'take-secret'
        | 'end-old-secret'
        | 'enable'
        | 'resume'
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

export type NewCode = { readonly device: DeviceId; readonly code: string; readonly until: Instant }

/** What people, and devices at first contact, do to lives. What is answered here in clear is answered once. */
export interface Provisioning extends DeviceLives {
  /** Oldest first. */
  events(device: DeviceId): readonly RecordedLifeEvent[]
  /** A list of rows, or CSV bytes: id, model, room, home. Good rows land, bad rows are named. */
  register(
    given: unknown,
    by: By,
  ): Promise<{
    readonly codes: readonly (NewCode & { model: string })[]
    readonly rejected: readonly RejectedRow[]
  }>
  /** Voids the code before. */
  makeCode(device: DeviceId, by: By): Promise<NewCode | Refusal>
  /** The code is used up, and the device has a new secret and no other. */
  claim(claim: Claim, by: By): Promise<{ readonly secret: string } | Refusal>
  /** Binds it. What it was tested for elsewhere does not count here. */
  install(device: DeviceId, fitting: Fitting, by: By): Promise<Life | Refusal>
  /**
   * The old secret is good until the first login with the new one; a day at most where the device was there to be told
   * (`sent`). While it has not used the one before, it may hold it without having been able to say so, and a further one
   * would lock it out: `wrong-life-state`, unless that is forced.
   */
  changeSecret(
    device: DeviceId,
    by: By,
    forced?: 'forced',
  ): Promise<{ readonly secret: string; readonly oldUntil: Instant; readonly sent: boolean } | Refusal>
  /** `by` takes the place of `device`, which is retired. What has happened stays with the old one; each names the other. */
  replace(
    device: DeviceId,
    replacement: { readonly by: DeviceId; readonly reason: string },
    by: By,
  ): Promise<Life | Refusal>
  /** Secret void, unbound, a new claim code. */
  reset(device: DeviceId, by: By): Promise<NewCode | Refusal>
  /** It cannot log in, and its connection ends. */
  suspend(device: DeviceId, reason: string, by: By): Promise<Life | Refusal>
  resume(device: DeviceId, by: By): Promise<Life | Refusal>
  /** For good: unbound, without a secret. */
  retire(device: DeviceId, reason: string, by: By): Promise<Life | Refusal>
  /** Makes a stranger a device of a home. */
  adopt(
    adoption: Adoption,
    device: Fitting & { readonly id: DeviceId; readonly model: string },
    by: By,
  ): Promise<RecordOf['devices'] | Refusal>

  /** Is this the code of this device's open claim? Counts wrong ones. */
  opensClaim(claim: Claim): true | Refusal
  /** A new secret for a device that has shown its claim code itself; the code stays good until it has that secret. */
  offerSecret(device: DeviceId): Promise<{ readonly secret: string } | Refusal>
  /** It has this secret: the code is used up. */
  secretTaken(device: DeviceId, secret: string): Promise<void>
  /** It has logged in: with a secret, or a certificate. */
  connected(device: DeviceId): void
  close(): Promise<void>
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

/** A hazard that counted as a test when it came in, and that its device has not taken back since. */
export type StandingHazard = {
  readonly home: HomeId
  readonly device: DeviceId
  readonly kind: AlarmKind
  readonly since: Instant
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
  /** The device has taken it back, or it has rung: it stands no longer. */
  cleared(hazard: Pick<StandingHazard, 'device' | 'kind'>): void
  /** What still stands where the test mode is over, whatever ended it: somebody must be told of it now. */
  leftStanding(): readonly StandingHazard[]
  /** Calls back whenever a test mode has ended. Returns the way to stop that. */
  onEnd(listener: () => void): () => void
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
