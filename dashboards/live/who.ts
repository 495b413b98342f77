import type { Caller } from '../shell/session.ts'

/** Who sees what: live alarms are kept for one of them, and shown to nobody else. */
export const whoOf = ({ username, role, scopes }: Pick<Caller, 'username' | 'role' | 'scopes'>): string =>
  JSON.stringify([username, role, scopes])
