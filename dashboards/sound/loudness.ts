/** How an alarm sounds at this workstation. Pure. */
import type { AlarmView } from '../../gateway/api/alarm-view.ts'
import type { Priority } from '../../gateway/model/kinds.ts'
import { isNew } from '../console/newness.ts'
import { isWaiting } from '../console/urgency.ts'

export type Sounding = {
  readonly priority: Priority
  /** Until somebody takes it, or, if it is not high and no call, until it was looked at here. Others sound once. */
  readonly goesOn: boolean
}

/** `undefined`: tests and what is over make no sound. Devices and requests sound once and low, unless they are urgent. */
export const soundingOf = (alarm: AlarmView, seenRepeats: number | undefined): Sounding | undefined => {
  if (alarm.class === 'test' || alarm.state === 'resolved' || alarm.state === 'closed') return undefined
  const isCalm = alarm.class === 'technical' || alarm.class === 'service'
  const priority = isCalm && alarm.priority !== 'high' ? 'low' : alarm.priority
  const isHeard = priority === 'medium' && !isNew(alarm, seenRepeats)
  return { priority, goesOn: priority !== 'low' && isWaiting(alarm) && !isHeard }
}
