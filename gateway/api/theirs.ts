import type { Principal } from '../model/access.ts'
import type { Alarm } from '../model/alarm.ts'
import type { Refusal } from '../model/errors.ts'
import type { PointId } from '../model/ids.ts'
import type { Registry } from '../model/registry.ts'

const isHeld = ({ holder }: Alarm, { id, scopes }: Principal): boolean =>
  holder?.kind === 'point' ? isAt(holder.id, scopes) : holder?.id === id

const isAt = (point: PointId, scopes: Principal['scopes']): boolean =>
  scopes.some(scope => 'point' in scope && scope.point === point)

/** Whoever has no login of their own is reached by that of their point. */
const isSentTo = ({ dispatchedTo }: Alarm, { id, scopes }: Principal, registry: Registry): boolean => {
  const responder = dispatchedTo && registry.get('responders', dispatchedTo)
  if (!responder) return false
  return responder.user === undefined ? isAt(responder.point, scopes) : responder.user === id
}

/**
 * A responder works on what they or their point hold, and on what they were sent to; everybody else with `alarm:work` on
 * all that they see, because a seat writes down what it hears by telephone.
 */
export const notTheirs = (alarm: Alarm, caller: Principal, registry: Registry): Refusal | undefined =>
  caller.role !== 'responder' || isHeld(alarm, caller) || isSentTo(alarm, caller, registry)
    ? undefined
    : {
        refused: 'not-holder',
        detail: 'this is neither held by you or your point nor were you sent to it',
        facts: { holder: alarm.holder, epoch: alarm.epoch },
      }
