/**
 * Sessions of people at a console. They live in memory and are written behind it, so that a restart logs nobody out and
 * a full disk does not keep an operator from logging in.
 */
import { z } from 'zod'
import type { Database } from '../kit/sqlite.ts'
import type { Access, LoggedIn, Origin, Session } from '../model/access.ts'
import type { Clock } from '../model/clock.ts'
import { type Instant, UserId } from '../model/ids.ts'
import { hashOf, newSecret } from './secrets.ts'

export type SessionLimits = {
  /** A session that nobody used for so long ends. */
  readonly idleMs: number
  /** A session ends after this, used or not. */
  readonly absoluteMs: number
}

export type Sessions = Access['sessions'] & {
  /** Answers the secret that the cookie holds. */
  start(username: UserId, origin: Origin): LoggedIn
  /** Whose it is; it counts as used now. */
  use(secret: string): { username: UserId; expiresAt: Instant } | undefined
  endBy(secret: string): void
  endAllOf(username: UserId, except?: string): void
  /** Where people have logged in, also when that session has ended since. */
  usualAddresses(): readonly { readonly username: UserId; readonly address: string }[]
  /** Drops what has expired and writes when each was last used. */
  tidy(): void
}

/** A person has few screens. At the limit the least recently used session ends. */
const sessionsPerUser = 20

/** Of one person: at work, at home and on the road. Beyond: the one not logged in from for longest goes. */
const usualAddressesPerUser = 5

/** A browser may send any text. Of a longer one the beginning is kept, where it says what it is. */
const userAgentChars = 200
/** A part of the hash is as good a name as any: the hash opens nothing. */
const idChars = 32

const Row = z.object({
  hash: z.string(),
  username: UserId,
  createdAt: z.number(),
  lastUsedAt: z.number(),
  address: z.string(),
  userAgent: z.string(),
})
type Stored = z.infer<typeof Row>
const UsualAddress = Row.pick({ username: true, address: true })

const shown = ({ hash, ...session }: Stored): Session => ({ id: hash.slice(0, idChars), ...session })

export const createSessions = (ports: {
  database: Database
  clock: Clock
  randomBytes: (count: number) => Uint8Array
  limits: SessionLimits
  /** Runs a write; a failure is logged and costs at most a login after the next restart. */
  writeBehind: (write: () => void) => void
}): Sessions => {
  const { database, clock, randomBytes, limits, writeBehind } = ports
  const sessions = new Map<string, Stored>(
    z
      .array(Row)
      .parse(database.prepare('SELECT * FROM sessions').all())
      .map(session => [session.hash, session]),
  )
  const insert = database.prepare('INSERT INTO sessions VALUES (?, ?, ?, ?, ?, ?)')
  const update = database.prepare('UPDATE sessions SET lastUsedAt = ? WHERE hash = ?')
  const remove = database.prepare('DELETE FROM sessions WHERE hash = ?')
  const usual = database.prepare('SELECT username, address FROM usualAddresses ORDER BY rowid')
  // A new row each time, so that rows are in the order of the last logins.
  const addUsual = database.prepare('INSERT OR REPLACE INTO usualAddresses (username, address) VALUES (?, ?)')
  const limitUsual = database.prepare(`
    DELETE FROM usualAddresses WHERE username = :username AND rowid NOT IN (
      SELECT rowid FROM usualAddresses WHERE username = :username ORDER BY rowid DESC LIMIT ${usualAddressesPerUser}
    )`)
  const used = new Set<string>()

  const drop = (hash: string): void => {
    if (sessions.delete(hash)) writeBehind(() => remove.run(hash))
  }
  const expiresAt = ({ createdAt, lastUsedAt }: Stored): Instant =>
    Math.min(createdAt + limits.absoluteMs, lastUsedAt + limits.idleMs)
  /** The last used first. */
  const of = (username: string): Stored[] =>
    [...sessions.values()]
      .filter(session => session.username === username)
      .sort((a, b) => b.lastUsedAt - a.lastUsedAt)
  const find = (id: string): Stored | undefined =>
    [...sessions.values()].find(({ hash }) => hash.slice(0, idChars) === id)

  return {
    list: username => {
      const now = clock.now()
      return of(username)
        .filter(session => now < expiresAt(session))
        .map(shown)
    },
    get: id => {
      const session = find(id)
      return session && shown(session)
    },
    end: id => {
      const session = find(id)
      if (session) drop(session.hash)
    },
    idOf: secret => hashOf(secret).slice(0, idChars),
    start: (username, { address, userAgent = '' }) => {
      const now = clock.now()
      for (const { hash } of of(username).slice(sessionsPerUser - 1)) drop(hash)
      const secret = newSecret(randomBytes)
      const session = {
        hash: hashOf(secret),
        username,
        createdAt: now,
        lastUsedAt: now,
        address,
        userAgent: userAgent.slice(0, userAgentChars),
      }
      sessions.set(session.hash, session)
      writeBehind(() => {
        insert.run(session.hash, username, now, now, address, session.userAgent)
        addUsual.run(username, address)
        limitUsual.run({ username })
      })
      return { secret, expiresAt: now + limits.absoluteMs }
    },
    use: secret => {
      const session = sessions.get(hashOf(secret))
      if (!session) return undefined
      const now = clock.now()
      if (now >= expiresAt(session)) {
        drop(session.hash)
        return undefined
      }
      session.lastUsedAt = now
      used.add(session.hash)
      return { username: session.username, expiresAt: session.createdAt + limits.absoluteMs }
    },
    usualAddresses: () => z.array(UsualAddress).parse(usual.all()),
    endBy: secret => drop(hashOf(secret)),
    endAllOf: (username, except) => {
      const spared = except === undefined ? undefined : hashOf(except)
      for (const { hash } of of(username)) if (hash !== spared) drop(hash)
    },
    tidy: () => {
      const now = clock.now()
      for (const session of sessions.values()) if (now >= expiresAt(session)) drop(session.hash)
      if (used.size === 0) return
      writeBehind(() => {
        for (const hash of used) update.run(sessions.get(hash)?.lastUsedAt ?? now, hash)
      })
      used.clear()
    },
  }
}
