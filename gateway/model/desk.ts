/**
 * The port through which people act on alarms: the HTTP API speaks to it, and so do service-point terminals. Behind it
 * stands the one door, `decide`.
 */
import type { Actor } from './actor.ts'
import type { Alarm, AlarmCommand } from './alarm.ts'
import type { Refusal } from './errors.ts'
import type { AlarmId } from './ids.ts'
import type { Entry } from './journal.ts'

/** A command as a person gives it: where it may go next is worked out behind the port. */
type WithoutRouting<T> = T extends unknown ? Omit<T, 'routing'> : never
export type PersonCommand = WithoutRouting<
  Extract<
    AlarmCommand,
    {
      type:
        | 'acknowledge'
        | 'release'
        | 'transfer'
        | 'dispatch'
        | 'arrive'
        | 'resolve'
        | 'follow-up'
        | 'note'
        | 'confirm'
        | 'repeat'
    }
  >
>

export interface Desk {
  /** Resolves after the journal has committed. */
  act(alarm: AlarmId, command: PersonCommand, actor: Actor): Promise<Alarm | Refusal>
}

/** What the journal commits, as it commits it, in order of `seq`. */
export interface EntryFeed {
  /** Calls back with entries right after their commit. Returns the way to stop that. */
  subscribe(listener: (entries: readonly Entry[]) => void): () => void
}
