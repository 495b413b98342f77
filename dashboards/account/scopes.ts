/** By what somebody can be bound, and how the gateway lists it. */
import type { Role } from '../../gateway/model/permissions.ts'
import type { Scope, scopeKinds } from '../../gateway/model/scope.ts'

export type ScopeKind = 'area' | 'point' | 'institution' | 'resident'

/** The gateway's own table: its file brings the schemas too, so it is repeated here, and the compiler compares the two. */
const kindsOf: typeof scopeKinds = {
  administrator: { by: ['area'], must: false },
  operator: { by: ['area'], must: false },
  'shift-leader': { by: ['area'], must: false },
  supervisor: { by: ['area'], must: false },
  assessor: { by: ['area'], must: false },
  technician: { by: ['area', 'institution'], must: false },
  'point-lead': { by: ['point'], must: true },
  responder: { by: ['point'], must: true },
  institution: { by: ['institution'], must: true },
  family: { by: ['resident'], must: true },
}

export const scopeKindsOf = (role: Role): { readonly by: readonly ScopeKind[]; readonly must: boolean } =>
  kindsOf[role]

export const pathOf: Readonly<Record<ScopeKind, string>> = {
  area: '/api/areas',
  point: '/api/service-points',
  institution: '/api/institutions',
  resident: '/api/residents',
}

/** As it is asked of the gateway, which checks the id. */
export type ScopeText = { readonly kind: ScopeKind; readonly id: string }

export const scopeText = (scope: Scope): ScopeText => {
  if ('area' in scope) return { kind: 'area', id: scope.area }
  if ('point' in scope) return { kind: 'point', id: scope.point }
  if ('institution' in scope) return { kind: 'institution', id: scope.institution }
  return { kind: 'resident', id: scope.resident }
}

export const scopeBody = ({ kind, id }: ScopeText): Readonly<Record<string, string>> => ({ [kind]: id })
