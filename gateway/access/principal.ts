import type { UserId } from '../model/ids.ts'

/** Highest first: a role may do whatever the ones after it may. */
export const roles = ['administrator', 'operator'] as const
export type Role = (typeof roles)[number]

export const roleCovers = (role: Role, needed: Role): boolean => roles.indexOf(role) <= roles.indexOf(needed)

/** Who a request comes from. A token acts under its own id, so that the journal tells programs from people. */
export type Principal = {
  readonly id: UserId
  readonly name: string
  readonly role: Role
  readonly via: 'session' | 'token'
}

/** What a request shows to prove who it comes from. */
export type Credential = { readonly session: string } | { readonly token: string }
