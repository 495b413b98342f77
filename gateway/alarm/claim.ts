/** Whose an alarm is, and why somebody may not work on it. */
import type { Actor, Holder } from '../model/actor.ts'
import type { Alarm } from '../model/alarm.ts'
import type { Refusal } from '../model/errors.ts'
import { notOpen, refuse } from './decision.ts'

export const asHolder = (actor: Actor): Holder | undefined =>
  actor.kind === 'user' || actor.kind === 'point' ? actor : undefined

export const isHolder = (alarm: Alarm, actor: Actor): boolean =>
  alarm.holder !== undefined &&
  alarm.holder.kind === actor.kind &&
  'id' in actor &&
  alarm.holder.id === actor.id

export const heldByOther = (alarm: Alarm): Refusal =>
  refuse('already-held', 'another has it', { holder: alarm.holder, epoch: alarm.epoch })

export const staleEpoch = (alarm: Alarm, epoch: number | undefined): Refusal | undefined =>
  epoch === undefined || epoch === alarm.epoch
    ? undefined
    : refuse('stale-epoch', `epoch ${epoch} was given, the alarm is at ${alarm.epoch}`, {
        epoch: alarm.epoch,
      })

export const wrongState = (alarm: Alarm, needs: string): Refusal =>
  refuse('wrong-state', `the alarm is ${alarm.state}; this needs ${needs}`, { state: alarm.state })

/**
 * A terminal acts on its own claim only. A person at a console may act on any alarm in view: the point that took it
 * rings in by telephone, and its seat records what it hears. The journal says who did.
 */
export const mayWork = (alarm: Alarm, actor: Actor, epoch: number | undefined): Refusal | undefined =>
  notOpen(alarm) ??
  (actor.kind === 'user' || isHolder(alarm, actor)
    ? staleEpoch(alarm, epoch)
    : refuse('not-holder', 'only who holds it may do this', { holder: alarm.holder, epoch: alarm.epoch }))
