/** Whose an alarm is, and why somebody may not work on it. */
import type { Actor, Holder } from '../model/actor.ts'
import type { Alarm } from '../model/alarm.ts'
import type { Refusal } from '../model/errors.ts'
import type { ResponderId } from '../model/ids.ts'
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

/**
 * A change of shift gives the alarm a new epoch, and turns nobody back who is on the way: what they say under the one in
 * which they were sent, or under any since, still counts. Their telephone may have been without a network meanwhile.
 */
const isOnTheWay = (
  { dispatchedTo, sentEpoch, epoch: now }: Alarm,
  responder: ResponderId | undefined,
  epoch: number,
): boolean =>
  responder !== undefined &&
  responder === dispatchedTo &&
  sentEpoch !== undefined &&
  epoch >= sentEpoch &&
  epoch <= now

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

/** The same for what a responder says, or what is written down for one. */
export const maySay = (
  alarm: Alarm,
  actor: Actor,
  { epoch, responder }: { readonly epoch?: number; readonly responder?: ResponderId },
): Refusal | undefined =>
  mayWork(alarm, actor, epoch !== undefined && isOnTheWay(alarm, responder, epoch) ? alarm.epoch : epoch)
