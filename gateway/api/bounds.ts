/** What people and programs have been bound to since the gateway began, as far as their live streams have told them. */
import { isDeepStrictEqual } from 'node:util'
import type { Principal } from '../model/access.ts'
import type { Scope } from '../model/scope.ts'

/** Nobody is moved so often while a console of theirs is away. Beyond: the first is forgotten. */
const most = 10

/** Notes what somebody is bound to now. Answers what else they were bound to before. */
export type Bounds = (principal: Principal) => readonly (readonly Scope[])[]

export const createBounds = (): Bounds => {
  const known = new Map<Principal['id'], readonly (readonly Scope[])[]>()
  return ({ id, scopes }) => {
    const others = (known.get(id) ?? []).filter(before => !isDeepStrictEqual(before, scopes))
    known.set(id, [...others, scopes].slice(-most))
    return others
  }
}
