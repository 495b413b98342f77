/** What people do with an alarm: take it, call back, hand it on, end it, ask how it went. */
import type { Actor } from '../model/actor.ts'
import type { Alarm, AlarmCommand, AlarmEvent } from '../model/alarm.ts'
import { askAnew, askWider } from './asking.ts'
import { asHolder, heldByOther, isHolder, mayWork, staleEpoch, wrongState } from './claim.ts'
import { type Context, type Decision, ending, happened, notOpen, refuse } from './decision.ts'

type Command<Type extends AlarmCommand['type']> = Extract<AlarmCommand, { type: Type }>

const wasAsked = (alarm: Alarm, actor: Actor): boolean =>
  actor.kind !== 'point' || alarm.asked.some(one => one.kind === 'point' && one.point === actor.id)

export const acknowledge = (alarm: Alarm, command: Command<'acknowledge'>, context: Context): Decision => {
  const { actor, now, policy } = context
  const holder = asHolder(actor)
  if (!holder) return refuse('not-allowed', 'only a person acknowledges')
  const over = notOpen(alarm)
  if (over) return over
  if (alarm.holder) {
    if (!isHolder(alarm, actor)) return heldByOther(alarm)
    // The same hand twice: its first acknowledgement stands, and so does its time.
    return staleEpoch(alarm, command.epoch) ?? happened()
  }
  const stale = staleEpoch(alarm, command.epoch)
  if (stale) return stale
  if (!wasAsked(alarm, actor)) return refuse('not-asked', 'this point was not asked')
  const acknowledged = {
    type: 'acknowledged',
    epoch: alarm.epoch,
    holder,
    deadline: { kind: 'lease', at: now + policy.leaseMs },
  } as const
  // A test that somebody has seen has done its work.
  return alarm.class === 'test'
    ? happened(acknowledged, ...ending(context, 'test', { by: holder }))
    : happened(acknowledged)
}

/** Two tries, and no answer counts as real: so it is with any alarm that nobody could verify. */
const triesToReach = 2

/** Never ends anything, and never holds up an alarm that nobody has taken. */
export const callBack = (alarm: Alarm, command: Command<'call-back'>, context: Context): Decision => {
  const refusal = mayWork(alarm, context.actor, command.epoch)
  if (refusal) return refusal
  const { policy, now } = context
  const { type: _, epoch: __, routing, ...facts } = command
  const calledBack: AlarmEvent = {
    type: 'called-back',
    ...facts,
    // Somebody is working on it.
    ...(alarm.state === 'acknowledged' && { deadline: { kind: 'lease', at: now + policy.leaseMs } }),
  }
  const unanswered = (alarm.callBacks?.unanswered ?? 0) + (facts.outcome === 'no-answer' ? 1 : 0)
  const isReal = facts.outcome === 'needs-help' || unanswered >= triesToReach
  return alarm.state === 'suspected' && isReal
    ? happened(
        calledBack,
        { type: 'confirmed', why: facts.outcome === 'needs-help' ? 'person' : 'no-answer' },
        askWider(alarm, { policy, routing, now, reason: 'confirmed' }),
      )
    : happened(calledBack)
}

export const release = (alarm: Alarm, command: Command<'release'>, context: Context): Decision => {
  const refusal = mayWork(alarm, context.actor, command.epoch)
  if (refusal) return refusal
  if (!alarm.holder) return wrongState(alarm, 'somebody who holds it')
  const asking = {
    policy: context.policy,
    routing: command.routing,
    now: context.now,
    reason: 'released',
  } as const
  return happened(
    {
      type: 'released',
      reason: 'handed-back',
      epoch: alarm.epoch,
      ...(command.note !== undefined && { note: command.note }),
    },
    askAnew(alarm, asking),
  )
}

export const transfer = (alarm: Alarm, command: Command<'transfer'>, context: Context): Decision => {
  const refusal = mayWork(alarm, context.actor, command.epoch)
  if (refusal) return refusal
  if (alarm.class === 'test') return refuse('wrong-state', 'a test is not handed over')
  const { state, deadline } = alarm
  const isUnderWay = state === 'dispatched' || state === 'arrived'
  return happened({
    type: 'transferred',
    to: command.to,
    epoch: alarm.epoch + 1,
    ...(command.note !== undefined && { note: command.note }),
    deadline: (isUnderWay && deadline) || { kind: 'lease', at: context.now + context.policy.leaseMs },
  })
}

export const resolve = (alarm: Alarm, command: Command<'resolve'>, context: Context): Decision => {
  const refusal = mayWork(alarm, context.actor, command.epoch)
  if (refusal) return refusal
  const by = asHolder(context.actor)
  return happened(
    ...ending(context, command.cause, {
      ...(by && { by }),
      ...(command.note !== undefined && { note: command.note }),
    }),
  )
}

/** Asked by somebody else than who handled it; three tries without an answer end it too. */
export const followUp = (alarm: Alarm, command: Command<'follow-up'>, context: Context): Decision => {
  if (alarm.state !== 'resolved') return wrongState(alarm, 'resolved')
  const { actor } = context
  if (alarm.handlers.some(one => one.kind === actor.kind && 'id' in actor && one.id === actor.id)) {
    return refuse('follow-up-by-handler', 'this person handled the alarm')
  }
  const { type: _, ...facts } = command
  const enough = command.reached || alarm.followUpTries + 1 >= context.policy.followUpTries
  const followedUp = { type: 'followed-up', ...facts } as const
  return enough ? happened(followedUp, { type: 'closed', deadline: null }) : happened(followedUp)
}

/** A note is never refused: what somebody saw belongs on record, however late. */
export const note = (command: Command<'note'>): Decision => happened({ type: 'noted', text: command.text })
