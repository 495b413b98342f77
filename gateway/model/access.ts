/** The port to who may use the API: people with passwords and sessions, programs with tokens. */
import { z } from 'zod'
import type { Refusal } from './errors.ts'
import type { Instant, UserId } from './ids.ts'
import type { Permission, Role } from './permissions.ts'
import type { Scope } from './scope.ts'

/** Who a request comes from. A token acts under its own id, so that the journal tells programs from people. */
export type Principal = {
  readonly id: UserId
  readonly name: string
  readonly role: Role
  /** Where: none means everywhere. */
  readonly scopes: readonly Scope[]
  /** What a token was narrowed to. Undefined: all that its role may do. */
  readonly only?: readonly Permission[]
  readonly via: 'session' | 'token'
}

/** What a request shows to prove who it comes from. */
export type Credential = { readonly session: string } | { readonly token: string }

/** The least is NIST's (SP 800-63B); the most keeps hashing short. */
export const Password = z.string().min(8).max(256)

export type User = {
  readonly username: UserId
  readonly name: string
  readonly role: Role
  readonly disabled: boolean
  readonly createdAt: Instant
}

export type NewUser = {
  readonly username: UserId
  readonly name?: string
  readonly role: Role
  /** Made and answered once if absent. */
  readonly password?: string
}

export type UserPatch = {
  readonly name?: string
  readonly role?: Role
  readonly disabled?: boolean
  readonly password?: string
}

/** How the ids of tokens start. No user name does. */
export const tokenIdPrefix = 'token-'

export type Token = {
  readonly id: UserId
  readonly name: string
  readonly role: Role
  readonly createdBy: UserId
  readonly createdAt: Instant
  readonly expiresAt: Instant | null
  readonly lastUsedAt: Instant | null
}

export type NewToken = { readonly name: string; readonly role: Role; readonly expiresAt?: Instant }

export type Login = { readonly username: string; readonly password: string; readonly address: string }

export interface Access {
  readonly users: {
    list(): readonly User[]
    get(username: string): User | undefined
    create(user: NewUser): Promise<{ user: User; password?: string } | Refusal>
    /** A new password or a disabled user ends all of that user's sessions. */
    patch(username: string, patch: UserPatch): Promise<User | Refusal>
  }
  readonly tokens: {
    list(): readonly Token[]
    /** Answers the secret, which is not kept. */
    create(token: NewToken, by: UserId): { token: Token; secret: string } | Refusal
    revoke(id: string): boolean
  }
  /** Slowed down after failures: `too-many-attempts` with `retryAfterSeconds`. */
  login(login: Login): Promise<{ secret: string; user: User; expiresAt: Instant } | Refusal>
  logout(session: string): void
  /** Who shows this credential, and until when it lasts. Counts as use. */
  authenticate(credential: Credential): { principal: Principal; expiresAt: Instant | null } | undefined
  /** A person's own. Ends all other sessions of that person. */
  changePassword(session: string, login: Login, password: string): Promise<User | Refusal>
}
