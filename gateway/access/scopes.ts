/** Scopes as they are stored, and whether a role can be bound by them. */
import { z } from 'zod'
import type { Refusal } from '../model/errors.ts'
import type { Role } from '../model/permissions.ts'
import { Scope, scopeKinds } from '../model/scope.ts'

/** JSON in a column. */
export const stored = <T extends z.ZodType>(type: T) =>
  z
    .string()
    .transform((text): unknown => JSON.parse(text))
    .pipe(type)

export const StoredScopes = stored(z.array(Scope))

/** @param exists whether there is such an area, point, institution or resident. */
export const scopeChecker =
  (exists: (scope: Scope) => boolean) =>
  (role: Role, scopes: readonly Scope[]): Refusal | undefined => {
    const { by, must }: { by: readonly string[]; must: boolean } = scopeKinds[role]
    const fits = scopes.every(scope => Object.keys(scope).every(kind => by.includes(kind)))
    if (!fits || (must && scopes.length === 0)) {
      return {
        refused: 'invalid-scope',
        detail: `${role} ${must ? 'must' : 'can'} be bound by ${by.join(' or ')}${must ? '' : ' only'}`,
      }
    }
    const unknown = scopes.find(scope => !exists(scope))
    return unknown && { refused: 'unknown-reference', detail: `there is no ${JSON.stringify(unknown)}` }
  }

export type CheckScopes = ReturnType<typeof scopeChecker>
