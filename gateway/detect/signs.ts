/** What a fact says of somebody's life. */
import type { Fact } from '../model/detection.ts'
import type { AlarmKind } from '../model/kinds.ts'

/** Below this, a sensor takes breath or its own noise for movement. Percent. */
const smallMovement = 5

const presses: ReadonlySet<AlarmKind> = new Set<AlarmKind>(['sos', 'service', 'test'])

const reading = (fact: Fact, metric: string): number | undefined =>
  fact.what === 'readings' ? fact.readings[metric] : undefined

const activityIs = (fact: Fact, activity: string): boolean =>
  fact.what === 'activity' && fact.activity === activity

/** Undefined: it says nothing of the bed. */
export const inBedOf = (fact: Fact): boolean | undefined => {
  if (activityIs(fact, 'bed-return')) return true
  if (activityIs(fact, 'bed-exit')) return false
  const value = reading(fact, 'inBed')
  return value === undefined ? undefined : value === 1
}

/** Undefined: it says nothing of presence. */
export const presenceOf = (fact: Fact): boolean | undefined => {
  const value = reading(fact, 'presence')
  return value === undefined ? undefined : value === 1
}

/** Undefined: it says nothing of a door. */
export const doorOpenOf = (fact: Fact): boolean | undefined => {
  if (activityIs(fact, 'door-open')) return true
  if (activityIs(fact, 'door-closed')) return false
  const value = reading(fact, 'doorOpen')
  return value === undefined ? undefined : value === 1
}

export const isMotion = (fact: Fact): boolean => activityIs(fact, 'motion') || reading(fact, 'motion') === 1

export const isMovement = (fact: Fact): boolean => (reading(fact, 'movement') ?? 0) > smallMovement

/** Somebody has pressed a button: to call, to test it, or to say that all is well. */
export const isPress = (fact: Fact): boolean =>
  fact.what === 'cancel' || (fact.what === 'trigger' && presses.has(fact.trigger))
