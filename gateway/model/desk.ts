/**
 * The port through which people act on alarms: the HTTP API speaks to it, and so do service-point terminals. Behind it
 * stands the one door, `decide`.
 */
import type { Actor } from './actor.ts'
import type { Alarm, AlarmCommand } from './alarm.ts'
import type { ArrivalProof, Fix } from './arrival.ts'
import type { Refusal } from './errors.ts'
import type { AlarmId } from './ids.ts'
import type { Entry } from './journal.ts'

type Command<Type extends AlarmCommand['type']> = Extract<AlarmCommand, { type: Type }>

/** Where it may go next is worked out behind the port. */
type WithoutRouting<T> = T extends unknown ? Omit<T, 'routing'> : never

/** A position is taken here and goes no further: behind the port it becomes a distance. */
type GivenProof = Exclude<ArrivalProof, { by: 'position' }> | ({ readonly by: 'position' } & Fix)

/** A command as a person gives it: what the registry has to say on it is added behind the port. */
export type PersonCommand =
  | WithoutRouting<Command<'call-back' | 'release' | 'confirm' | 'repeat'>>
  | Command<'acknowledge' | 'transfer' | 'dispatch' | 'accept' | 'decline' | 'resolve' | 'follow-up' | 'note'>
  | Omit<Command<'hand-over'>, 'agreement'>
  | (Omit<Command<'arrive'>, 'proof'> & { readonly proof?: GivenProof })

export interface Desk {
  /** Resolves after the journal has committed. */
  act(alarm: AlarmId, command: PersonCommand, actor: Actor): Promise<Alarm | Refusal>
}

/** What the journal commits, as it commits it, in order of `seq`. */
export interface EntryFeed {
  /** Calls back with entries right after their commit. Returns the way to stop that. */
  subscribe(listener: (entries: readonly Entry[]) => void): () => void
}
