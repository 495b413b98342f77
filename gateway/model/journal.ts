/**
 * The port to the journal: the one place where what happened is kept. An adapter commits each `append` whole, with a
 * full fsync, before it answers. Several gateways may write to one journal: whoever meets `conflict` loads, decides
 * again and retries.
 */
import type { Actor } from './actor.ts'
import type { Alarm, AlarmEvent, AlarmState, Deadline } from './alarm.ts'
import type { Delivery, DeliveryUpdate, NewDelivery } from './delivery.ts'
import type { AlarmId, AreaId, DeviceId, HomeId, Instant, PointId, ResidentId } from './ids.ts'
import type { AlarmKind } from './kinds.ts'
import type { Trail } from './trail.ts'

/** One line of the journal. `hash` covers this entry and the hash of the entry before it. */
export type Entry = {
  /** Global order, without a gap, from 1. */
  readonly seq: number
  readonly alarm: AlarmId
  readonly version: number
  readonly recordedAt: Instant
  readonly actor: Actor
  readonly event: AlarmEvent
  /** Lower-case hexadecimal SHA-256. */
  readonly hash: string
}

/** A device's message as it came in: kept for exactly-once, and so that nothing vanishes. */
export type InboxEntry = {
  readonly device: DeviceId
  /** `{type}/{event id}`: unique per device, for a day at least. */
  readonly eventKey: string
  readonly type: string
  readonly receivedAt: Instant
  readonly deviceTime?: Instant
  readonly data?: unknown
}

/** How many messages of one type came in within one stretch of time, from `at` on. */
export type InboxCount = { readonly type: string; readonly at: Instant; readonly count: number }

/** So many counts of a device are answered at most, oldest first: a device that invents types is cut short. */
export const mostInboxCounts = 2_000

export type AppendRequest = {
  readonly alarm: Alarm
  /** The version that `events` were decided on: 0 for a new alarm. */
  readonly expectedVersion: number
  readonly events: readonly AlarmEvent[]
  readonly actor: Actor
  readonly recordedAt: Instant
  /** The message that made this happen, when a device did. */
  readonly inbox?: InboxEntry
  readonly deliveries: readonly NewDelivery[]
}

export type AppendResult =
  | { readonly ok: true; readonly entries: readonly Entry[] }
  /** Another writer was first: the version moved, or another open alarm has this subject. */
  | { readonly ok: false; readonly why: 'conflict' }
  /** This device message came in already, within the last day. `alarm` is the alarm that it belongs to, if any. */
  | { readonly ok: false; readonly why: 'duplicate'; readonly alarm?: AlarmId }
  /** Nothing was written: the disk is full, read-only or broken. */
  | { readonly ok: false; readonly why: 'unavailable'; readonly detail: string }

export type KeepResult =
  | { readonly ok: true; readonly duplicate: boolean }
  | { readonly ok: false; readonly why: 'unavailable'; readonly detail: string }

/** Alarms in any of these areas or in no known one, or asked of, held by or worked on from any of these points, or in any of these homes. */
export type AlarmsWithin = {
  readonly areas?: readonly AreaId[]
  readonly points?: readonly PointId[]
  readonly homes?: readonly HomeId[]
}

export type AlarmQuery = {
  readonly states?: readonly AlarmState[]
  readonly kind?: AlarmKind
  /** Any of these areas (the caller expands the tree). */
  readonly areas?: readonly AreaId[]
  /** Alarms that this point was asked to take in their current epoch, holds, or has a responder sent to. */
  readonly point?: PointId
  readonly home?: HomeId
  readonly resident?: ResidentId
  /** What whoever asks may see (the caller expands the tree). Undefined: all. */
  readonly within?: AlarmsWithin
  /** Received at or after / before. */
  readonly from?: Instant
  readonly to?: Instant
  /** `received`: newest first. `urgency`: priority, then oldest first. `due`: the next deadline first. */
  readonly order: 'received' | 'urgency' | 'due'
  readonly limit: number
  readonly cursor?: string
}

export type AlarmPage = { readonly items: readonly Alarm[]; readonly nextCursor: string | null }

export type Head = { readonly seq: number; readonly hash: string }

/** The two chains of a journal: what happened to alarms, and what people and programs did. */
export type ChainName = 'events' | 'trail'
export type Heads = Readonly<Record<ChainName, Head>>

export type Verification =
  | {
      readonly ok: true
      readonly entries: number
      readonly head: Head
      readonly trail: { readonly entries: number; readonly head: Head }
    }
  | { readonly ok: false; readonly chain: ChainName; readonly brokenAt: number; readonly detail: string }

export type Audit = {
  readonly withoutDeadline: readonly AlarmId[]
  readonly overdue: ReadonlyMap<AlarmId, Deadline>
}

export type JournalHealth = { readonly writable: boolean; readonly detail?: string }

export interface Journal {
  /** Commits all of it or nothing of it. */
  append(request: AppendRequest): Promise<AppendResult>
  /** Keeps a device message that raises nothing. */
  keep(entry: InboxEntry): Promise<KeepResult>
  /** Records outcomes of deliveries. Resolves false when they could not be written. */
  settle(updates: readonly DeliveryUpdate[]): Promise<boolean>

  load(alarm: AlarmId): Promise<Alarm | undefined>
  /** The open alarm with this subject, if there is one. */
  findOpen(subject: string): Promise<Alarm | undefined>
  /** All open and all resolved but not closed alarms: everything that has or should have a deadline. */
  unfinished(): Promise<readonly Alarm[]>
  list(query: AlarmQuery): Promise<AlarmPage>
  timeline(alarm: AlarmId): Promise<readonly Entry[]>
  /** The timelines of these alarms, one after the other. For reports: it keeps no look-up waiting. */
  entriesOf(alarms: readonly AlarmId[]): Promise<readonly Entry[]>
  /** Entries with a greater `seq`, in order, at most `limit`. */
  entriesAfter(seq: number, limit: number): Promise<readonly Entry[]>
  deliveriesOf(alarm: AlarmId): Promise<readonly Delivery[]>
  pendingDeliveries(): Promise<readonly Delivery[]>
  /** Newest first. What devices said that this gateway does not understand. */
  inboxOf(device: DeviceId, limit: number): Promise<readonly InboxEntry[]>
  /** Messages of this device, received at `from` or later, that raised nothing: by type, and by stretches of `everyMs`. */
  inboxCounts(device: DeviceId, from: Instant, everyMs: number): Promise<readonly InboxCount[]>

  /**
   * The auditor's question, answered from the table of deadlines itself: which alarms that are not closed have none,
   * and which deadlines lie before `dueBefore`.
   */
  audit(dueBefore: Instant): Promise<Audit>
  head(): Head
  /** Beside the events, in the same commits. */
  readonly trail: Trail
  /** Both chains. */
  verify(): Promise<Verification>
  health(): JournalHealth
  /** Calls back whenever health changes. Returns the way to stop that. */
  onHealth(listener: (health: JournalHealth) => void): () => void
  close(): Promise<void>
}
