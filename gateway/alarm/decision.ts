/** What a command comes to: events, or a refusal as a value. */

import type { Holder } from '../model/actor.ts'
import type { Alarm, AlarmEvent, Asked, Cause } from '../model/alarm.ts'
import type { ErrorCode, Refusal } from '../model/errors.ts'
import type { Policy } from './policy.ts'

/** No events and no refusal: what was asked for is already so. */
export type Decision = { readonly events: readonly AlarmEvent[] } | Refusal

/** What every rule works with besides the alarm and its command. */
export type Context = Asked & { readonly policy: Policy }

export const happened = (...events: readonly AlarmEvent[]): Decision => ({ events })

export const refuse = (refused: ErrorCode, detail: string, facts?: Refusal['facts']): Refusal => ({
  refused,
  detail,
  ...(facts && { facts }),
})

/** Resolving ends the alarm there and then, or leaves it waiting for its follow-up. */
export const ending = (
  { policy, now }: Context,
  cause: Cause,
  more: { readonly by?: Holder; readonly note?: string } = {},
): readonly AlarmEvent[] => {
  const resolved = { type: 'resolved', cause, ...more } as const
  return policy.followUpMs === null
    ? [
        { ...resolved, deadline: null },
        { type: 'closed', deadline: null },
      ]
    : [{ ...resolved, deadline: { kind: 'follow-up', at: now + policy.followUpMs } }]
}

/** Why this alarm is not open any more, or undefined while it is. */
export const notOpen = (alarm: Alarm): Refusal | undefined =>
  alarm.state === 'resolved' || alarm.state === 'closed'
    ? refuse('already-resolved', `the alarm is ${alarm.state}`, { state: alarm.state, cause: alarm.cause })
    : undefined
