/**
 * The ports to what keeps personal data: encryption at rest, texts that the journal refers to, consent, and what a
 * resident may ask for: all of it, or that it goes.
 */
import type { Refusal } from './errors.ts'
import type { DeviceId, HomeId, Instant, ResidentId, UserId } from './ids.ts'

/** Seals with the current key of the key file; opens with the key that sealed. AES-256-GCM. */
export interface Vault {
  /** @param about bound to the seal: what was sealed for one record opens for no other. */
  seal(clear: Uint8Array, about: string): Uint8Array
  /** Throws when the key is gone, or the seal is not for `about`: a defect or tampering. */
  open(sealed: Uint8Array, about: string): Uint8Array
  /** The id of the key that sealed it. */
  keyOf(sealed: Uint8Array): string
  /** The id of the key that seals now. */
  currentKey(): string
}

/** A key of the key file, without the key. */
export type KeyFacts = { readonly id: string; readonly createdAt: Instant; readonly current: boolean }

/** The vault as its keeper sees it. */
export interface KeyRing extends Vault {
  keys(): readonly KeyFacts[]
  /** A new key seals from now on: it is on disk before this answers. The others stay and open what they have sealed. */
  rotate(): void
  /** Takes keys out of the file, for good. Never the current one. */
  retire(ids: readonly string[]): void
}

/** A table whose rows are sealed. */
export interface SealedRows {
  /** How many rows each key seals. */
  counts(): ReadonlyMap<string, number>
  /**
   * Seals rows with the current key that another one has sealed: a slice of them, after `cursor`. Answers the next
   * cursor; undefined: that was the last. What does not open stays as it is.
   */
  reseal(cursor: string): string | undefined
}

/** The port to the rotation of keys, which goes on by itself in the background, also after a restart. */
export interface Rotation {
  start(): Refusal | undefined
  /** `rows`: how many it still seals. */
  keys(): readonly (KeyFacts & { readonly rows: number })[]
  running(): boolean
}

/** Whom a text or picture is about, so that it goes when they do. Asked for, it must fit all that is named, and something must be. */
export type Concerned = { readonly resident?: ResidentId; readonly home?: HomeId }

/** Texts and pictures that people add. The journal and the jobs hold only their name: they can be erased, entries cannot. */
export interface Papers {
  /** Answers the name under which it is kept: `paper:…`. */
  keep(content: string | Uint8Array, about: Concerned, at: Instant): { readonly ref: string } | Refusal
  /** Undefined: erased, or never there. */
  text(ref: string): string | undefined
  bytes(ref: string): Uint8Array | undefined
  list(about: Concerned): readonly { readonly ref: string; readonly at: Instant; readonly isText: boolean }[]
  /** What it was kept for has not come to be. */
  drop(ref: string): void
  eraseAbout(about: Concerned): number
  eraseBefore(at: Instant): number
}

/** How the name of a paper begins. */
export const paperPrefix = 'paper:'

export const consentPurposes = ['monitoring', 'health', 'family', 'emergency-services'] as const
/** monitoring: being watched at all; health: vital signs; family: shown to relatives; emergency-services: 代呼协议. */
export type ConsentPurpose = (typeof consentPurposes)[number]

export type Consent = {
  readonly resident: ResidentId
  readonly purpose: ConsentPurpose
  readonly given: boolean
  readonly at: Instant
  /** Who wrote it down. */
  readonly by: { readonly id: UserId; readonly name: string }
  /** Where the signed paper lies. */
  readonly document?: string
  /** It ends by itself. */
  readonly until?: Instant
}

export interface Consents {
  /** The latest word for each purpose. */
  of(resident: ResidentId, now: Instant): readonly Consent[]
  history(resident: ResidentId): readonly Consent[]
  given(resident: ResidentId, purpose: ConsentPurpose, now: Instant): boolean
  record(consent: Consent): Refusal | undefined
  /** Leaves of each purpose that it is not given, since when and by whom; nothing else. */
  erase(resident: ResidentId, at: Instant, by: Consent['by']): void
}

/** What an erasure did, and what is left to people. */
export type Erasure = {
  readonly resident: ResidentId
  /** The address went too: nobody else lives there. */
  readonly home?: HomeId
  readonly papers: number
  /** Whose measurements went. They are still where they were: somebody should fetch them. */
  readonly devices: readonly DeviceId[]
  /** Where copies may be that the gateway does not reach. */
  readonly unreached: readonly string[]
}

/** What a resident may ask for (PIPL art. 45, 47). */
export interface PersonalData {
  /** One document, in clear. Undefined: there is no such resident. */
  export(resident: ResidentId): Promise<{ readonly [part: string]: unknown } | undefined>
  /** Done again, it goes on where it was interrupted. */
  erase(resident: ResidentId, by: Consent['by']): Promise<Erasure | Refusal>
}
