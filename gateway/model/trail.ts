/**
 * The port to the audit trail: every command of a person or program, and every look at what is masked, with who, from
 * where, about what and why. A chain of its own in the journal's file, committed by the journal's writer; what happened
 * to alarms is in the chain of events as well.
 */
import type { Actor } from './actor.ts'
import type { ErrorCode } from './errors.ts'
import type { Instant, UserId } from './ids.ts'
import type { Head } from './journal.ts'
import type { Place } from './scope.ts'

export type TrailEntry = {
  readonly at: Instant
  readonly actor: Actor
  /** The network address it came from; absent for the gateway's own acts. */
  readonly address?: string
  /** `POST /api/alarms/:id/acknowledge`, or the gateway's own: `retention`, `key-rotation`. */
  readonly action: string
  /** `residents/r-0001`: what it was done to. */
  readonly subject?: string
  readonly reason?: string
  readonly outcome: 'done' | ErrorCode
  /** Further facts. Never anything personal: names of fields, not what they hold. */
  readonly facts?: { readonly [name: string]: string | number | boolean }
  /** Where it happened, for those who may see a part only. */
  readonly areas?: Place['areas']
}

export type RecordedTrailEntry = TrailEntry & { readonly seq: number; readonly hash: string }

export type TrailQuery = {
  readonly actor?: UserId
  /** Begins with. */
  readonly action?: string
  /** Begins with. */
  readonly subject?: string
  /** Searched in the reason. */
  readonly text?: string
  readonly from?: Instant
  readonly to?: Instant
  /** Any of these areas (the caller expands the tree). */
  readonly areas?: Place['areas']
  readonly limit: number
  /** Entries before this one. */
  readonly before?: number
}

export interface Trail {
  /** Resolves false when it could not be committed, or too many wait: calls go first. */
  record(entry: TrailEntry): Promise<boolean>
  /** Newest first. */
  search(query: TrailQuery): Promise<readonly RecordedTrailEntry[]>
  head(): Head
}
