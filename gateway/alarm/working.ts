/** What people do with an alarm: take it, hand it on, go, arrive, end it, ask how it went. */
import type { Actor, Holder } from '../model/actor.ts'
import type { Alarm, AlarmCommand } from '../model/alarm.ts'
import type { Refusal } from '../model/errors.ts'
import { askAnew } from './asking.ts'
import { type Context, type Decision, ending, happened, notOpen, refuse } from './decision.ts'

type Command<Type extends AlarmCommand['type']> = Extract<AlarmCommand, { type: Type }>

const asHolder = (actor: Actor): Holder | undefined =>
  actor.kind === 'user' || actor.kind === 'point' ? actor : undefined

const isHolder = (alarm: Alarm, actor: Actor): boolean =>
  alarm.holder !== undefined &&
  alarm.holder.kind === actor.kind &&
  'id' in actor &&
  alarm.holder.id === actor.id

const heldByOther = (alarm: Alarm): Refusal =>
  refuse('already-held', 'another has it', { holder: alarm.holder, epoch: alarm.epoch })

const staleEpoch = (alarm: Alarm, epoch: number | undefined): Refusal | undefined =>
  epoch === undefined || epoch === alarm.epoch
    ? undefined
    : refuse('stale-epoch', `epoch ${epoch} was given, the alarm is at ${alarm.epoch}`, {
        epoch: alarm.epoch,
      })

const wrongState = (alarm: Alarm, needs: string): Refusal =>
  refuse('wrong-state', `the alarm is ${alarm.state}; this needs ${needs}`, { state: alarm.state })

/**
 * A terminal acts on its own claim only. A person at a console may act on any alarm in view: the point that took it
 * rings in by telephone, and its seat records what it hears. The journal says who did.
 */
const mayWork = (alarm: Alarm, actor: Actor, epoch: number | undefined): Refusal | undefined =>
  notOpen(alarm) ??
  (actor.kind === 'user' || isHolder(alarm, actor)
    ? staleEpoch(alarm, epoch)
    : refuse('not-holder', 'only who holds it may do this', { holder: alarm.holder, epoch: alarm.epoch }))

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
  return happened({
    type: 'transferred',
    to: command.to,
    epoch: alarm.epoch + 1,
    ...(command.note !== undefined && { note: command.note }),
    deadline: { kind: 'lease', at: context.now + context.policy.leaseMs },
  })
}

export const dispatch = (alarm: Alarm, command: Command<'dispatch'>, context: Context): Decision => {
  const refusal = mayWork(alarm, context.actor, command.epoch)
  if (refusal) return refusal
  if (alarm.state !== 'acknowledged' && alarm.state !== 'dispatched') {
    return wrongState(alarm, 'acknowledged or dispatched')
  }
  const { type: _, epoch: __, ...facts } = command
  return happened({
    type: 'dispatched',
    ...facts,
    deadline: { kind: 'arrival', at: context.now + context.policy.arrivalMs },
  })
}

export const arrive = (alarm: Alarm, command: Command<'arrive'>, context: Context): Decision => {
  const refusal = mayWork(alarm, context.actor, command.epoch)
  if (refusal) return refusal
  if (alarm.state !== 'acknowledged' && alarm.state !== 'dispatched') {
    return wrongState(alarm, 'acknowledged or dispatched')
  }
  const { type: _, epoch: __, ...facts } = command
  return happened({
    type: 'arrived',
    ...facts,
    deadline: { kind: 'finish', at: context.now + context.policy.finishMs },
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
