/**
 * How a home gets its devices, from the request to the archive, and who runs beds in it: words and ports.
 *
 *   requested → surveyed → installed → accepted → archived, or cancelled before it is accepted
 */
import { z } from 'zod'
import type { Refusal } from './errors.ts'
import { AlarmId, DeviceId, HomeId, type Instant, InstitutionId, JobId, UserId } from './ids.ts'
import { type AlarmKind, isAlarmKind } from './kinds.ts'
import { personal } from './personal.ts'
import type { Bed, Beds, By, TestModeSwitch, TriggerTest } from './provisioning.ts'

export const jobStates = ['requested', 'surveyed', 'installed', 'accepted', 'archived', 'cancelled'] as const
export type JobState = (typeof jobStates)[number]

/** What a technician looks at in every home. Chinese first, English second. */
export const checklist: Readonly<Record<string, { readonly zh: string; readonly en: string }>> = {
  power: { zh: '电源可靠，不受墙壁开关控制', en: 'Powered, and not behind a wall switch' },
  signal: { zh: '安装位置信号不低于 -75 dBm', en: 'Signal at its place is -75 dBm or better' },
  height: { zh: '安装高度符合要求，倒地也能够到', en: 'Mounted at its height, within reach from the floor' },
  shown: { zh: '已教会老人按键，老人亲自按过', en: 'The resident was shown how to press, and did' },
  door: { zh: '已记录开门方式和钥匙保管人', en: 'Door note and key holder are written down' },
  contacts: { zh: '已核对紧急联系人', en: 'Emergency contacts were checked' },
  labels: { zh: '设备编号与房间已核对', en: 'Device labels and rooms match the registry' },
}
export const checkOutcomes = ['done', 'not-applicable'] as const
export const signers = ['resident', 'relative'] as const

/** A device by its id, or so many of a model. */
export const Expected = z
  .union([
    z.strictObject({ device: DeviceId }),
    z.strictObject({ model: z.string().min(1).max(100), count: z.int().min(1).max(50) }),
  ])
  .readonly()
export type Expected = z.infer<typeof Expected>

const StoredBy = z.object({ id: UserId, name: z.string() }).readonly()
const done = { by: StoredBy, at: z.number() }
const list = <T extends z.ZodType>(item: T) => z.array(item).readonly()
const Trigger = z.custom<AlarmKind>(value => typeof value === 'string' && isAlarmKind(value))
const DeviceTest = z.object({ device: DeviceId, trigger: Trigger, at: z.number(), alarm: AlarmId }).readonly()
/** A trigger that came in end to end, and whose. */
export type DeviceTest = TriggerTest & { readonly device: DeviceId }

export const JobRequest = z
  .strictObject({
    home: HomeId,
    devices: z.array(Expected).min(1).max(50).readonly(),
    institution: InstitutionId.exactOptional(),
    /** A day, as people write it. */
    due: z.iso.date().exactOptional(),
    technician: UserId.exactOptional(),
  })
  .readonly()
export type JobRequest = z.infer<typeof JobRequest>

/** Texts and pictures are papers (`vault.ts`): here stands the name under which they are kept. */
export const Job = z
  .object({
    ...JobRequest.unwrap().shape,
    id: JobId,
    /** The number of its steps: whoever acts on it says which one they have seen. */
    version: z.number(),
    state: z.enum(jobStates),
    requested: z.object(done).readonly(),
    notes: z.string().exactOptional(),
    checks: list(
      z
        .object({
          item: z.string(),
          done: z
            .object({ outcome: z.enum(checkOutcomes), ...done })
            .readonly()
            .exactOptional(),
        })
        .readonly(),
    ),
    photos: list(z.object({ photo: z.string(), ...done }).readonly()),
    signature: z
      .object({ signer: z.enum(signers), name: z.string(), ...done })
      .readonly()
      .exactOptional(),
    /** What was shown when it was accepted. */
    accepted: z
      .object({ tests: list(DeviceTest), ...done })
      .readonly()
      .exactOptional(),
    cancelled: z
      .object({ reason: z.string(), ...done })
      .readonly()
      .exactOptional(),
  })
  .readonly()
export type Job = z.infer<typeof Job>

export const JobEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('requested'), job: JobRequest, checklist: list(z.string()) }).readonly(),
  z.object({ type: z.literal('surveyed'), notes: z.string() }).readonly(),
  z.object({ type: z.literal('installed') }).readonly(),
  z.object({ type: z.literal('checked'), item: z.string(), outcome: z.enum(checkOutcomes) }).readonly(),
  z.object({ type: z.literal('photographed'), photo: z.string() }).readonly(),
  z.object({ type: z.literal('signed'), signer: z.enum(signers), name: z.string() }).readonly(),
  z.object({ type: z.literal('accepted'), tests: list(DeviceTest) }).readonly(),
  z.object({ type: z.literal('archived') }).readonly(),
  z.object({ type: z.literal('cancelled'), reason: z.string() }).readonly(),
])
export type JobEvent = z.infer<typeof JobEvent>

/** What people do to it. `paper`: a text or picture on its way in; the name under which it is kept further on. */
export type JobAct<Text = string, Picture = Uint8Array> =
  | { readonly type: 'survey'; readonly paper: Text }
  | { readonly type: 'install' }
  | { readonly type: 'check'; readonly item: string; readonly outcome: (typeof checkOutcomes)[number] }
  | { readonly type: 'photo'; readonly paper: Picture }
  | { readonly type: 'sign'; readonly signer: (typeof signers)[number]; readonly paper: Text }
  | { readonly type: 'accept' }
  | { readonly type: 'archive' }
  | { readonly type: 'cancel'; readonly paper: Text }
