/**
 * Takes an alarm as it is, what is asked of it, the policy, and who asks when.
 * Gives the events that follow, or a coded refusal.
 * Never reads a clock, never does anything: a throw from here is a bug.
 */
import type { Alarm, AlarmCommand, Asked } from '../model/alarm.ts'
import { type Decision, refuse } from './decision.ts'
import { accept, arrive, decline, dispatch, handOver } from './going.ts'
import { cancel, clear, confirm, raise, repeat } from './happening.ts'
import type { Policy } from './policy.ts'
import { deadline, mend } from './time.ts'
import { acknowledge, callBack, followUp, note, release, resolve, transfer } from './working.ts'

export const decide = (
  alarm: Alarm | undefined,
  command: AlarmCommand,
  policy: Policy,
  asked: Asked,
): Decision => {
  const context = { ...asked, policy }
  if (command.type === 'raise') {
    return alarm
      ? refuse('wrong-state', 'this alarm has been raised', { state: alarm.state })
      : raise(command, context)
  }
  if (!alarm) return refuse('alarm-not-found', 'there is no such alarm')
  switch (command.type) {
    case 'repeat':
      return repeat(alarm, command, context)
    case 'clear':
      return clear(alarm, command, context)
    case 'cancel':
      return cancel(alarm, command, context)
    case 'confirm':
      return confirm(alarm, command, context)
    case 'acknowledge':
      return acknowledge(alarm, command, context)
    case 'call-back':
      return callBack(alarm, command, context)
    case 'release':
      return release(alarm, command, context)
    case 'transfer':
      return transfer(alarm, command, context)
    case 'dispatch':
      return dispatch(alarm, command, context)
    case 'accept':
      return accept(alarm, command, context)
    case 'decline':
      return decline(alarm, command, context)
    case 'hand-over':
      return handOver(alarm, command, context)
    case 'arrive':
      return arrive(alarm, command, context)
    case 'resolve':
      return resolve(alarm, command, context)
    case 'follow-up':
      return followUp(alarm, command, context)
    case 'note':
      return note(command)
    case 'deadline':
      return deadline(alarm, command, context)
    case 'mend':
      return mend(alarm, context)
  }
}
