/** What every adapter must see in the same way in what it is asked to write. */
import { type Alarm, isOpen } from '../model/alarm.ts'
import type { Instant, PointId } from '../model/ids.ts'
import type { AppendRequest, InboxEntry } from '../model/journal.ts'

/** The points that were asked in the current epoch, the one that holds it and the one whose responder goes, each once. */
export const pointsOf = (alarm: Alarm): readonly PointId[] => {
  const points = new Set(alarm.asked.flatMap(asked => (asked.kind === 'point' ? [asked.point] : [])))
  if (alarm.holder?.kind === 'point') points.add(alarm.holder.id)
  if (alarm.dispatchedPoint) points.add(alarm.dispatchedPoint)
  return [...points]
}

/**
 * How long a device may go on sending one message. The same key after that is another message, of a device that has
 * begun its ids anew: to ring once too often is the safe side.
 */
const retransmissionMs = 24 * 3_600_000

/** A message with the same key that was received since then is the same message. */
export const repeatedSince = ({ receivedAt }: InboxEntry): Instant => receivedAt - retransmissionMs

/** The subject that no other open alarm may have. */
export const claimedSubject = (alarm: Alarm): string | undefined =>
  isOpen(alarm.state) ? alarm.subject : undefined

/** Throws when the request contradicts itself: a bug of the caller that must not reach the disk. */
export const assertCoherent = ({ alarm, expectedVersion, events }: AppendRequest): void => {
  if (alarm.version !== expectedVersion + events.length || alarm.version < 1)
    throw new Error(
      `alarm ${alarm.id} at version ${alarm.version} is not ${events.length} events after version ${expectedVersion}`,
    )
}
