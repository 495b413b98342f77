/** The ports to what keeps personal data: encryption at rest, texts that the journal refers to, and consent. */
import type { Refusal } from './errors.ts'
import type { HomeId, Instant, ResidentId, UserId } from './ids.ts'

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

/** Whom a text or picture is about, so that it goes when they do. */
export type Concerned = { readonly resident?: ResidentId; readonly home?: HomeId }

/** Texts and pictures that people add. The journal and the jobs hold only their name: they can be erased, entries cannot. */
export interface Papers {
  /** Answers the name under which it is kept: `paper:…`. */
  keep(content: string | Uint8Array, about: Concerned, at: Instant): { readonly ref: string } | Refusal
  /** Undefined: erased, or never there. */
  text(ref: string): string | undefined
  bytes(ref: string): Uint8Array | undefined
  list(about: Concerned): readonly { readonly ref: string; readonly at: Instant }[]
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
}
