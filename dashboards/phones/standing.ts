/** Whose a call is, and what comes next in it, for whoever looks: as the gateway has it, and with what is still to be sent. */
import type { AlarmView } from '../../gateway/api/alarm-view.ts'
import type { Caller } from '../shell/session.ts'
import type { Act, ActName } from './act-queue.ts'

/**
 * asked: I am to say whether I go. going: I, or somebody of my point, is on it. there: at the door.
 * free: nobody has it. theirs: somebody else has it.
 */
export type Standing = 'asked' | 'going' | 'there' | 'free' | 'theirs' | 'over'

const isMyPoint = (point: string | undefined, { scopes }: Caller): boolean =>
  scopes.some(scope => 'point' in scope && scope.point === point)

/** Whoever has no login of their own is reached by that of their point. */
export const isSentToMe = ({ responder }: AlarmView, caller: Caller): boolean =>
  responder !== null &&
  (responder.user === undefined ? isMyPoint(responder.point, caller) : responder.user === caller.username)

export const isHeldByMe = ({ acknowledgedBy: holder }: AlarmView, caller: Caller): boolean =>
  holder?.kind === 'point' ? isMyPoint(holder.id, caller) : holder?.id === caller.username

const atGateway = (alarm: AlarmView, caller: Caller): Standing => {
  const { state, nextDeadline } = alarm
  if (state === 'resolved' || state === 'closed') return 'over'
  const isMine = isSentToMe(alarm, caller) || isHeldByMe(alarm, caller)
  switch (state) {
    case 'suspected':
    case 'offered':
      return 'free'
    case 'acknowledged':
      return isMine ? 'going' : 'theirs'
    case 'dispatched':
      if (!isSentToMe(alarm, caller)) return isMine ? 'going' : 'theirs'
      // Who was sent without being asked has nothing to answer.
      return nextDeadline?.kind === 'acceptance' ? 'asked' : 'going'
    case 'arrived':
      return isMine ? 'there' : 'theirs'
  }
}

const after = {
  acknowledge: 'going',
  dispatch: 'going',
  accept: 'going',
  decline: 'theirs',
  arrive: 'there',
  resolve: 'over',
} as const satisfies Partial<Record<ActName, Standing>>

/** What waits to be sent counts as done, so that the next step can be made without a network. */
export const standingOf = (alarm: AlarmView, caller: Caller, acts: readonly Act[]): Standing => {
  let standing = atGateway(alarm, caller)
  for (const { alarm: of, name, state } of acts) {
    if (of === alarm.id && state === 'waiting' && name !== 'note') standing = after[name]
  }
  return standing
}
