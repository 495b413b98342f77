/** Links by which people make their own account, once. Shown once, stored as hashes; open ones are kept in memory. */
import { z } from 'zod'
import type { Database } from '../kit/sqlite.ts'
import type { Access, Invitation } from '../model/access.ts'
import type { Clock } from '../model/clock.ts'
import { UserId } from '../model/ids.ts'
import { roles } from '../model/permissions.ts'
import { type CheckScopes, StoredScopes } from './scopes.ts'
import { hashOf, newSecret } from './secrets.ts'

const Row = z.object({
  id: z.string(),
  hash: z.string(),
  username: UserId,
  name: z.string(),
  role: z.enum(roles),
  scopes: StoredScopes,
  createdBy: UserId,
  createdAt: z.number(),
  expiresAt: z.number(),
})
type Stored = z.infer<typeof Row>

export type Invitations = Omit<Access['invitations'], 'accept'> & {
  /** The open one that this secret belongs to. */
  find(secret: string): Invitation | undefined
  /** What one has made is another's from now on: nothing must be left that is nobody's. */
  handOn(from: UserId, to: UserId): void
  /** Of these makers. Written at once; forgotten when what it answers is called, which says how many were open. */
  dropMadeBy(makers: ReadonlySet<UserId>): () => number
  /** Drops what has expired or was accepted. */
  tidy(): void
}

/** Open ones. At the limit somebody withdraws some, or waits for their end. */
const invitationLimit = 1_000
const hourMs = 3_600_000

const shown = ({ hash: _, ...invitation }: Stored): Invitation => invitation

export const createInvitations = (ports: {
  database: Database
  clock: Clock
  randomBytes: (count: number) => Uint8Array
  checkScopes: CheckScopes
  isUser: (username: UserId) => boolean
}): Invitations => {
  const { database, clock, randomBytes, checkScopes, isUser } = ports
  const invitations = new Map<string, Stored>(
    z
      .array(Row)
      .parse(database.prepare('SELECT * FROM invitations ORDER BY createdAt, id').all())
      .map(invitation => [invitation.id, invitation]),
  )
  const insert = database.prepare(`
    INSERT OR REPLACE INTO invitations (id, hash, username, name, role, scopes, createdBy, createdAt, expiresAt)
    VALUES (:id, :hash, :username, :name, :role, :scopes, :createdBy, :createdAt, :expiresAt)
  `)
  const remove = database.prepare('DELETE FROM invitations WHERE id = ?')
  const give = database.prepare('UPDATE invitations SET createdBy = ? WHERE createdBy = ?')

  /** Once there is a user of that name, nobody else can become it. */
  const isOpen = ({ username, expiresAt }: Stored): boolean => clock.now() < expiresAt && !isUser(username)
  const open = (): Stored[] => [...invitations.values()].filter(isOpen)
  const withdraw = (id: string): boolean => {
    remove.run(id)
    return invitations.delete(id)
  }

  return {
    list: () => open().map(shown),
    create: (wanted, by) => {
      const misfit = checkScopes(wanted.role, wanted.scopes)
      if (misfit) return misfit
      if (isUser(wanted.username)) return { refused: 'user-exists' }
      if (open().length >= invitationLimit) {
        return { refused: 'too-busy', detail: `at most ${invitationLimit} open invitations` }
      }
      const secret = newSecret(randomBytes)
      const { hours, ...who } = wanted
      const now = clock.now()
      const invitation: Stored = {
        ...who,
        scopes: [...who.scopes],
        id: Buffer.from(randomBytes(8)).toString('hex'),
        hash: hashOf(secret),
        createdBy: by,
        createdAt: now,
        expiresAt: now + hours * hourMs,
      }
      insert.run({ ...invitation, scopes: JSON.stringify(who.scopes) })
      const earlier = [...invitations.values()].find(one => one.username === who.username)
      if (earlier) invitations.delete(earlier.id)
      invitations.set(invitation.id, invitation)
      return { invitation: shown(invitation), secret }
    },
    withdraw,
    find: secret => {
      const hash = hashOf(secret)
      const found = open().find(one => one.hash === hash)
      return found && shown(found)
    },
    handOn: (from, to) => {
      give.run(to, from)
      for (const invitation of invitations.values())
        if (invitation.createdBy === from) invitation.createdBy = to
    },
    dropMadeBy: makers => {
      const theirs = open().filter(({ createdBy }) => makers.has(createdBy))
      for (const { id } of theirs) remove.run(id)
      return () => {
        for (const { id } of theirs) invitations.delete(id)
        return theirs.length
      }
    },
    tidy: () => {
      for (const invitation of invitations.values()) if (!isOpen(invitation)) withdraw(invitation.id)
    },
  }
}
