/** Access tokens of programs: shown once, stored as hashes, revocable at any time. All are kept in memory. */
import { z } from 'zod'
import type { Database } from '../kit/sqlite.ts'
import { type Access, type Token, tokenIdPrefix } from '../model/access.ts'
import type { Clock } from '../model/clock.ts'
import { UserId } from '../model/ids.ts'
import { permissionNames, roles } from '../model/permissions.ts'
import { type CheckScopes, StoredScopes, stored } from './scopes.ts'
import { hashOf, newSecret } from './secrets.ts'

const Row = z.object({
  id: UserId,
  hash: z.string(),
  name: z.string(),
  role: z.enum(roles),
  scopes: StoredScopes,
  permissions: stored(z.array(z.enum(permissionNames)).nullable()),
  createdBy: UserId,
  createdAt: z.number(),
  expiresAt: z.number().nullable(),
  lastUsedAt: z.number().nullable(),
})
type Stored = z.infer<typeof Row>

export type Tokens = Access['tokens'] & {
  /** The token, which counts as used now. */
  use(secret: string): Token | undefined
  /** Under which names somebody acts: their own, and those of the tokens that they made, or that these made. */
  namesOf(username: UserId): ReadonlySet<UserId>
  /** What one has made is another's from now on: nothing must be left that is nobody's. */
  handOn(from: UserId, to: UserId): void
  /** Of these makers. Written at once; forgotten when what it answers is called, which says how many they were. */
  dropMadeBy(makers: ReadonlySet<UserId>): () => number
  /** Writes when each was last used. */
  tidy(): void
}

/** Programs are few; each token is held in memory. */
const tokenLimit = 1_000

const shown = ({ hash: _, ...token }: Stored): Token => token

export const createTokens = (ports: {
  database: Database
  clock: Clock
  randomBytes: (count: number) => Uint8Array
  checkScopes: CheckScopes
  /** Runs a write; a failure is logged and costs at most a time of last use. */
  writeBehind: (write: () => void) => void
}): Tokens => {
  const { database, clock, randomBytes, checkScopes, writeBehind } = ports
  const tokens = new Map<string, Stored>(
    z
      .array(Row)
      .parse(database.prepare('SELECT * FROM tokens ORDER BY createdAt, id').all())
      .map(token => [token.hash, token]),
  )
  const insert = database.prepare(`
    INSERT INTO tokens (id, hash, name, role, scopes, permissions, createdBy, createdAt, expiresAt)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
  `)
  const update = database.prepare('UPDATE tokens SET lastUsedAt = ? WHERE id = ?')
  const remove = database.prepare('DELETE FROM tokens WHERE id = ?')
  const give = database.prepare('UPDATE tokens SET createdBy = ? WHERE createdBy = ?')
  const used = new Set<Stored>()

  return {
    list: () => [...tokens.values()].map(shown),
    create: ({ name, role, scopes = [], permissions = null, expiresAt = null }, by) => {
      const misfit = checkScopes(role, scopes)
      if (misfit) return misfit
      if (tokens.size >= tokenLimit) return { refused: 'too-busy', detail: `at most ${tokenLimit} tokens` }
      const now = clock.now()
      const id = UserId.parse(tokenIdPrefix + Buffer.from(randomBytes(8)).toString('hex'))
      const secret = `anl_${newSecret(randomBytes)}`
      const hash = hashOf(secret)
      const json = [JSON.stringify(scopes), JSON.stringify(permissions)] as const
      insert.run(id, hash, name, role, ...json, by, now, expiresAt)
      const token = {
        id,
        hash,
        name,
        role,
        scopes: [...scopes],
        permissions: permissions && [...permissions],
        createdBy: by,
        createdAt: now,
        expiresAt,
        lastUsedAt: null,
      }
      tokens.set(hash, token)
      return { token: shown(token), secret }
    },
    revoke: id => {
      const token = [...tokens.values()].find(one => one.id === id)
      if (!token) return false
      remove.run(id)
      return tokens.delete(token.hash)
    },
    handOn: (from, to) => {
      give.run(to, from)
      for (const token of tokens.values()) if (token.createdBy === from) token.createdBy = to
    },
    namesOf: username => {
      const names = new Set([username])
      for (let known = 0; known < names.size; ) {
        known = names.size
        for (const { id, createdBy } of tokens.values()) if (names.has(createdBy)) names.add(id)
      }
      return names
    },
    dropMadeBy: makers => {
      const theirs = [...tokens.values()].filter(({ createdBy }) => makers.has(createdBy))
      for (const { id } of theirs) remove.run(id)
      return () => {
        for (const { hash } of theirs) tokens.delete(hash)
        return theirs.length
      }
    },
    use: secret => {
      const token = tokens.get(hashOf(secret))
      const now = clock.now()
      if (!token || (token.expiresAt !== null && now >= token.expiresAt)) return undefined
      token.lastUsedAt = now
      used.add(token)
      return shown(token)
    },
    tidy: () => {
      if (used.size === 0) return
      writeBehind(() => {
        for (const { id, lastUsedAt } of used) update.run(lastUsedAt, id)
      })
      used.clear()
    },
  }
}
