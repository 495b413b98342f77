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

export const bands = ['waiting', 'in-hand', 'quiet', 'test'] as const
export type Band = (typeof bands)[number]

type Ranked = Pick<AlarmView, 'id' | 'class' | 'priority' | 'state' | 'receivedAt'>

const priorityRank: Readonly<Record<AlarmView['priority'], number>> = { high: 0, medium: 1, low: 2 }

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

/** Times are RFC 3339 in UTC with milliseconds: their order is that of the text. */
const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

export const byUrgency = (a: Ranked, b: Ranked): number =>
  bands.indexOf(bandOf(a)) - bands.indexOf(bandOf(b)) ||
  Number(isOver(a)) - Number(isOver(b)) ||
  (bandOf(a) === 'quiet' ? Number(isWaiting(b)) - Number(isWaiting(a)) : 0) ||
  priorityRank[a.priority] - priorityRank[b.priority] ||
  Number(isCallOrHazard(b)) - Number(isCallOrHazard(a)) ||
  byText(a.receivedAt, b.receivedAt) ||
  byText(a.id, b.id)
