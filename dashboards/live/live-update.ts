/** What a page is told of the live alarms by whatever holds them: plain data, which goes from thread to thread. */
import type { AlarmView } from '../../gateway/api/alarm-view.ts'

export type Link =
  | { readonly state: 'connecting' }
  | { readonly state: 'live' }
  /** The connection ended; it is being made again. By this machine's clock. */
  | { readonly state: 'broken'; readonly since: number }
  /** Since when nothing was heard, by this machine's clock. */
  | { readonly state: 'stale'; readonly since: number }

export type Standing = {
  readonly link: Link
  /** What to add to this machine's clock to have the gateway's. Undefined: it has not said its time yet. */
  readonly offsetMs?: number
  /** The last time that the stream was taken up again after a break, and how many alarms had changed meanwhile. */
  readonly resumed?: { readonly at: number; readonly changed: number }
  /** When an open alarm went out of sight last, by the gateway's time, and how many did within the time of a notice. */
  readonly left?: { readonly at: number; readonly count: number }
}

export type Update = {
  readonly standing: Standing
  /** All that is known, in place of whatever was; the other two are then empty. */
  readonly all?: readonly AlarmView[]
  readonly gone: readonly string[]
  /** After `gone`. In order; what comes later is so now, also where it is older, as after a restore. */
  readonly changed: readonly AlarmView[]
}

export type Ears = {
  readonly onUpdate: (update: Update) => void
  /** Whoever holds the alarms says nothing any more, or is gone. @param link how that is to be shown until somebody does */
  readonly onSilent: (link: Link) => void
  /** The session has ended, or is somebody else's, or may see no alarms any more. */
  readonly onEnded: () => void
}

export interface Seat {
  /** An answer to a command is as good as an event. */
  take(alarm: AlarmView): void
  leave(): void
}

export type Attach = (ears: Ears) => Seat
