/** Which alarms are new at this workstation, and how they show it. Rates after IEC 60601-1-8:2006, 6.3.2.2. Pure. */
import type { AlarmView } from '../../gateway/api/alarm-view.ts'
import type { Change } from '../live/live-alarms.ts'
import { isCallOrHazard, isOver, isWaiting } from './urgency.ts'

/** How many repeats of each alarm were looked at here, or were known when somebody took it. */
export type Seen = ReadonlyMap<string, number>

type Shown = Pick<AlarmView, 'class' | 'priority' | 'state' | 'repeats'>

/** fast: 2 Hz; slow: 0.6 Hz; steady: marked as new without moving; none: not new. */
export type Flash = 'fast' | 'slow' | 'steady' | 'none'

/** A call is new until somebody has it, other alarms until they were looked at; whoever presses again is new again. */
export const isNew = (alarm: Shown, seenRepeats: number | undefined): boolean => {
  if (isOver(alarm) || alarm.class === 'test') return false
  if (!isWaiting(alarm)) return seenRepeats !== undefined && alarm.repeats > seenRepeats
  return isCallOrHazard(alarm) || seenRepeats === undefined || alarm.repeats > seenRepeats
}

export const flashOf = (alarm: Shown, seenRepeats: number | undefined): Flash => {
  if (!isNew(alarm, seenRepeats)) return 'none'
  if (alarm.priority === 'high') return 'fast'
  const isCalm = alarm.class === 'technical' || alarm.class === 'service'
  return alarm.priority === 'medium' && !isCalm ? 'slow' : 'steady'
}

/** Somebody had it, and nobody has it any more: it was handed back, or its time has run out. */
const isBack = ({ before, after }: Change): boolean =>
  before !== undefined && !isWaiting(before) && isWaiting(after)

/** Whoever takes an alarm knows of the presses until then: only a further one is new. What comes back was never seen. */
export const seenAfter = (seen: Seen, changes: readonly Change[]): Seen => {
  const next = new Map(seen)
  for (const change of changes) {
    const { before, after } = change
    if (isOver(after) || isBack(change)) next.delete(after.id)
    else if (!isWaiting(after) && (!before || isWaiting(before))) next.set(after.id, after.repeats)
  }
  return next
}

/**
 * The alarms among these changes that have just come up, were pressed again or have come back, each once; tests and what is
 * over are none.
 */
export const arrivalsIn = (changes: readonly Change[]): readonly AlarmView[] => {
  const arrivals = new Map<string, AlarmView>()
  for (const change of changes) {
    const { before, after } = change
    const isArrival = before === undefined || after.repeats > before.repeats || isBack(change)
    if (isArrival || arrivals.has(after.id)) arrivals.set(after.id, after)
  }
  return [...arrivals.values()].filter(alarm => !isOver(alarm) && alarm.class !== 'test')
}

/** More than so many in so long are a flood (EEMUA 191). */
export const floodAlarms = 10
export const floodMs = 10 * 60_000

/** How many alarms came in since then, tests left out. @param since RFC 3339, in UTC */
export const arrivedSince = (
  alarms: Iterable<Pick<AlarmView, 'class' | 'receivedAt'>>,
  since: string,
): number => {
  let count = 0
  for (const alarm of alarms) if (alarm.class !== 'test' && alarm.receivedAt >= since) count += 1
  return count
}
