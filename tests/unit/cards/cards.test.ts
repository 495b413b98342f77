import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openCards } from '../../../gateway/cards/cards.ts'
import { openDatabase } from '../../../gateway/kit/sqlite.ts'
import type { NewCardLink } from '../../../gateway/model/card.ts'
import { AlarmId, ResidentId } from '../../../gateway/model/ids.ts'
import { withTemporaryDirectory } from '../../support/temporary-directory.ts'
import { createVirtualClock } from '../../support/virtual-clock.ts'

const start = Date.parse('2026-11-22T12:00:00Z')
const hourMs = 3_600_000
const dayMs = 24 * hourMs
const li = ResidentId.parse('r-1')
const wanted: NewCardLink = {
  resident: li,
  alarm: AlarmId.parse('alarm-1'),
  reason: '120 急救',
  by: { id: 'wang', name: '王' },
  hours: 2,
}
const from = { address: '10.0.0.1', userAgent: 'phone' }

const open = (directory = ':memory:', clock = createVirtualClock(start)) => {
  const cards = openCards({ directory, clock, randomBytes, log: { error() {} } })
  const share = (change: Partial<NewCardLink> = {}) => {
    const made = cards.create({ ...wanted, ...change })
    if ('refused' in made) throw new Error(made.refused)
    return made
  }
  return { cards, clock, share }
}

describe('a link', () => {
  test('opens by its secret alone, until it expires', () => {
    const { cards, clock, share } = open()
    const { link, secret } = share()
    expect(link).toEqual({
      ...{ id: link.id, resident: li, alarm: 'alarm-1', reason: '120 急救', by: wanted.by },
      ...{ createdAt: start, expiresAt: start + 2 * hourMs },
    })
    expect(secret).toMatch(/^[\w-]{32}$/)
    expect(cards.find(secret)).toEqual(link)
    for (const wrong of [link.id, '', `${secret}x`, secret.toLowerCase()])
      expect(cards.find(wrong)).toBeUndefined()
    clock.advance(2 * hourMs - 1)
    expect(cards.find(secret)).toEqual(link)
    clock.advance(1)
    expect(cards.find(secret)).toBeUndefined()
  })

  test('is ended once, at once, and no other with it', () => {
    const { cards, clock, share } = open()
    const [first, second] = [share(), share()]
    expect(cards.end(first.link.id)).toBe(true)
    expect(cards.end(first.link.id)).toBe(false)
    expect(cards.end('nothing')).toBe(false)
    expect(cards.find(first.secret)).toBeUndefined()
    expect(cards.find(second.secret)).toEqual(second.link)
    expect(cards.get(first.link.id)).toEqual({ ...first.link, endedAt: start })
    clock.advance(2 * hourMs)
    expect(cards.end(second.link.id)).toBe(false)
  })

  test('says who opened it, in order, up to a thousand times', () => {
    const { cards, clock, share } = open()
    const { link } = share()
    expect(cards.opened(link.id, from)).toBe(true)
    clock.advance(1_000)
    expect(cards.opened(link.id, { address: '10.0.0.2', userAgent: 'x'.repeat(1_000) })).toBe(true)
    expect(cards.list(li)).toEqual([
      {
        ...link,
        openings: [
          { ...from, at: start },
          { address: '10.0.0.2', userAgent: 'x'.repeat(300), at: start + 1_000 },
        ],
      },
    ])
    for (let count = 2; count < 1_000; count += 1) cards.opened(link.id, from)
    expect(cards.opened(link.id, from)).toBe(false)
    expect(cards.list(li)[0]?.openings).toHaveLength(1_000)
  })

  test('is one of twenty at most that are good for one resident', () => {
    const { cards, share } = open()
    const made = Array.from({ length: 20 }, () => share())
    expect(cards.create(wanted)).toMatchObject({ refused: 'too-busy' })
    share({ resident: ResidentId.parse('r-2') })
    cards.end(made[0]?.link.id ?? '')
    share()
  })

  test('is listed, newest first, until thirty days after its end', async () => {
    const { cards, clock, share } = open()
    const first = share()
    cards.opened(first.link.id, from)
    clock.advance(hourMs)
    const second = share({ hours: 72 })
    expect(cards.list(li).map(({ id }) => id)).toEqual([second.link.id, first.link.id])
    await clock.pass(30 * dayMs)
    expect(cards.list(li)).toHaveLength(2)
    await clock.pass(dayMs)
    expect(cards.list(li).map(({ id }) => id)).toEqual([second.link.id])
    await clock.pass(3 * dayMs)
    expect(cards.list(li)).toEqual([])
  })
})

describe('on disk', () => {
  test('links and openings outlive a restart, no secret is there, and what is old goes with all that was in it', () =>
    withTemporaryDirectory(async directory => {
      const clock = createVirtualClock(start)
      const first = open(directory, clock)
      const { link, secret } = first.share()
      first.cards.opened(link.id, from)
      const file = join(directory, 'cards.db')
      for (const path of [file, `${file}-wal`]) expect(readFileSync(path).includes(secret)).toBe(false)
      first.cards.close()
      const second = open(directory, clock)
      expect(second.cards.find(secret)).toEqual(link)
      expect(second.cards.list(li)).toMatchObject([{ openings: [from] }])
      second.cards.close()
      clock.advance(33 * dayMs)
      const third = open(directory, clock)
      expect(third.cards.list(li)).toEqual([])
      third.cards.close()
      const database = openDatabase(file, { readOnly: true, durability: 'full' })
      expect(database.prepare('SELECT count(*) AS count FROM opening').get()).toEqual({ count: 0 })
      database.close()
    }))

  test('a file of a later version is refused: it may have ended links that this one would open', () =>
    withTemporaryDirectory(async directory => {
      open(directory).cards.close()
      const database = openDatabase(join(directory, 'cards.db'), { durability: 'full' })
      database.exec('PRAGMA user_version = 2')
      database.close()
      expect(() => open(directory)).toThrow(/later version/)
    }))
})
