/** People, as those see them who share an area with them or a part of one. */
import type { FastifyRequest } from 'fastify'
import type { User } from '../model/access.ts'
import type { UserId } from '../model/ids.ts'
import { mayDo } from '../model/permissions.ts'
import { type Scope, sees } from '../model/scope.ts'
import { mayWatch } from '../model/shift.ts'
import type { ApiPorts } from './app.ts'
import { principalOf } from './authenticate.ts'

type Ports = Pick<ApiPorts, 'access' | 'places' | 'registry'>

/** Whether the first cover all of the other: of the scopes that seats and points have. */
const cover = (scopes: readonly Scope[], other: Scope, { registry, places }: Ports): boolean => {
  const area = 'area' in other ? registry.get('areas', other.area) : undefined
  if (area) return sees(scopes, places.ofRecord('areas', area))
  const point = 'point' in other ? registry.get('servicePoints', other.point) : undefined
  return point !== undefined && sees(scopes, places.ofRecord('servicePoints', point))
}

/** Whether the caller's part and a colleague's hold one another. Who is gone is known to those who see everything. */
export const colleagueInSight = (request: FastifyRequest, ports: Ports): ((id: UserId) => boolean) => {
  const mine = principalOf(request).scopes
  return id => {
    const theirs = ports.access.users.get(id)?.scopes
    if (mine.length === 0 || theirs?.length === 0) return true
    return (
      theirs !== undefined &&
      (theirs.some(one => cover(mine, one, ports)) || mine.some(one => cover(theirs, one, ports)))
    )
  }
}

/** Whom the caller can hand over to: everybody else who could follow, by name. Nobody, where the caller has no watch to give. */
export const followersOf = (request: FastifyRequest, ports: Ports): readonly User[] => {
  const caller = principalOf(request)
  if (!mayDo(caller, 'shift:work')) return []
  return ports.access.users
    .list()
    .filter(user => user.username !== caller.id && canFollow(user, caller.scopes, ports))
    .toSorted((a, b) => a.name.localeCompare(b.name, 'zh'))
}

/** Whether somebody can take over from whoever is bound so: works at a console, and sees all of the same. */
export const canFollow = (user: User, leaver: readonly Scope[], ports: Ports): boolean => {
  const { scopes } = user
  if (!mayWatch(user)) return false
  return scopes.length === 0 || (leaver.length > 0 && leaver.every(scope => cover(scopes, scope, ports)))
}
