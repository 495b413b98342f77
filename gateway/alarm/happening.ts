/** What devices bring about: an alarm is raised, repeated, cleared, taken back. */
import { type Alarm, type AlarmCommand, type AlarmEvent, isOpen, type Occurrence } from '../model/alarm.ts'
import type { Instant } from '../model/ids.ts'
import { classOf, louder } from '../model/kinds.ts'
import { askFirst, askWider } from './asking.ts'
import { type Context, type Decision, ending, happened, notOpen, refuse } from './decision.ts'

type Command<Type extends AlarmCommand['type']> = Extract<AlarmCommand, { type: Type }>

/** A device's clock is believed only this near to ours; a backlog older than a day shows when it came in. */
const oldestBelievedMs = 24 * 3_600_000
const newestBelievedMs = 60_000

export const happenedAt = ({ deviceTime, receivedAt }: Occurrence): Instant =>
  deviceTime !== undefined &&
  deviceTime >= receivedAt - oldestBelievedMs &&
  deviceTime <= receivedAt + newestBelievedMs
    ? Math.min(deviceTime, receivedAt)
    : receivedAt

const firstAnswer = (command: Command<'raise'>, { policy, now }: Context): AlarmEvent => {
  switch (classOf(command.kind)) {
    case 'inferred':
      return {
        type: 'suspected',
        deadline: { kind: 'verification', at: now + (command.verificationMs ?? policy.verificationMs) },
      }
    case 'test': {
      const shown = askFirst({ policy, routing: command.routing, now, reason: 'raised' })
      return shown.type === 'offered'
        ? { ...shown, deadline: { kind: 'test-end', at: now + policy.testMs } }
        : shown
    }
    case 'call':
    case 'hazard':
    case 'technical':
    case 'service':
      return askFirst({ policy, routing: command.routing, now, reason: 'raised' })
  }
}

export const raise = (command: Command<'raise'>, context: Context): Decision =>
  happened(
    {
      type: 'raised',
      id: command.id,
      kind: command.kind,
      subject: command.subject,
      location: command.location,
      raisedAt: happenedAt(command.occurrence),
      occurrence: command.occurrence,
      ...(command.priority && { priority: command.priority }),
    },
    firstAnswer(command, context),
  )

/** A second press is news: on an alarm that nobody has taken it asks one step wider at once. */
export const repeat = (alarm: Alarm, command: Command<'repeat'>, { policy, now }: Context): Decision => {
  const refusal = notOpen(alarm)
  if (refusal) return refusal
  const priority = louder(alarm.priority, command.priority ?? alarm.priority)
  const repeated: AlarmEvent = {
    type: 'repeated',
    occurrence: command.occurrence,
    ...(priority !== alarm.priority && { priority }),
  }
  const asking = { policy, routing: command.routing, now }
  if (alarm.class === 'test') return happened(repeated)
  if (alarm.state === 'suspected') {
    return happened(
      repeated,
      { type: 'confirmed', why: 'second-finding' },
      askWider(alarm, { ...asking, reason: 'confirmed' }),
    )
  }
  return alarm.state === 'offered'
    ? happened(repeated, askWider(alarm, { ...asking, reason: 'repeat' }))
    : happened(repeated)
}

/**
 * A technical fault ends by its device's word, and a mere suspicion with its ground; a call or hazard stays open until a
 * person has looked.
 */
export const clear = (alarm: Alarm, command: Command<'clear'>, context: Context): Decision => {
  const refusal = notOpen(alarm)
  if (refusal) return refusal
  const cleared: AlarmEvent = { type: 'cleared', occurrence: command.occurrence }
  if (alarm.class === 'technical') return happened(cleared, ...ending(context, 'real'))
  return alarm.class === 'inferred' && alarm.state === 'suspected' && command.endsSuspicion
    ? happened(cleared, ...ending(context, 'nuisance'))
    : happened(cleared)
}

/** "I am fine" ends what a machine inferred, where the resident's file allows it; a call or hazard only shows it. */
export const cancel = (alarm: Alarm, command: Command<'cancel'>, context: Context): Decision => {
  const refusal = notOpen(alarm)
  if (refusal) return refusal
  const accepted =
    alarm.class === 'service' || alarm.class === 'test'
      ? alarm.holder === undefined
      : alarm.class === 'inferred' && alarm.state === 'suspected' && command.residentMayCancel
  const cancelled: AlarmEvent = { type: 'cancelled', occurrence: command.occurrence, accepted }
  return accepted ? happened(cancelled, ...ending(context, 'accidental')) : happened(cancelled)
}

export const confirm = (alarm: Alarm, command: Command<'confirm'>, { policy, now }: Context): Decision =>
  alarm.state === 'suspected'
    ? happened(
        { type: 'confirmed', why: 'person' },
        askWider(alarm, { policy, routing: command.routing, now, reason: 'confirmed' }),
      )
    : isOpen(alarm.state)
      ? happened()
      : refuse('already-resolved', `the alarm is ${alarm.state}`, { state: alarm.state })
