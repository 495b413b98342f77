/** What cuts a stream of bytes, in whatever pieces it comes, into frames; and what both splitters and sessions say. */
import type { Instant } from '../../model/ids.ts'
import type { LineOutput } from '../../model/line.ts'
import type { DiscardReason } from '../../model/observation.ts'

export type Discarded = Extract<LineOutput, { type: 'discarded' }>

export const discarded = (reason: DiscardReason, bytes: number, detail: string): Discarded => ({
  type: 'discarded',
  reason,
  bytes,
  detail,
})

/** Why what was half read is discarded. */
export const reopened = 'the line was opened again within a frame'

/** Total: each byte ends up in one frame, in one discard, or is held for the next piece. */
export interface Splitter<Frame> {
  /** Frames are valid until the next call. */
  push(bytes: Uint8Array): readonly (Frame | Discarded)[]
  /** Gives up what is held: the line was opened again, and what comes does not continue it. */
  drop(): readonly Discarded[]
}

/** Due, or further off than it was ever set: then the clock was set back. */
export const isDue = (at: Instant, now: Instant, longestMs: number): boolean =>
  now >= at || at - now > longestMs
