import { copyFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openSqliteJournal } from '../../../gateway/journal/sqlite/adapter.ts'
import { listStatement } from '../../../gateway/journal/sqlite/list-statement.ts'
import { readStatements } from '../../../gateway/journal/sqlite/reader.ts'
import { journalFileName, migrate } from '../../../gateway/journal/sqlite/schema.ts'
import { openDatabase } from '../../../gateway/kit/sqlite.ts'
import { HomeId, PointId, ResidentId } from '../../../gateway/model/ids.ts'
import type { AlarmQuery } from '../../../gateway/model/journal.ts'
import {
  acknowledged,
  closed,
  follow,
  followedUp,
  message,
  raise,
  resolved,
} from '../../support/alarm-samples.ts'
import { writeBigJournal } from '../../support/big-journal.ts'
import { withTemporaryDirectory } from '../../support/temporary-directory.ts'

describe('a journal that is opened again', () => {
  it('has everything that it had', () =>
    withTemporaryDirectory(async directory => {
      const first = await openSqliteJournal({ directory })
      const open = raise('a', { subject: 'sos/btn-1' })
      const done = raise('b')
      await first.append({ ...open, inbox: message('btn-1', '1') })
      await first.append(done)
      await first.append(follow(done.alarm, resolved, followedUp, closed))
      await first.keep(message('btn-1', '2', { type: 'hum', data: { a: 1 } }))
      await first.settle([{ id: open.deliveries[0]?.id ?? '', state: 'delivered', attempts: 1 }])
      const everything = async (journal: typeof first) => ({
        head: journal.head(),
        entries: await journal.entriesAfter(0, 100),
        unfinished: await journal.unfinished(),
        list: await journal.list({ order: 'received', limit: 10 }),
        open: await journal.findOpen('sos/btn-1'),
        deliveries: await journal.deliveriesOf(open.alarm.id),
        pending: await journal.pendingDeliveries(),
        inbox: await journal.inboxOf(message('btn-1', '2').device, 10),
        audit: await journal.audit(Number.MAX_SAFE_INTEGER),
      })
      const before = await everything(first)
      await first.close()

      const second = await openSqliteJournal({ directory })
      expect(before.entries).toHaveLength(7)
      expect(await everything(second)).toEqual(before)
      expect(await second.append({ ...raise('c'), inbox: message('btn-1', '1') })).toEqual({
        ok: false,
        why: 'duplicate',
        alarm: 'a',
      })
      expect(await second.append(follow(open.alarm, acknowledged))).toMatchObject({ entries: [{ seq: 8 }] })
      expect(await second.verify()).toMatchObject({ ok: true, entries: 8 })
      await second.close()
    }))

  it('is refused when a newer program wrote it, and left as it is', () =>
    withTemporaryDirectory(async directory => {
      const path = join(directory, journalFileName)
      const database = openDatabase(path, { durability: 'full' })
      migrate(database)
      database.exec('PRAGMA user_version = 99')
      database.close()
      await expect(openSqliteJournal({ directory })).rejects.toThrow('schema 99')
    }))

  it('is refused when it is no journal', () =>
    withTemporaryDirectory(async directory => {
      await copyFile(import.meta.filename, join(directory, journalFileName))
      await expect(openSqliteJournal({ directory })).rejects.toThrow('not a database')
    }))

  it('is refused when its place cannot be a directory', () =>
    withTemporaryDirectory(async directory => {
      await mkdir(join(directory, journalFileName))
      await expect(openSqliteJournal({ directory })).rejects.toThrow('unable to open')
    }))
})

describe('two writers of one journal', () => {
  it('share one chain, and one of them meets conflict', () =>
    withTemporaryDirectory(async directory => {
      const one = await openSqliteJournal({ directory })
      const other = await openSqliteJournal({ directory })
      const request = raise('a')
      expect(await one.append(request)).toMatchObject({ ok: true })
      expect(await other.append(raise('a'))).toEqual({ ok: false, why: 'conflict' })
      expect(await other.append(follow(request.alarm, acknowledged))).toMatchObject({ entries: [{ seq: 3 }] })
      expect(await one.append(follow(request.alarm, resolved))).toEqual({ ok: false, why: 'conflict' })
      const results = await Promise.all(
        Array.from({ length: 100 }, (_, n) => (n % 2 === 0 ? one : other).append(raise(`b-${n}`))),
      )
      expect(results.every(result => result.ok)).toBe(true)
      expect(await one.verify()).toMatchObject({ ok: true, entries: 203 })
      await Promise.all([one.close(), other.close()])
    }))
})

describe('a journal of 200,000 entries', () => {
  const entries = 200_000
  /** Everything that SQLite would walk from end to end: tables and indexes as large as the past. */
  const wholePast =
    /^SCAN (?!json_each|deadlines|meta|alarms USING INDEX alarms_unfinished|deliveries USING INDEX deliveries_pending)/

  it('opens without reading them, and answers from indexes', () =>
    withTemporaryDirectory(async directory => {
      await writeBigJournal(directory, entries)
      const journal = await openSqliteJournal({ directory })
      expect(journal.head().seq).toBeGreaterThanOrEqual(entries * 0.99)
      const unfinished = await journal.unfinished()
      expect(unfinished.length).toBeGreaterThan(10)
      expect(unfinished.every(alarm => alarm.state === 'offered')).toBe(true)
      const newest = await journal.list({ order: 'received', limit: 3 })
      expect(newest.items.map(alarm => alarm.receivedAt).toSorted((a, b) => b - a)).toEqual(
        newest.items.map(alarm => alarm.receivedAt),
      )
      await journal.close()

      const database = openDatabase(join(directory, journalFileName), { readOnly: true, durability: 'full' })
      const plan = (sql: string, values: readonly (string | number)[] = []) =>
        database
          .prepare(`EXPLAIN QUERY PLAN ${sql}`)
          .all(...values)
          .map(row => String(row['detail']))
      const queries: readonly Partial<AlarmQuery>[] = [
        { order: 'urgency', states: ['suspected', 'offered', 'acknowledged'] },
        { order: 'received', point: PointId.parse('sp-1') },
        { order: 'received', home: HomeId.parse('h-1') },
        { order: 'received', resident: ResidentId.parse('r-1') },
        { order: 'received', within: { points: [], homes: [HomeId.parse('h-1'), HomeId.parse('h-2')] } },
      ]
      const lists = queries.map(query => listStatement({ order: 'received', limit: 50, ...query }))
      const plans = [
        ...Object.values(readStatements).map(sql => plan(sql)),
        ...lists.map(({ sql, values }) => plan(sql, values)),
      ].flat()
      expect(plans.filter(step => wholePast.test(step))).toEqual([])
      // The pattern would find one.
      expect(plan('SELECT count(*) FROM events').filter(step => wholePast.test(step))).toHaveLength(1)
      database.close()
    }))
})
