/**
 * A sensor that triggers without end. It goes on ringing; a technician hears of it as well. However often a person presses
 * is no fault: nobody shall take a call for one.
 */
import { z } from 'zod'
import { type AlarmKind, classOf } from '../model/kinds.ts'
import { evidenceOf, gathered } from './evidence.ts'
import { minuteMs } from './local-window.ts'
import { Moment, nothingHolds, type Rule, SavedEvidence } from './rule.ts'

const Memory = z
  .object({
    /** Of the latest triggers, as many as make chatter. */
    times: z.array(Moment).readonly(),
    /** It chatters, since the first of these. */
    since: Moment.exactOptional(),
    evidence: z.array(SavedEvidence).readonly(),
  })
  .readonly()
type Memory = z.infer<typeof Memory>

const isPressed = (trigger: AlarmKind): boolean => {
  const alarmClass = classOf(trigger)
  return alarmClass === 'call' || alarmClass === 'service' || alarmClass === 'test'
}

export const chatter: Rule<Memory> = {
  name: 'chatter',
  start: { times: [], evidence: [] },
  schema: Memory,

  observe(memory, fact, { thresholds }) {
    if (fact.what !== 'trigger' || isPressed(fact.trigger)) return memory
    const { at } = fact
    const withinMs = thresholds['chatter.within'] * minuteMs
    const isQuiet = at - (memory.times.at(-1) ?? at) >= withinMs
    const before = isQuiet ? chatter.start : memory
    const times = [...before.times, at].slice(-thresholds['chatter.times'])
    const first = times[0] ?? at
    const isChatter = times.length >= thresholds['chatter.times'] && at - first <= withinMs
    const since = before.since ?? (isChatter ? first : undefined)
    const evidence = gathered(before.evidence, evidenceOf(fact, fact.trigger))
    return { times, evidence, ...(since !== undefined && { since }) }
  },

  judge({ times, since, evidence: [first, ...rest] }, now, { thresholds }) {
    const last = times.at(-1)
    if (since === undefined || last === undefined || !first) return nothingHolds
    const wakeAt = last + thresholds['chatter.within'] * minuteMs
    return now < wakeAt
      ? { wakeAt, holds: { level: 'medium', since, evidence: [first, ...rest] } }
      : nothingHolds
  },
}
