/**
 * What an operator must see first at three in the morning. Pure.
 *
 * 1. waiting: what concerns a person and has nobody yet. The louder first, among equals calls and hazards (somebody asks, or
 *    something burns) before what was worked out, then whoever has waited longest.
 * 2. in hand: the same, once somebody has it. It has a name and a deadline of its own, and comes back when that runs out.
 * 3. quiet: devices and requests for service. A line that breaks brings a hundred of them; none stands before a person.
 * 4. tests, always last.
 */
import type { AlarmView } from '../../gateway/api/alarm-view.ts'
import { priorities } from '../../gateway/model/kinds.ts'

export const bands = ['waiting', 'in-hand', 'quiet', 'test'] as const
export type Band = (typeof bands)[number]

type Ranked = Pick<AlarmView, 'id' | 'class' | 'priority' | 'state' | 'receivedAt'>

export const isOver = ({ state }: Pick<AlarmView, 'state'>): boolean =>
  state === 'resolved' || state === 'closed'

/** Nobody has taken it. */
export const isWaiting = ({ state }: Pick<AlarmView, 'state'>): boolean =>
  state === 'suspected' || state === 'offered'

export const isCallOrHazard = (alarm: Pick<AlarmView, 'class'>): boolean =>
  alarm.class === 'call' || alarm.class === 'hazard'

/** Devices and requests, unless they are urgent: nobody on duty is. */
const isQuiet = (alarm: Pick<AlarmView, 'class' | 'priority'>): boolean =>
  (alarm.class === 'technical' && alarm.priority !== 'high') || alarm.class === 'service'

/** Several of these may be taken or ended in one go. Whoever needs help is seen to one by one. */
export const isMassWork = (alarm: Pick<AlarmView, 'class' | 'priority'>): boolean =>
  alarm.class === 'test' || (alarm.class === 'technical' && alarm.priority !== 'high')

export const bandOf = (alarm: Ranked): Band => {
  if (alarm.class === 'test') return 'test'
  if (isQuiet(alarm)) return 'quiet'
  return isWaiting(alarm) ? 'waiting' : 'in-hand'
}

/** Smaller text comes first. Times are RFC 3339 in UTC with milliseconds: their order is that of the text. */
const placeOf = (alarm: Ranked): string => {
  const band = bandOf(alarm)
  const isTaken = band === 'quiet' && !isWaiting(alarm)
  const rank = [
    bands.indexOf(band),
    Number(isTaken),
    priorities.indexOf(alarm.priority),
    Number(!isCallOrHazard(alarm)),
  ]
  return rank.join('') + alarm.receivedAt + alarm.id
}

/** The most urgent first. A console does this for a thousand alarms on each change: each place is worked out once. */
export const byUrgency = <A extends Ranked>(alarms: Iterable<A>): readonly A[] =>
  Array.from(alarms, alarm => ({ alarm, place: placeOf(alarm) }))
    .sort((a, b) => (a.place < b.place ? -1 : 1))
    .map(({ alarm }) => alarm)
