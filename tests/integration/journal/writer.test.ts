import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createReader } from '../../../gateway/journal/sqlite/reader.ts'
import { journalFileName, migrate } from '../../../gateway/journal/sqlite/schema.ts'
import { createWriter, type WriteCommand } from '../../../gateway/journal/sqlite/writer.ts'
import { type Database, openDatabase } from '../../../gateway/kit/sqlite.ts'
import { message, raise } from '../../support/alarm-samples.ts'
import { withTemporaryDirectory } from '../../support/temporary-directory.ts'

const withDatabase = (work: (database: Database, path: string) => void) =>
  withTemporaryDirectory(async directory => {
    const path = join(directory, journalFileName)
    const database = openDatabase(path, { durability: 'full' })
    migrate(database)
    work(database, path)
    database.close()
  })

const append = (id: string): WriteCommand => ({ append: raise(id) })
/** SQLite: 2 is FULL, an fsync for every commit; 1 is NORMAL, none. */
const synchronous = (database: Database) => database.prepare('PRAGMA synchronous').get()?.['synchronous']

describe('a group of writes', () => {
  it('is one transaction: nothing of it is seen before all of it', () =>
    withDatabase((database, path) => {
      const writer = createWriter(database)
      const other = openDatabase(path, { readOnly: true, durability: 'full' })
      const reader = createReader(other)
      const seen: number[] = []
      // Called by SQLite in the middle of the group.
      database.function('look', () => seen.push(reader.head().seq))
      database.exec('CREATE TEMP TRIGGER looking AFTER INSERT ON main.events BEGIN SELECT look(); END')
      writer.apply([append('a'), append('b'), append('c')])
      expect(seen).toEqual([0, 0, 0, 0, 0, 0])
      expect(reader.head().seq).toBe(6)
      other.close()
    }))

  it('loses only the command that cannot be carried out', () =>
    withDatabase(database => {
      const writer = createWriter(database)
      database.exec(`CREATE TRIGGER trap AFTER INSERT ON deliveries WHEN NEW.alarm_id = 'bad'
                     BEGIN SELECT RAISE(ABORT, 'trapped'); END`)
      const results = writer.apply([append('a'), append('bad'), { keep: message('btn-1', '1') }, append('b')])
      expect(results).toMatchObject([
        { ok: true, firstSeq: 1 },
        { ok: false, why: 'bug', detail: 'trapped' },
        { ok: true, duplicate: false },
        { ok: true, firstSeq: 3 },
      ])
      const reader = createReader(database)
      expect(reader.entriesAfter(0, 10).map(entry => entry.alarm)).toEqual(['a', 'a', 'b', 'b'])
      expect(reader.head().seq).toBe(4)
      expect(writer.health()).toEqual({ writable: true })
    }))

  it('is fsynced, unless it holds outcomes of deliveries only', () =>
    withDatabase(database => {
      const writer = createWriter(database)
      const settle: WriteCommand = { settle: [{ id: 'x', state: 'delivered', attempts: 1 }] }
      const keep: WriteCommand = { keep: message('btn-1', '1') }
      const groups: readonly (readonly WriteCommand[])[] = [
        [append('a')],
        [settle, settle],
        [settle, append('b')],
        [settle],
        [keep],
        [settle],
        [{ probe: true }],
      ]
      const levels = groups.map(group => {
        writer.apply(group)
        return synchronous(database)
      })
      expect(levels).toEqual([2, 1, 2, 1, 2, 1, 2])
    }))

  it('is refused whole while somebody else holds the file, and works again after', () =>
    withDatabase((database, path) => {
      const writer = createWriter(database)
      database.exec('PRAGMA busy_timeout = 0')
      const other = openDatabase(path, { durability: 'full' })
      other.exec('BEGIN IMMEDIATE')
      const refused = { ok: false, why: 'unavailable', detail: 'database is locked' }
      expect(writer.apply([append('a'), append('b')])).toEqual([refused, refused])
      expect(writer.health()).toEqual({ writable: false, detail: 'database is locked' })
      other.exec('COMMIT')
      expect(writer.apply([append('a')])).toMatchObject([{ ok: true, firstSeq: 1 }])
      expect(writer.health()).toEqual({ writable: true })
      other.close()
    }))

  it('that had nothing to write does not prove that the disk can be written', () =>
    withDatabase((database, path) => {
      const writer = createWriter(database)
      database.exec('PRAGMA busy_timeout = 0')
      const other = openDatabase(path, { durability: 'full' })
      other.exec('BEGIN IMMEDIATE')
      writer.apply([append('a')])
      other.exec('COMMIT')
      writer.apply([{ settle: [{ id: 'nobody/1/webhook', state: 'delivered', attempts: 1 }] }])
      expect(writer.health().writable).toBe(false)
      writer.apply([{ probe: true }])
      expect(writer.health().writable).toBe(true)
      other.close()
    }))
})
