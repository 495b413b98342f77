/**
 * People who may log in. They are never deleted, only disabled: the journal names them. All are kept in memory, so that
 * a request never waits for the disk to know who it comes from.
 */
import { z } from 'zod'
import type { Database } from '../kit/sqlite.ts'
import type { Access, User } from '../model/access.ts'
import type { Clock } from '../model/clock.ts'
import type { Refusal } from '../model/errors.ts'
import { UserId } from '../model/ids.ts'
import { roles } from '../model/permissions.ts'
import type { Passwords } from './passwords.ts'

export type Users = Access['users'] & {
  /** The user, if the password is right and the user is not disabled. Takes equally long for unknown users. */
  check(username: string, password: string): Promise<User | Refusal>
}

type Stored = User & { readonly passwordHash: string }

/** More than a city's control rooms have; each is held in memory. */
const userLimit = 10_000

const Row = z.object({
  username: UserId,
  name: z.string(),
  role: z.enum(roles),
  passwordHash: z.string(),
  disabled: z.number().transform(flag => flag !== 0),
  createdAt: z.number(),
})

const shown = ({ username, name, role, disabled, createdAt }: Stored): User => ({
  username,
  name,
  role,
  disabled,
  createdAt,
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
}): Users => {
  const { database, clock, passwords, randomBytes } = ports
  const users = new Map<string, Stored>(
    z
      .array(Row)
      .parse(database.prepare('SELECT * FROM users ORDER BY username').all())
      .map(user => [user.username, user]),
  )
  const write = database.prepare(`
    INSERT INTO users VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (username) DO UPDATE SET name = excluded.name, role = excluded.role,
      passwordHash = excluded.passwordHash, disabled = excluded.disabled
  `)

  /** On disk first: a user who cannot be written is not there. */
  const save = (user: Stored): User => {
    const { username, name, role, passwordHash, disabled, createdAt } = user
    write.run(username, name, role, passwordHash, disabled ? 1 : 0, createdAt)
    users.set(username, user)
    return shown(user)
  }

  const isLastAdministrator = (user: Stored): boolean =>
    ![...users.values()].some(
      other => other.role === 'administrator' && !other.disabled && other.username !== user.username,
    )

  return {
    list: () => [...users.values()].map(shown),
    get: username => {
      const user = users.get(username)
      return user && shown(user)
    },
    create: async ({ username, name, role, password }) => {
      const given = password ?? randomPassword(randomBytes)
      const passwordHash = await passwords.hash(given)
      if (passwordHash === undefined) return tooBusy
      if (users.has(username)) return { refused: 'user-exists' }
      if (users.size >= userLimit) return { refused: 'too-busy', detail: `at most ${userLimit} users` }
      const user = { username, name: name ?? username, role, disabled: false, createdAt: clock.now() }
      const saved = save({ ...user, passwordHash })
      return password === undefined ? { user: saved, password: given } : { user: saved }
    },
    patch: async (username, { password, ...changes }) => {
      const passwordHash = password === undefined ? undefined : await passwords.hash(password)
      if (password !== undefined && passwordHash === undefined) return tooBusy
      // Read after the wait: another change may have come in between.
      const user = users.get(username)
      if (!user) return { refused: 'not-found', detail: `there is no user ${username}` }
      const changed = { ...user, ...changes, passwordHash: passwordHash ?? user.passwordHash }
      if ((changed.disabled || changed.role !== 'administrator') && isLastAdministrator(user)) {
        return { refused: 'last-administrator' }
      }
      return save(changed)
    },
    check: async (username, password) => {
      const right = await passwords.verify(password, users.get(username)?.passwordHash)
      if (right === undefined) return tooBusy
      const user = users.get(username)
      return right && user && !user.disabled ? shown(user) : { refused: 'wrong-credentials' }
    },
  }
}
