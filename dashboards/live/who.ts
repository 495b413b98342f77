import { trusted } from '../shell/api.ts'
import type { Caller } from '../shell/session.ts'

/** Who sees what: live alarms are kept for one of them, and shown to nobody else. */
export const whoOf = ({ username, role, scopes }: Pick<Caller, 'username' | 'role' | 'scopes'>): string =>
  JSON.stringify([username, role, scopes])

/**
 * Whose login it is, whatever they may see by now: a change of that ends no session, and the gateway tells by itself what has
 * come into sight and left it.
 */
export const isOf = (who: string, { username }: Pick<Caller, 'username'>): boolean =>
  trusted<readonly unknown[]>(JSON.parse(who))[0] === username
