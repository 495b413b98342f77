/**
 * The port to what sensors measured: kept by time for review, apart from the journal. It may lag, and it is shed
 * before it costs memory or an alarm; what was shed is counted.
 */
import type { DeviceId, Instant } from './ids.ts'
import type { Readings } from './measurement.ts'

/** One moment of one device. `at` is fixed at intake: written again, it is the same point. */
export type Sample = { readonly device: DeviceId; readonly at: Instant; readonly readings: Readings }

export type SeriesQuery = {
  readonly device: DeviceId
  readonly metric: string
  /** From `from` on, up to but without `to`. */
  readonly from: Instant
  readonly to: Instant
  /** Width of one point, in ms; points begin at multiples of it since 1970. */
  readonly everyMs: number
}

/** A time without a sample has no point: a gap is a gap. */
export type SeriesPoint = {
  readonly at: Instant
  readonly min: number
  readonly mean: number
  readonly max: number
  readonly count: number
}

/** Why a sample is not on disk. */
export type ShedReason =
  /** More waits for the disk than may. */
  | 'overload'
  /** The disk is full or broken, and there is nothing older to let go of. */
  | 'disk'
  /** Older than what is kept. */
  | 'too-old'
  /** Its metric would be one too many. */
  | 'too-many-metrics'

export type TelemetryFigures = {
  readonly stored: number
  readonly shed: ReadonlyMap<ShedReason, number>
  /** Samples that went, oldest first, so that newer ones had room. */
  readonly retired: number
  readonly waiting: number
  readonly bytes: number
}

export type ForwarderFigures = {
  /** Samples on disk that the far side has not confirmed. */
  readonly lag: number
  readonly forwarded: number
  /** Samples that the far side will never take. */
  readonly rejected: number
  /** Samples that waited when retention removed their day. */
  readonly lost: number
  /** Why it does not go on at the moment. */
  readonly trouble?: string
}

/** What answers questions about the past: the local store, or an InfluxDB for what the local store no longer has. */
export interface TelemetryReader {
  query(query: SeriesQuery): Promise<readonly SeriesPoint[]>
}

export interface TelemetryStore extends TelemetryReader {
  /**
   * Resolves after the samples are on disk with a full fsync, or were shed: true if all of them are on disk. The same
   * device and time again replaces the readings that it names and keeps the others.
   */
  write(samples: readonly Sample[]): Promise<boolean>
  /** Lets go of everything that this device has measured so far. Rejects when the disk refuses. */
  erase(device: DeviceId): Promise<void>
  /** The start of the oldest day on disk; undefined when there is none. */
  oldest(): Instant | undefined
  figures(): TelemetryFigures
  close(): Promise<void>
}
