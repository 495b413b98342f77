/**
 * What the store asks of its thread and what it is answered, as JSON. Both ends are of this folder and of one process:
 * a command is told from another by its key, and everything else is taken for what it says.
 */
import type { DeviceId, Instant } from '../model/ids.ts'
import type { Sample, SeriesQuery } from '../model/telemetry.ts'
import type { Retained, TelemetryLimits } from './retention.ts'
import type { Columns } from './series.ts'
import type { Entries } from './state-file.ts'
import type { Written } from './writing.ts'

export type Command =
  | { readonly write: readonly Sample[]; readonly now: Instant }
  | { readonly retain: TelemetryLimits; readonly now: Instant }
  | { readonly query: SeriesQuery }
  | { readonly erase: DeviceId }
  | { readonly save: Entries<string | null> }
  | { readonly load: true }

/** By the key of the command. */
export type Replies = {
  readonly write: Written
  readonly retain: Retained
  readonly query: Columns
  readonly erase: { readonly erased: true }
  readonly save: { readonly saved: true }
  readonly load: Entries<string>
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

export const isCommand = (value: unknown): value is Command => isObject(value)

export const isReplyTo = <Key extends keyof Replies>(_key: Key, value: unknown): value is Replies[Key] =>
  isObject(value)