export type JobCommand = JobAct<string, string>

/** Triggers that have not come in since their device was put where it is. */
export type Untested = { readonly device: DeviceId; readonly triggers: readonly AlarmKind[] }

/** What stands between a job and its acceptance. */
export type Lacks = {
  readonly untested: readonly Untested[]
  /** Expected, and not in the home. */
  readonly missing: readonly Expected[]
  /** Items of the checklist. */
  readonly open: readonly string[]
  readonly signature: boolean
}

const personalText = () => {
  const text = z.string()
  personal.add(text, { is: 'identity' })
  return text
}

/** What people write about a home and who lives there, shown by role. */
export const InstallationTexts = z.object({
  notes: personalText(),
  signatory: personalText(),
  reason: personalText(),
})
export type InstallationTexts = { readonly [Name in keyof z.infer<typeof InstallationTexts>]?: string }

/** Something that happened, with who and when. */
export type Step<Event> = {
  readonly version: number
  readonly event: Event
  readonly by: By
  readonly at: Instant
}

export type JobQuery = {
  readonly state?: JobState
  readonly technician?: string
  /** Whether it is to be shown. */
  readonly wanted: (home: HomeId) => boolean
  readonly limit: number
  readonly cursor?: string
}

/** Whatever changes something throws if the disk refuses; then nothing has changed. */
export interface Jobs {
  get(id: string): Job | undefined
  homeOf(id: string): HomeId | undefined
  /** Newest first. A page may be short, or empty, and another still follow: only so many are looked at for one. */
  list(query: JobQuery): { readonly items: readonly Job[]; readonly nextCursor: string | null }
  steps(id: JobId): readonly Step<JobEvent>[]
  lacks(job: Job): Lacks
  /** What people have written, as far as it was not erased. */
  texts(job: Job): InstallationTexts
  photo(job: Job, ref: string): Uint8Array | undefined
  /** Of the devices that are in its home now; those it was accepted with once it is. */
  tests(job: Job): readonly DeviceTest[]
  request(request: JobRequest, by: By): Job | Refusal
  /** @param version the job's as whoever acts has seen it: an older one is refused. */
  act(id: string, act: JobAct & { readonly version: number }, by: By): Job | Refusal
}

export const Institution = z
  .strictObject({
    id: InstitutionId,
    name: z.string().min(1).max(200),
    /** Its beds cannot be enabled. */
    suspended: z.boolean().exactOptional(),
  })
  .readonly()
export type Institution = z.infer<typeof Institution>

export interface Institutions {
  get(id: string): Institution | undefined
  all(): Iterable<Institution>
  create(institution: Institution, by: By): Institution | Refusal
  patch(id: string, patch: Partial<Omit<Institution, 'id'>>, by: By): Institution | Refusal
}

export type BedChange = { readonly from?: Instant; readonly until?: Instant | null }

export const BedEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('planned') }).readonly(),
  z
    .object({
      type: z.literal('changed'),
      from: z.number().exactOptional(),
      until: z.number().nullable().exactOptional(),
    })
    .readonly(),
  z.object({ type: z.literal('enabled') }).readonly(),
  z.object({ type: z.literal('suspended'), reason: z.string() }).readonly(),
  z.object({ type: z.literal('ended'), reason: z.string() }).readonly(),
])
export type BedEvent = z.infer<typeof BedEvent>

/** `paper` as in `JobAct`: here, why. */
export type BedCommand =
  | ({ readonly type: 'change' } & BedChange)
  | { readonly type: 'enable' }
  | { readonly type: 'suspend'; readonly paper: string }
  | { readonly type: 'end'; readonly paper: string }

/** Whatever changes something throws if the disk refuses; then nothing has changed. */
export interface BedBook extends Beds {
  /** As they are now: one whose time is over has ended. */
  all(): Iterable<Bed>
  steps(bed: Bed): readonly (Step<BedEvent> & Pick<InstallationTexts, 'reason'>)[]
  /** Has the resident consented to being watched? */
  consented(bed: Bed): boolean
  plan(bed: Omit<Bed, 'state'>, by: By): Bed | Refusal
  act(id: string, command: BedCommand, by: By): Bed | Refusal
}

/** All that the stage gives. */
export type Installation = {
  readonly jobs: Jobs
  readonly institutions: Institutions
  readonly beds: BedBook
  readonly testModes: TestModeSwitch
}

const begins = (bytes: Uint8Array, text: string, at = 0): boolean =>
  Array.from(text).every((letter, index) => bytes[at + index] === letter.charCodeAt(0))

/** By its first bytes, whatever it is called. Undefined: none that is taken. */
export const pictureTypeOf = (bytes: Uint8Array): 'image/jpeg' | 'image/png' | 'image/webp' | undefined => {
  if (begins(bytes, '\u00ff\u00d8\u00ff')) return 'image/jpeg'
  if (begins(bytes, '\u0089PNG\r\n\u001a\n')) return 'image/png'
  return begins(bytes, 'RIFF') && begins(bytes, 'WEBP', 8) ? 'image/webp' : undefined
}

/** Beyond: `body-too-large`. */
export const largestPictureBytes = 4 * 1_048_576
