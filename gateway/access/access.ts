/**
 * Takes: a directory for access.db, the clock, randomness, the limits of sessions, what seals, what can be a scope.
 * Gives: who may use the API and where: people with passwords, second factors and sessions, invitations, programs with tokens.
 * Never: stores a password, session, token or link in a form that can be used; makes a request wait for the disk to know who
 * it comes from; does slow work on the main thread.
 */
import { join } from 'node:path'
import { inTransaction } from '../kit/in-transaction.ts'
import { type Database, openDatabase } from '../kit/sqlite.ts'
import type { Access } from '../model/access.ts'
import type { Clock } from '../model/clock.ts'
import { UserId } from '../model/ids.ts'
import type { Scope } from '../model/scope.ts'
import type { SealedRows, Vault } from '../model/vault.ts'
import { createInvitations, type Invitations } from './invitations.ts'
import { createLogins } from './logins.ts'
import { createPasswords, type HashCost, type Passwords } from './passwords.ts'
import { createRefusedLogins } from './refused-logins.ts'
import { createTables } from './schema.ts'
import { scopeChecker } from './scopes.ts'
import { createSecondFactors } from './second-factors.ts'
import { createSessions, type SessionLimits, type Sessions } from './sessions.ts'
import { createThrottle } from './throttle.ts'
import { createTokens, type Tokens } from './tokens.ts'
import { createUsers, randomPassword, type Users } from './users.ts'

/** How often times of last use are written and expired sessions dropped. */
const tidyMs = 60_000

export type OpenAccess = Access & {
  /** The password made for `admin` at the first start, to be shown once. */
  readonly firstPassword: string | undefined
  /** Secrets of second factors, for the rotation of keys. */
  readonly sealed: SealedRows
  close(): void
}

/** The password from the settings is taken as it is: who can read them is in already. */
const addFirstUser = async (
  users: Users,
  passwords: Passwords,
  given: string | undefined,
  randomBytes: (count: number) => Uint8Array,
): Promise<string | undefined> => {
  if (users.list().length > 0) return undefined
  const password = given ?? randomPassword(randomBytes)
  const passwordHash = await passwords.hash(password)
  if (passwordHash !== undefined) {
    users.add({ username: UserId.parse('admin'), role: 'administrator' }, passwordHash)
  }
  return given === undefined ? password : undefined
}

const authenticateWith =
  (users: Users, sessions: Sessions, tokens: Tokens): Access['authenticate'] =>
  credential => {
    if ('token' in credential) {
      const token = tokens.use(credential.token)
      if (!token) return undefined
      const { id, name, role, scopes, permissions, expiresAt } = token
      const principal = { id, name, role, scopes, via: 'token' } as const
      return { principal: permissions ? { ...principal, only: permissions } : principal, expiresAt }
    }
    const session = sessions.use(credential.session)
    const user = session && users.get(session.username)
    if (!session || !user || user.disabled) return undefined
    const { username: id, name, role, scopes } = user
    return { principal: { id, name, role, scopes, via: 'session' }, expiresAt: session.expiresAt }
  }

/** What it has made goes on, as made by who made it: whoever is disabled later takes that along too. */
const revokeWith =
  (tokens: Tokens, invitations: Invitations): Access['tokens']['revoke'] =>
  id => {
    const token = tokens.list().find(one => one.id === id)
    if (!token) return false
    for (const { handOn } of [tokens, invitations]) handOn(token.id, token.createdBy)
    return tokens.revoke(id)
  }

type AccessPorts = {
  /** Where access.db lies, or `:memory:`. */
  readonly directory: string
  readonly clock: Clock
  readonly randomBytes: (count: number) => Uint8Array
  readonly limits: SessionLimits
  /** Seals the secrets of second factors. */
  readonly vault: Vault
  /** Whether there is such an area, point, institution or resident. */
  readonly scopeExists: (scope: Scope) => boolean
  readonly initialAdminPassword?: string
  /** Of new passwords. Absent: as dear as it should be wherever somebody might steal the file. */
  readonly hashCost?: HashCost
  readonly log: {
    info(facts: object, message: string): void
    warn(facts: object, message: string): void
  }
}

/** Sessions, last uses and used codes: a full disk must not keep anybody from logging in. */
const writeBehindTo =
  (database: Database, log: AccessPorts['log']) =>
  (write: () => void): void => {
    try {
      inTransaction(database, write)
    } catch (error) {
      log.warn({ err: error }, 'sessions could not be written; a restart may log people out')
    }
  }

const openParts = (database: Database, ports: AccessPorts) => {
  const { clock, randomBytes, limits, vault, log } = ports
  const common = { database, clock, randomBytes, writeBehind: writeBehindTo(database, log) }
  const checkScopes = scopeChecker(ports.scopeExists)
  const passwords = createPasswords(randomBytes, ports.hashCost)
  const secondFactors = createSecondFactors({ ...common, vault })
  const sessions = createSessions({ ...common, limits })
  const tokens = createTokens({ ...common, checkScopes })
  const users = createUsers({
    ...common,
    passwords,
    checkScopes,
    hasSecondFactor: secondFactors.has,
    dropMade(username) {
      const makers = tokens.namesOf(username)
      const forgetTokens = tokens.dropMadeBy(makers)
      const forgetInvitations = invitations.dropMadeBy(makers)
      return () => ({ tokens: forgetTokens(), invitations: forgetInvitations() })
    },
  })
  const isUser = (username: UserId): boolean => users.get(username) !== undefined
  const invitations = createInvitations({ ...common, checkScopes, isUser })
  const throttle = createThrottle(clock, sessions.usualAddresses())
  const refusedLogins = createRefusedLogins(clock, log)
  return { passwords, secondFactors, users, sessions, tokens, invitations, throttle, refusedLogins }
}

const every = (clock: Clock, action: () => void): (() => void) => {
  let stop = (): void => {}
  const again = (): void => {
    stop = clock.after(tidyMs, () => {
      action()
      again()
    })
  }
  again()
  return () => stop()
}

/** Throws when the file cannot be opened or was written by a later version. */
export const openAccess = async (ports: AccessPorts): Promise<OpenAccess> => {
  const { directory, clock, randomBytes } = ports
  const path = directory === ':memory:' ? directory : join(directory, 'access.db')
  const database = openDatabase(path, { durability: 'full' })
  createTables(database)
  const parts = openParts(database, ports)
  const { users, sessions, tokens, secondFactors, invitations, passwords, refusedLogins } = parts
  const { accept, ...logins } = createLogins(parts)

  const tidy = (): void => {
    sessions.tidy()
    tokens.tidy()
    invitations.tidy()
  }
  const stopTidying = every(clock, tidy)

  return {
    ...logins,
    users: {
      ...users,
      patch: async (username, patch) => {
        const user = await users.patch(username, patch)
        if ('refused' in user) return user
        if (patch.secondFactor === false) secondFactors.remove(user.username)
        if (user.disabled || patch.password !== undefined) sessions.endAllOf(user.username)
        return { ...user, ...users.get(username) }
      },
    },
    tokens: { ...tokens, revoke: revokeWith(tokens, invitations) },
    sessions,
    invitations: { ...invitations, accept },
    firstPassword: await addFirstUser(users, passwords, ports.initialAdminPassword, randomBytes),
    logout: sessions.endBy,
    authenticate: authenticateWith(users, sessions, tokens),
    sealed: secondFactors.sealed,
    close: () => {
      stopTidying()
      refusedLogins.close()
      tidy()
      database.close()
    },
  }
}
