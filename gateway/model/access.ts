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
  /** Nothing of anybody's health is shown to them: relatives without the resident's consent. */
  readonly withoutHealth?: true
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
  readonly scopes: readonly Scope[]
  readonly disabled: boolean
  /** Logs in with a code as well (RFC 6238). */
  readonly secondFactor: boolean
  readonly createdAt: Instant
}

export type NewUser = {
  readonly username: UserId
  readonly name?: string
  readonly role: Role
  readonly scopes?: readonly Scope[]
  /** Made and answered once if absent. */
  readonly password?: string
}

export type UserPatch = {
  readonly name?: string
  readonly role?: Role
  readonly scopes?: readonly Scope[]
  readonly disabled?: boolean
  readonly password?: string
  /** Takes it away from somebody who has lost it. Only that person can set it up. */
  readonly secondFactor?: false
}

/** How many went with somebody who was disabled. */
export type Revoked = { readonly tokens: number; readonly invitations: number }

/** How the ids of tokens start. No user name does. */
export const tokenIdPrefix = 'token-'

export type Token = {
  readonly id: UserId
  readonly name: string
  readonly role: Role
  readonly scopes: readonly Scope[]
  /** What it is narrowed to. Null: all that its role may do. */
  readonly permissions: readonly Permission[] | null
  readonly createdBy: UserId
  readonly createdAt: Instant
  readonly expiresAt: Instant | null
  readonly lastUsedAt: Instant | null
}

export type NewToken = {
  readonly name: string
  readonly role: Role
  readonly scopes?: readonly Scope[]
  readonly permissions?: readonly Permission[]
  readonly expiresAt?: Instant
}

/** Where a request comes from, for people to know their sessions by. */
export type Origin = { readonly address: string; readonly userAgent?: string }

export type Login = Origin & {
  readonly username: string
  readonly password: string
  /** Of the second factor: six digits, or a recovery code. */
  readonly code?: string
}

/** Answered once: the secret is for the cookie. */
export type LoggedIn = { readonly secret: string; readonly expiresAt: Instant }

export type Session = {
  /** Names it. Nobody gets in with it. */
  readonly id: string
  readonly username: UserId
  readonly createdAt: Instant
  readonly lastUsedAt: Instant
  /** Of the login; empty where it was not written down. */
  readonly address: string
  readonly userAgent: string
}

/** To be shown once, and confirmed by a code. */
export type Enrolment = {
  /** Base32, to be typed in. */
  readonly secret: string
  /** otpauth://… */
  readonly uri: string
  /** The same as a picture: SVG. */
  readonly qr: string
}

export type Invitation = {
  readonly id: string
  readonly username: UserId
  readonly name: string
  readonly role: Role
  readonly scopes: readonly Scope[]
  readonly createdBy: UserId
  readonly createdAt: Instant
  readonly expiresAt: Instant
}

export type NewInvitation = Pick<Invitation, 'username' | 'name' | 'role' | 'scopes'> & {
  /** How long it is good. */
  readonly hours: number
}

export interface Access {
  readonly users: {
    list(): readonly User[]
    get(username: string): User | undefined
    create(user: NewUser): Promise<{ user: User; password?: string } | Refusal>
    /**
     * A new password or a disabled user ends all of that user's sessions; other changes hold in them at once. With somebody
     * who is disabled go, in one transaction, the tokens and open invitations that they made.
     */
    patch(username: string, patch: UserPatch): Promise<(User & { readonly revoked?: Revoked }) | Refusal>
  }
  readonly tokens: {
    list(): readonly Token[]
    /** Answers the secret, which is not kept. */
    create(token: NewToken, by: UserId): { token: Token; secret: string } | Refusal
    /** At once. What it has made goes on, and counts as made by who made it. */
    revoke(id: string): boolean
  }
  readonly sessions: {
    /** The last used first. */
    list(username: string): readonly Session[]
    get(id: string): Session | undefined
    end(id: string): void
    /** Of the session that a cookie's secret opens. */
    idOf(secret: string): string
  }
  readonly secondFactors: {
    /** Asks for the password: whoever finds a console unlocked must not lock its owner out. */
    begin(login: Login): Promise<Enrolment | Refusal>
    /** From now on logins need a code. Answers the recovery codes, which are not kept. */
    confirm(username: UserId, code: string): { recoveryCodes: readonly string[] } | Refusal
    /** With password and code. */
    remove(login: Login): Promise<User | Refusal>
  }
  readonly invitations: {
    /** Those that can still be accepted. */
    list(): readonly Invitation[]
    /** Answers the secret of the link, which is not kept. An earlier one for the same name is withdrawn. */
    create(invitation: NewInvitation, by: UserId): { invitation: Invitation; secret: string } | Refusal
    withdraw(id: string): boolean
    /** Makes the user and logs in. Of two at one time, one wins. */
    accept(given: Origin & { token: string; password: string }): Promise<LoggedIn | Refusal>
  }
  /** Slowed down after failures: `too-many-attempts` with `retryAfterSeconds`. */
  login(login: Login): Promise<LoggedIn | Refusal>
  /** Why no login from this address needs to be read. Never where anybody has logged in from before. */
  floodFrom(address: string): Refusal | undefined
  logout(session: string): void
  /** Who shows this credential, and until when it lasts. Counts as use. */
  authenticate(credential: Credential): { principal: Principal; expiresAt: Instant | null } | undefined
  /** A person's own. Ends all other sessions of that person. */
  changePassword(session: string, login: Login, password: string): Promise<User | Refusal>
}
