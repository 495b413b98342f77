/**
 * People who may log in. They are never deleted, only disabled: the journal names them. All are kept in memory, so that
 * a request never waits for the disk to know who it comes from.
 */
import { z } from 'zod'
import { inTransaction } from '../kit/in-transaction.ts'
import type { Database } from '../kit/sqlite.ts'
import type { Access, NewUser, Revoked, User } from '../model/access.ts'
import type { Clock } from '../model/clock.ts'
import type { Refusal } from '../model/errors.ts'
import { UserId } from '../model/ids.ts'
import { roles } from '../model/permissions.ts'
import { weaknessOf } from './password-rules.ts'
import type { Passwords } from './passwords.ts'
import { type CheckScopes, StoredScopes } from './scopes.ts'

export type Users = Access['users'] & {
  /** The user, if the password is right and the user is not disabled. Takes equally long for unknown users. */
  check(username: string, password: string): Promise<User | Refusal>
  /** With a password that is hashed already; neither it nor the scopes are looked at. */
  add(user: NewUser, passwordHash: string): User | Refusal
}

type Stored = Omit<User, 'secondFactor'> & { readonly passwordHash: string }

/** More than a city's control rooms have; each is held in memory. */
const userLimit = 10_000

const Row = z.object({
  username: UserId,
  name: z.string(),
  role: z.enum(roles),
  scopes: StoredScopes,
  passwordHash: z.string(),
  disabled: z.number().transform(flag => flag !== 0),
  createdAt: z.number(),
})

export const tooBusy: Refusal = {
  refused: 'too-many-attempts',
  detail: 'too many logins at one time',
  facts: { retryAfterSeconds: 2 },
}

export const randomPassword = (randomBytes: (count: number) => Uint8Array): string =>
  Buffer.from(randomBytes(15)).toString('base64url')

export const createUsers = (ports: {
  database: Database
  clock: Clock
  passwords: Passwords
  randomBytes: (count: number) => Uint8Array
  checkScopes: CheckScopes
  hasSecondFactor: (username: UserId) => boolean
  /** Writes that what somebody made is void, within a transaction. What it answers is called once that is on disk. */
  dropMade: (username: UserId) => () => Revoked
}): Users => {
  const { database, clock, passwords, randomBytes, checkScopes } = ports
  const users = new Map<string, Stored>(
    z
      .array(Row)
      .parse(database.prepare('SELECT * FROM users ORDER BY username').all())
      .map(user => [user.username, user]),
  )
  const write = database.prepare(`
    INSERT INTO users (username, name, role, scopes, passwordHash, disabled, createdAt) VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (username) DO UPDATE SET name = excluded.name, role = excluded.role, scopes = excluded.scopes,
      passwordHash = excluded.passwordHash, disabled = excluded.disabled
  `)

  const shown = ({ passwordHash: _, ...user }: Stored): User => ({
    ...user,
    secondFactor: ports.hasSecondFactor(user.username),
  })

  const writeOut = ({ username, name, role, scopes, passwordHash, disabled, createdAt }: Stored): void =>
    void write.run(username, name, role, JSON.stringify(scopes), passwordHash, disabled ? 1 : 0, createdAt)
  /** On disk first: a user who cannot be written is not there. */
  const save = (user: Stored): User => {
    writeOut(user)
    users.set(user.username, user)
    return shown(user)
  }
  /** Whoever may come in no more has left no other way in. */
  const disable = (user: Stored): User & { revoked: Revoked } => {
    let forget = (): Revoked => ({ tokens: 0, invitations: 0 })
    inTransaction(database, () => {
      writeOut(user)
      forget = ports.dropMade(user.username)
    })
    users.set(user.username, user)
    return { ...shown(user), revoked: forget() }
  }

  /** Those who are bound to an area cannot manage people. */
  const managesPeople = ({ role, scopes, disabled }: Stored): boolean =>
    role === 'administrator' && scopes.length === 0 && !disabled
  const isLastManager = (user: Stored): boolean =>
    ![...users.values()].some(other => managesPeople(other) && other.username !== user.username)

  const add: Users['add'] = ({ username, name = username, role, scopes = [] }, passwordHash) => {
    if (users.has(username)) return { refused: 'user-exists' }
    if (users.size >= userLimit) return { refused: 'too-busy', detail: `at most ${userLimit} users` }
    return save({ username, name, role, scopes, disabled: false, createdAt: clock.now(), passwordHash })
  }

  return {
    add,
    list: () => [...users.values()].map(shown),
    get: username => {
      const user = users.get(username)
      return user && shown(user)
    },
    create: async user => {
      const { username, role, scopes = [], password } = user
      const unfit = checkScopes(role, scopes) ?? (password && weaknessOf(password, username))
      if (unfit) return unfit
      const given = password ?? randomPassword(randomBytes)
      const passwordHash = await passwords.hash(given)
      if (passwordHash === undefined) return tooBusy
      const added = add(user, passwordHash)
      if ('refused' in added) return added
      return password === undefined ? { user: added, password: given } : { user: added }
    },
    patch: async (username, { password, secondFactor: _, ...changes }) => {
      const weakness = password && weaknessOf(password, username)
      if (weakness) return weakness
      const passwordHash = password === undefined ? undefined : await passwords.hash(password)
      if (password !== undefined && passwordHash === undefined) return tooBusy
      // Read after the wait: another change may have come in between.
      const user = users.get(username)
      if (!user) return { refused: 'not-found', detail: `there is no user ${username}` }
      const changed = { ...user, ...changes, passwordHash: passwordHash ?? user.passwordHash }
      const isBoundAnew = changes.role !== undefined || changes.scopes !== undefined
      const misfit = isBoundAnew ? checkScopes(changed.role, changed.scopes) : undefined
      if (misfit) return misfit
      if (!managesPeople(changed) && isLastManager(user)) return { refused: 'last-administrator' }
      return changes.disabled ? disable(changed) : save(changed)
    },
    check: async (username, password) => {
      const right = await passwords.verify(password, users.get(username)?.passwordHash)
      if (right === undefined) return tooBusy
      const user = users.get(username)
      return right && user && !user.disabled ? shown(user) : { refused: 'wrong-credentials' }
    },
  }
}
