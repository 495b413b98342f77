import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openSqliteJournal } from '../../../gateway/journal/sqlite/adapter.ts'
import { journalFileName, migrate } from '../../../gateway/journal/sqlite/schema.ts'
import { trailStatement } from '../../../gateway/journal/sqlite/trail-reader.ts'
import { createWriter } from '../../../gateway/journal/sqlite/writer.ts'
import { openDatabase } from '../../../gateway/kit/sqlite.ts'
import { UserId } from '../../../gateway/model/ids.ts'
import type { TrailEntry, TrailQuery } from '../../../gateway/model/trail.ts'
import { operator, raise } from '../../support/alarm-samples.ts'
import { withTemporaryDirectory } from '../../support/temporary-directory.ts'

const looked = (at: number): TrailEntry => ({
  at,
  actor: operator,
  action: 'POST /api/residents/:id/reveal',
  subject: `residents/r-${at}`,
  reason: 'x'.repeat(500),
  outcome: 'done',
})

describe('the trail on disk', () => {
  it('is there when its journal is opened again, and goes on where it was', () =>
    withTemporaryDirectory(async directory => {
      const first = await openSqliteJournal({ directory })
      await first.trail.record(looked(1))
      const head = first.trail.head()
      await first.close()
      const second = await openSqliteJournal({ directory })
      expect(second.trail.head()).toEqual(head)
      await second.trail.record(looked(2))
      expect((await second.trail.search({ limit: 10 })).map(({ seq }) => seq)).toEqual([2, 1])
      expect(await second.verify()).toMatchObject({ ok: true, trail: { entries: 2 } })
      await second.close()
    }))

  it('begins empty in a journal that was written before there was one', () =>
    withTemporaryDirectory(async directory => {
      const path = join(directory, journalFileName)
      const database = openDatabase(path, { durability: 'full' })
      migrate(database)
      createWriter(database).apply([{ append: raise('a') }])
      // As version 2 left it.
      database.exec(`DROP INDEX alarms_home; DROP INDEX alarms_resident; ALTER TABLE alarms DROP COLUMN home;
        ALTER TABLE alarms DROP COLUMN resident; DROP TABLE trail; ALTER TABLE meta DROP COLUMN trail_seq;
        ALTER TABLE meta DROP COLUMN trail_hash; PRAGMA user_version = 2`)
      database.close()
      const journal = await openSqliteJournal({ directory })
      expect(await journal.trail.record(looked(1))).toBe(true)
      expect(await journal.verify()).toMatchObject({ ok: true, entries: 2, trail: { entries: 1 } })
      await journal.close()
    }))

  it('takes 1,000 that wait and no more, and calls that come after them go first', () =>
    withTemporaryDirectory(async directory => {
      const journal = await openSqliteJournal({ directory })
      const done: string[] = []
      const looks = Array.from({ length: 1_100 }, async (_, n) => {
        const taken = await journal.trail.record(looked(n))
        if (taken) done.push('look')
        return taken
      })
      const calls = Array.from({ length: 100 }, async (_, n) => {
        const { ok } = await journal.append(raise(`a-${n}`))
        done.push('call')
        return ok
      })
      expect((await Promise.all(calls)).every(Boolean)).toBe(true)
      expect(done.filter(what => what === 'look').length).toBeLessThanOrEqual(64)
      const taken = await Promise.all(looks)
      expect(taken.slice(0, 1_000).every(Boolean)).toBe(true)
      expect(taken.slice(1_000).some(Boolean)).toBe(false)
      expect(await journal.trail.record(looked(0))).toBe(true)
      expect(await journal.verify()).toMatchObject({ ok: true, entries: 200, trail: { entries: 1_001 } })
      await journal.close()
    }))

  it('finds who and what in old entries by their indexes', () =>
    withTemporaryDirectory(async directory => {
      const database = openDatabase(join(directory, journalFileName), { durability: 'normal' })
      migrate(database)
      const plan = (query: Partial<TrailQuery>) => {
        const { sql, values } = trailStatement({ limit: 50, ...query })
        const steps = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values)
        return steps.map(row => String(row['detail'])).join('; ')
      }
      expect(plan({ actor: UserId.parse('li') })).toContain('trail_actor')
      expect(plan({ subject: 'residents/r-1' })).toContain('trail_subject')
      expect(plan({ from: 1, to: 2 })).toContain('trail_at')
      // The newest page of all is the end of the table.
      expect(plan({})).toBe('SCAN trail')
      database.close()
    }))
})
