/**
 * Sessions of people at a console. They live in memory and are written behind it, so that a restart logs nobody out and
 * a full disk does not keep an operator from logging in.
 */
import { z } from 'zod'
import type { Database } from '../kit/sqlite.ts'
import type { Clock } from '../model/clock.ts'
import { type Instant, UserId } from '../model/ids.ts'
import { hashOf, newSecret } from './secrets.ts'

export type SessionLimits = {
  /** A session that nobody used for so long ends. */
  readonly idleMs: number
  /** A session ends after this, used or not. */
  readonly absoluteMs: number
}

export type Session = { readonly username: UserId; readonly expiresAt: Instant }

export type Sessions = {
  /** Answers the secret that the cookie holds. */
  start(username: UserId): { secret: string; session: Session }
  /** The session, which counts as used now. */
  use(secret: string): Session | undefined
  end(secret: string): void
  endAllOf(username: UserId, except?: string): void
  /** Drops what has expired and writes when each was last used. */
  tidy(): void
}

/** A person has few screens. At the limit the least recently used session ends. */
const sessionsPerUser = 20

const Row = z.object({
  hash: z.string(),
  username: UserId,
  createdAt: z.number(),
  lastUsedAt: z.number(),
})
type Stored = z.infer<typeof Row>

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
  const insert = database.prepare('INSERT INTO sessions VALUES (?, ?, ?, ?)')
  const update = database.prepare('UPDATE sessions SET lastUsedAt = ? WHERE hash = ?')
  const remove = database.prepare('DELETE FROM sessions WHERE hash = ?')
  const used = new Set<string>()

  const drop = (hash: string): void => {
    if (sessions.delete(hash)) writeBehind(() => remove.run(hash))
  }
  const expiresAt = ({ createdAt, lastUsedAt }: Stored): Instant =>
    Math.min(createdAt + limits.absoluteMs, lastUsedAt + limits.idleMs)
  const of = (username: UserId): Stored[] =>
    [...sessions.values()].filter(session => session.username === username)

  return {
    start: username => {
      const now = clock.now()
      const oldestFirst = of(username).sort((a, b) => a.lastUsedAt - b.lastUsedAt)
      for (const { hash } of oldestFirst.slice(0, Math.max(0, oldestFirst.length - sessionsPerUser + 1))) {
        drop(hash)
      }
      const secret = newSecret(randomBytes)
      const session = { hash: hashOf(secret), username, createdAt: now, lastUsedAt: now }
      sessions.set(session.hash, session)
      writeBehind(() => insert.run(session.hash, username, now, now))
      return { secret, session: { username, expiresAt: now + limits.absoluteMs } }
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
    end: secret => drop(hashOf(secret)),
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
