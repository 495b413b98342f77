import type { Principal } from '../model/access.ts'
import type { Entry } from '../model/journal.ts'
import type { Scope } from '../model/scope.ts'

/** What the live stream tells a reader, as text. */
export type Frames = {
  /** Of what has happened. */
  of(entries: readonly Entry[], reader: Principal): AsyncIterable<string>
  /** Of what came into and went out of the reader's sight when its scopes changed. Nothing of that has happened to an alarm. */
  moved(before: readonly Scope[], reader: Principal): Iterable<string>
}
