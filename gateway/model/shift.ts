/** Who has the watch at the consoles: words and ports. */
import { z } from 'zod'
import type { User } from './access.ts'
import type { Refusal } from './errors.ts'
import { AlarmId, type Instant, UserId } from './ids.ts'
import { mayDo } from './permissions.ts'
import type { By } from './provisioning.ts'

/** Works at a console. Undefined: there is nobody of that name any more. */
export const mayWatch = (user: Pick<User, 'role' | 'disabled'> | undefined): boolean =>
  user !== undefined && !user.disabled && mayDo(user, 'shift:work')

const person = z.object({ id: UserId, name: z.string() }).readonly()
const list = <T extends z.ZodType>(item: T) => z.array(item).readonly()

/** An alarm that the leaver held, and that did not go over, with the code of the refusal (`errors.ts`). */
const Kept = z.object({ alarm: AlarmId, why: z.string() }).readonly()
export type Kept = z.infer<typeof Kept>

export const ShiftEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('taken-over') }),
  /** `note`: the name of a paper (`vault.ts`), which can be erased; an event cannot. */
  z.object({
    type: z.literal('offered'),
    id: z.string(),
    to: person,
    alarms: list(AlarmId),
    note: z.string().exactOptional(),
  }),
  z.object({
    type: z.literal('accepted'),
    id: z.string(),
    from: person,
    transferred: list(AlarmId),
    kept: list(Kept),
  }),
  z.object({ type: z.literal('withdrawn'), id: z.string(), to: person }),
  /** `empty`: nobody else was on duty. */
  z.object({ type: z.literal('left'), empty: z.boolean() }),
  /** By the gateway: whoever was on duty may not work at a console any more. */
  z.object({ type: z.literal('struck-off'), from: person }),
  /** By the gateway: nobody is on duty, or nobody on duty has a console open; and that this is over. */
  z.object({ type: z.literal('unattended'), why: z.enum(['nobody', 'no-console']) }),
  z.object({ type: z.literal('attended') }),
])
export type ShiftEvent = z.infer<typeof ShiftEvent>
export type Unattended = Extract<ShiftEvent, { type: 'unattended' }>['why']

const OnDuty = z.object({ user: person, since: z.number() }).readonly()
export type OnDuty = z.infer<typeof OnDuty>

/** Offered by name, with the open alarms that its giver held then. */
const HandOver = z
  .object({
    id: z.string(),
    from: person,
    to: person,
    alarms: list(AlarmId),
    note: z.string().exactOptional(),
    offeredAt: z.number(),
  })
  .readonly()
export type HandOver = z.infer<typeof HandOver>

export const Shift = z
  .object({
    onDuty: list(OnDuty),
    pending: list(HandOver),
    /** Somebody has taken a shift over here once. Where nobody ever has, nobody is missed. */
    isUsed: z.boolean(),
    unattendedSince: z.number().exactOptional(),
  })
  .readonly()
export type Shift = z.infer<typeof Shift>

/** `by` null: the gateway itself. */
export type Happening = { readonly at: Instant; readonly by: By | null; readonly event: ShiftEvent }

export type ShiftCommand =
  | { readonly type: 'take-over' }
  | {
      readonly type: 'hand-over'
      readonly id: string
      readonly to: By
      readonly alarms: readonly AlarmId[]
      readonly note?: string
    }
  | {
      readonly type: 'accept'
      readonly id: string
      readonly transferred: readonly AlarmId[]
      readonly kept: readonly Kept[]
    }
  | { readonly type: 'withdraw' }
  | { readonly type: 'leave'; readonly leaveEmpty: boolean }

/** What is on disk of it. */
export interface ShiftBook {
  now(): Shift
  /** Newest first, at most `limit` of those that are wanted. */
  latest(limit: number, wanted: (happening: Happening) => boolean): readonly Happening[]
  /** On disk when it answers. Throws if the disk refuses. */
  act(command: ShiftCommand, by: By): Refusal | undefined
  /** Undefined: somebody is there again. */
  found(unattended: Unattended | undefined): void
  /** Not on duty any more. What they have offered can still be accepted. */
  strikeOff(user: By): void
}

/** Who looks at the alarms: the live stream tells which people have a console open. */
export interface Consoles {
  /** Somebody's console has opened a stream. Call what it answers once that has ended. */
  opened(user: UserId): () => void
  isOpen(user: UserId): boolean
}

export type Accepted = { readonly transferred: readonly AlarmId[]; readonly kept: readonly Kept[] }

/** The port to who has the watch. Acts of people are on disk when they are answered. */
export interface Watch extends Pick<ShiftBook, 'now' | 'latest'> {
  /** What was written to whoever it is handed to. Undefined: nothing, or it was erased. */
  noteOf(handOver: HandOver): string | undefined
  takeOver(by: By): Promise<Refusal | undefined>
  handOver(by: By, to: By, note?: string): Promise<HandOver | Refusal>
  /** The alarms go over first: interrupted or refused in between, it can be accepted again. */
  accept(by: By, id: string): Promise<Accepted | Refusal>
  withdraw(by: By): Promise<Refusal | undefined>
  leave(by: By, leaveEmpty: boolean): Promise<Refusal | undefined>
}
