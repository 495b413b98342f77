/**
 * Takes: who shares whose emergency card, for how long and why; who opened it.
 * Gives: links whose secret is shown once, good until they expire or are ended, with each opening on disk.
 * Never: keeps a secret; knows what is on a card; keeps a link for longer than it is of use to whoever asks who looked.
 */
import { hash } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { makeSecret, type RandomBytes } from '../kit/secret-seal.ts'
import { type Database, openDatabase } from '../kit/sqlite.ts'
import type { CardLink, CardLinks, NewCardLink } from '../model/card.ts'
import type { Clock } from '../model/clock.ts'
import { AlarmId, type Instant, ResidentId } from '../model/ids.ts'
import { createTables } from './schema.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
/** After its end a link is still listed, with who looked; then it goes. */
const keptAfterEndMs = 30 * dayMs
/** Good ones of one resident. Further ones are refused until one ends: a card that is everywhere is nobody's. */
const openLinks = 20
/** Of one link. Then it opens no more: a crew looks some times, a program that wants the disk full does not stop. */
const openingsLimit = 1_000
/** Of what a browser says it is, as much as is kept. */
const longestUserAgent = 300
/** Shown of one resident, the newest. */
const listedLinks = 100

const Row = z
  .object({
    id: z.string(),
    resident: ResidentId,
    alarm: AlarmId.nullable(),
    reason: z.string(),
    byId: z.string(),
    byName: z.string(),
    createdAt: z.number(),
    expiresAt: z.number(),
    endedAt: z.number().nullable(),
  })
  .transform(
    ({ alarm, byId, byName, endedAt, ...link }): CardLink => ({
      ...link,
      by: { id: byId, name: byName },
      ...(alarm !== null && { alarm }),
      ...(endedAt !== null && { endedAt }),
    }),
  )

const OpeningRow = z.object({ at: z.number(), address: z.string(), userAgent: z.string() })
const Counted = z.object({ count: z.number() })

export type CardsOptions = {
  /** Where `cards.db` lies, or `:memory:`. */
  readonly directory: string
  readonly clock: Clock
  readonly randomBytes: RandomBytes
  readonly log: { error(facts: object, message: string): void }
}

const fileIn = (directory: string): string => {
  if (directory === ':memory:') return directory
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  return join(directory, 'cards.db')
}

/** Long and random, so a plain hash guards it; and whatever is asked for, it costs one hash and one look-up. */
const hashOf = (secret: string): string => hash('sha256', secret, 'hex')

const statementsOf = (database: Database) => ({
  insert: database.prepare(`
    INSERT INTO link (id, hash, resident, alarm, reason, byId, byName, createdAt, expiresAt)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`),
  byId: database.prepare('SELECT * FROM link WHERE id = ?'),
  byHash: database.prepare('SELECT * FROM link WHERE hash = ?'),
  ofResident: database.prepare(
    `SELECT * FROM link WHERE resident = ? ORDER BY createdAt DESC, id LIMIT ${listedLinks}`,
  ),
  countGood: database.prepare(
    'SELECT count(*) AS count FROM link WHERE resident = ? AND expiresAt > ? AND endedAt IS NULL',
  ),
  end: database.prepare('UPDATE link SET endedAt = ? WHERE id = ? AND expiresAt > ? AND endedAt IS NULL'),
  addOpening: database.prepare('INSERT INTO opening (link, at, address, userAgent) VALUES (?, ?, ?, ?)'),
  openings: database.prepare('SELECT at, address, userAgent FROM opening WHERE link = ? ORDER BY seq'),
  countOpenings: database.prepare('SELECT count(*) AS count FROM opening WHERE link = ?'),
  removeOld: database.prepare('DELETE FROM link WHERE expiresAt < ?'),
})

/** Once a day. What the disk refuses to let go of is tried again on the next. */
const dropOld = (remove: (before: Instant) => void, { clock, log }: CardsOptions): (() => void) => {
  let stop = (): void => undefined
  const daily = (): void => {
    stop = clock.after(dayMs, daily)
    try {
      remove(clock.now() - keptAfterEndMs)
    } catch (err) {
      log.error({ err }, 'old links to cards are still there')
    }
  }
  daily()
  return () => stop()
}

/** Throws when the file cannot be opened or is of a later version. */
export const openCards = (options: CardsOptions): CardLinks & { close(): void } => {
  const { directory, clock, randomBytes } = options
  const database = openDatabase(fileIn(directory), { durability: 'full' })
  createTables(database)
  const statements = statementsOf(database)
  const stopDropping = dropOld(before => statements.removeOld.run(before), options)

  const linkIn = (row: unknown): CardLink | undefined => (row === undefined ? undefined : Row.parse(row))
  const isGood = ({ expiresAt, endedAt }: CardLink): boolean =>
    clock.now() < expiresAt && endedAt === undefined
  const newLink = ({ hours, ...given }: NewCardLink): CardLink => {
    const now = clock.now()
    const id = randomBytes(8).toHex()
    return { ...given, id, createdAt: now, expiresAt: now + hours * hourMs }
  }

  return {
    create(given) {
      const { count } = Counted.parse(statements.countGood.get(given.resident, clock.now()))
      if (count >= openLinks) return { refused: 'too-busy', detail: `at most ${openLinks} links at one time` }
      const link = newLink(given)
      const { id, resident, alarm = null, reason, by, createdAt, expiresAt } = link
      const secret = makeSecret(randomBytes)
      statements.insert.run(id, hashOf(secret), resident, alarm, reason, by.id, by.name, createdAt, expiresAt)
      return { link, secret }
    },
    get: id => linkIn(statements.byId.get(id)),
    list: resident =>
      statements.ofResident.all(resident).map(row => {
        const link = Row.parse(row)
        return { ...link, openings: statements.openings.all(link.id).map(one => OpeningRow.parse(one)) }
      }),
    end(id) {
      const now = clock.now()
      return statements.end.run(now, id, now).changes === 1
    },
    find(secret) {
      const link = linkIn(statements.byHash.get(hashOf(secret)))
      return link && isGood(link) ? link : undefined
    },
    opened(id, { address, userAgent }) {
      const { count } = Counted.parse(statements.countOpenings.get(id))
      if (count >= openingsLimit) return false
      statements.addOpening.run(id, clock.now(), address, userAgent.slice(0, longestUserAgent))
      return true
    },
    close() {
      stopDropping()
      database.close()
    },
  }
}
