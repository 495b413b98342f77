/**
 * Takes: a directory for access.db, the clock, randomness, the limits of sessions.
 * Gives: who may use the API: people with passwords and sessions, programs with tokens.
 * Never: stores a password, session or token in a form that can be used; makes a request wait for the disk to know who
 * it comes from; does slow work on the main thread.
 */
import { join } from 'node:path'
import { openDatabase } from '../kit/sqlite.ts'
import type { Access, Login, User } from '../model/access.ts'
import type { Clock } from '../model/clock.ts'
import type { Refusal } from '../model/errors.ts'
import { UserId } from '../model/ids.ts'
import { createPasswords } from './passwords.ts'
import { createTables } from './schema.ts'
import { createSessions, type SessionLimits, type Sessions } from './sessions.ts'
import { createThrottle } from './throttle.ts'
import { createTokens, type Tokens } from './tokens.ts'
import { createUsers, randomPassword, type Users } from './users.ts'

/** How often times of last use are written and expired sessions dropped. */
const tidyMs = 60_000

export type OpenAccess = Access & {
  /** The password made for `admin` at the first start, to be shown once. */
  readonly firstPassword: string | undefined
  close(): void
}

const addFirstUser = async (
  users: Users,
  given: string | undefined,
  randomBytes: (count: number) => Uint8Array,
): Promise<string | undefined> => {
  if (users.list().length > 0) return undefined
  const password = given ?? randomPassword(randomBytes)
  await users.create({ username: UserId.parse('admin'), role: 'administrator', password })
  return given === undefined ? password : undefined
}

const authenticateWith =
  (users: Users, sessions: Sessions, tokens: Tokens): Access['authenticate'] =>
  credential => {
    if ('token' in credential) {
      const token = tokens.use(credential.token)
      if (!token) return undefined
      const { id, name, role, expiresAt } = token
      return { principal: { id, name, role, scopes: [], via: 'token' }, expiresAt }
    }
    const session = sessions.use(credential.session)
    const user = session && users.get(session.username)
    return session && user && !user.disabled
      ? {
          principal: { id: user.username, name: user.name, role: user.role, scopes: [], via: 'session' },
          expiresAt: session.expiresAt,
        }
      : undefined
  }

/** Throws when the file cannot be opened or is not of this version. */
export const openAccess = async (ports: {
  /** Where access.db lies, or `:memory:`. */
  directory: string
  clock: Clock
  randomBytes: (count: number) => Uint8Array
  limits: SessionLimits
  initialAdminPassword?: string
  log: { warn(facts: object, message: string): void }
}): Promise<OpenAccess> => {
  const { directory, clock, randomBytes, limits, log } = ports
  const path = directory === ':memory:' ? directory : join(directory, 'access.db')
  const database = openDatabase(path, { durability: 'full' })
  createTables(database)

  const writeBehind = (write: () => void): void => {
    try {
      database.exec('BEGIN')
      write()
      database.exec('COMMIT')
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK')
      log.warn({ err: error }, 'sessions could not be written; a restart may log people out')
    }
  }
  const passwords = createPasswords(randomBytes)
  const users = createUsers({ database, clock, passwords, randomBytes })
  const sessions = createSessions({ database, clock, randomBytes, limits, writeBehind })
  const tokens = createTokens({ database, clock, randomBytes, writeBehind })
  const throttle = createThrottle(clock)

  const check = async ({ username, password, address }: Login): Promise<User | Refusal> => {
    const attempt = throttle.begin(username, address)
    if ('retryAfterMs' in attempt) {
      const retryAfterSeconds = Math.ceil(attempt.retryAfterMs / 1000)
      return { refused: 'too-many-attempts', facts: { retryAfterSeconds } }
    }
    const checked = await users.check(username, password)
    if (!('refused' in checked)) attempt.succeeded()
    return checked
  }

  const tidy = (): void => {
    sessions.tidy()
    tokens.tidy()
  }
  let stopTidying = (): void => {}
  const tidyLater = (): void => {
    stopTidying = clock.after(tidyMs, () => {
      tidy()
      tidyLater()
    })
  }
  tidyLater()

  return {
    users: {
      ...users,
      patch: async (username, patch) => {
        const user = await users.patch(username, patch)
        if (!('refused' in user) && (user.disabled || patch.password !== undefined)) {
          sessions.endAllOf(user.username)
        }
        return user
      },
    },
    tokens,
    firstPassword: await addFirstUser(users, ports.initialAdminPassword, randomBytes),
    login: async login => {
      const user = await check(login)
      if ('refused' in user) return user
      const { secret, session } = sessions.start(user.username)
      return { secret, user, expiresAt: session.expiresAt }
    },
    logout: session => sessions.end(session),
    authenticate: authenticateWith(users, sessions, tokens),
    changePassword: async (session, login, password) => {
      const checked = await check(login)
      if ('refused' in checked) return checked
      const user = await users.patch(checked.username, { password })
      if (!('refused' in user)) sessions.endAllOf(user.username, session)
      return user
    },
    close: () => {
      stopTidying()
      tidy()
      database.close()
    },
  }
}
