/** Alarms of one home, as reviews show them. */
import { type Alarm, alarmStates, isOpen } from '../model/alarm.ts'
import type { HomeId, Instant } from '../model/ids.ts'
import type { Journal } from '../model/journal.ts'
import type { PastAlarm, Span } from '../model/review.ts'

export const pastAlarm = ({ id, kind, priority, state, raisedAt, location, cause }: Alarm): PastAlarm => ({
  id,
  kind,
  priority,
  state,
  raisedAt,
  ...(location.device && { device: location.device }),
  ...(cause && { cause }),
})

type Found = { readonly alarms: readonly Alarm[]; readonly isCut: boolean }

/** Received in the time, newest first, at most `limit`. */
export const alarmsIn = async (
  journal: Pick<Journal, 'list'>,
  home: HomeId,
  { from, to }: Span,
  limit: number,
): Promise<Found> => {
  const { items, nextCursor } = await journal.list({
    order: 'received',
    home,
    from,
    to,
    limit,
  })
  return { alarms: items, isCut: nextCursor !== null }
}

const openStates = alarmStates.filter(isOpen)

/** Still open, though received before. */
export const openSinceBefore = async (
  journal: Pick<Journal, 'list'>,
  home: HomeId,
  before: Instant,
  limit: number,
): Promise<Found> => {
  const { items, nextCursor } = await journal.list({
    order: 'urgency',
    states: openStates,
    home,
    to: before,
    limit,
  })
  return { alarms: items, isCut: nextCursor !== null }
}
