import type { Principal } from '../model/access.ts'
import type { Alarm } from '../model/alarm.ts'
import type { Refusal } from '../model/errors.ts'
import type { PointId, ResponderId } from '../model/ids.ts'
import { mayDo } from '../model/permissions.ts'
import type { Registry } from '../model/registry.ts'

const isHeld = ({ holder }: Alarm, { id, scopes }: Principal): boolean =>
  holder?.kind === 'point' ? isAt(holder.id, scopes) : holder?.id === id

const isAt = (point: PointId, scopes: Principal['scopes']): boolean =>
  scopes.some(scope => 'point' in scope && scope.point === point)

/** The responder who is sent, where that is the caller. Whoever has no login of their own is reached by that of their point. */
export const sentAs = (
  { dispatchedTo }: Alarm,
  { id, scopes }: Principal,
  registry: Registry,
): ResponderId | undefined => {
  const responder = dispatchedTo && registry.get('responders', dispatchedTo)
  if (!responder) return undefined
  const isCaller = responder.user === undefined ? isAt(responder.point, scopes) : responder.user === id
  return isCaller ? responder.id : undefined
}

/**
 * A responder who is not sent works on what they or their point hold; everybody else with `alarm:work` on all that they
 * see, because a seat writes down what it hears by telephone.
 * @param bySent it is for who is sent, whoever holds it, or for who may write down what they have said
 */
export const notTheirs = (alarm: Alarm, caller: Principal, bySent = false): Refusal | undefined =>
  (bySent ? mayDo(caller, 'alarm:answer-for') : caller.role !== 'responder' || isHeld(alarm, caller))
    ? undefined
    : {
        refused: 'not-holder',
        detail: 'this is neither held by you or your point nor were you sent to it',
        facts: { holder: alarm.holder, epoch: alarm.epoch },
      }
