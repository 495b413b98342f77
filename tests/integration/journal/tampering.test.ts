import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openSqliteJournal } from '../../../gateway/journal/sqlite/adapter.ts'
import { journalFileName, migrate } from '../../../gateway/journal/sqlite/schema.ts'
import { createWriter } from '../../../gateway/journal/sqlite/writer.ts'
import { verifyJournal } from '../../../gateway/journal/verify.ts'
import { openDatabase } from '../../../gateway/kit/sqlite.ts'
import { AreaId } from '../../../gateway/model/ids.ts'
import type { TrailEntry } from '../../../gateway/model/trail.ts'
import {
  acknowledged,
  closed,
  follow,
  followedUp,
  operator,
  raise,
  resolved,
} from '../../support/alarm-samples.ts'
import { writeBigJournal } from '../../support/big-journal.ts'
import { withTemporaryDirectory } from '../../support/temporary-directory.ts'

const looked = (reason: string): TrailEntry => ({
  at: 1_000,
  actor: operator,
  address: '10.0.0.7',
  action: 'POST /api/residents/:id/reveal',
  subject: 'residents/r-1',
  reason,
  outcome: 'done',
  facts: { fields: 'phone' },
  areas: [AreaId.parse('tiedong')],
})

/** Four entries of the trail beside nine of events: 1 and 2 raise a, 3 and 4 raise b, 5 to 8 end a, 9 is the acknowledgement of b. `sql` comes after them. */
const writeJournal = (directory: string, sql: string): void => {
  const database = openDatabase(join(directory, journalFileName), { durability: 'full' })
  migrate(database)
  const [a, b] = [raise('a'), raise('b')]
  const lifeOfA = follow(a.alarm, acknowledged, resolved, followedUp, closed)
  const writer = createWriter(database)
  writer.apply([a, b, lifeOfA, follow(b.alarm, acknowledged)].map(append => ({ append })))
  writer.apply(['one', 'two', 'three', 'four'].map(reason => ({ trail: looked(reason) })))
  database.exec(sql)
  database.close()
}

const verifyAfter = (sql: string) =>
  withTemporaryDirectory(async directory => {
    writeJournal(directory, sql)
    return verifyJournal(directory, () => undefined)
  })

describe('verify', () => {
  it('finds nothing wrong with what was only appended to', async () => {
    expect(await verifyAfter('')).toMatchObject({
      ok: true,
      entries: 9,
      head: { seq: 9 },
      trail: { entries: 4, head: { seq: 4 } },
    })
  })

  it('finds the same from inside the gateway', () =>
    withTemporaryDirectory(async directory => {
      writeJournal(directory, `UPDATE events SET data = '{}' WHERE seq = 5`)
      const journal = await openSqliteJournal({ directory })
      expect(await journal.verify()).toEqual(await verifyJournal(directory, () => undefined))
      expect(await journal.verify()).toMatchObject({ ok: false, brokenAt: 5 })
      await journal.close()
    }))

  it('finds that the head that is kept apart is gone; such a journal is not opened', () =>
    withTemporaryDirectory(async directory => {
      writeJournal(directory, 'DELETE FROM meta')
      expect(await verifyJournal(directory, () => undefined)).toMatchObject({ ok: false, brokenAt: 1 })
      await expect(openSqliteJournal({ directory })).rejects.toThrow('head')
    }))

  it.each([
    ['alarm_id', `'c'`],
    ['version', '99'],
    ['recorded_at', 'recorded_at + 1'],
    ['recorded_at', `'yesterday'`],
    ['actor', `replace(actor, 'op-1', 'op-2')`],
    ['type', `'noted'`],
    ['data', `replace(data, '"epoch":1', '"epoch":2')`],
    ['data', `data || ' '`],
    ['data', `CAST(data AS BLOB)`],
    ['hash', `replace(hash, substr(hash, 1, 1), 'x')`],
    ['hash', `upper(hash)`],
  ])('finds that %s of an entry was changed to %s', async (column, value) => {
    expect(await verifyAfter(`UPDATE events SET ${column} = ${value} WHERE seq = 5`)).toMatchObject({
      ok: false,
      brokenAt: 5,
    })
  })

  it.each([
    ['an entry in the middle was cut out', 'DELETE FROM events WHERE seq = 4', 4],
    ['the first entry was cut off', 'DELETE FROM events WHERE seq = 1', 1],
    ['the last entry was cut off', 'DELETE FROM events WHERE seq = 9', 9],
    ['all entries were cut off', 'DELETE FROM events', 1],
    ['an entry was moved', 'UPDATE events SET seq = 10 WHERE seq = 9', 10],
    [
      'two entries were exchanged',
      'UPDATE events SET seq = -seq WHERE seq IN (3, 5); UPDATE events SET seq = 8 + seq WHERE seq < 0',
      3,
    ],
    [
      'an entry was added by somebody else',
      `INSERT INTO events SELECT 10, 'c', 1, recorded_at, actor, type, data, hash FROM events WHERE seq = 9`,
      10,
    ],
    ['the head that is kept apart was changed', `UPDATE meta SET head_hash = 'x'`, 9],
    ['the head that is kept apart was set back', 'UPDATE meta SET head_seq = 8', 9],
    ['an alarm was set back', `UPDATE alarms SET version = 2 WHERE id = 'a'`, 8],
    ['an alarm was removed', `DELETE FROM alarms WHERE id = 'b'`, 9],
    [
      'an alarm was made up',
      `INSERT INTO alarms SELECT 'c', version, 'c', state, open, kind, rank, area, points, received_at, data, home, resident
       FROM alarms WHERE id = 'b'`,
      9,
    ],
  ])('finds that %s', async (_, sql, brokenAt) => {
    expect(await verifyAfter(sql)).toMatchObject({
      ok: false,
      chain: 'events',
      brokenAt,
      detail: expect.any(String),
    })
  })

  it.each([
    ['who looked was changed', `UPDATE trail SET actor = replace(actor, 'op-1', 'op-2') WHERE seq = 3`, 3],
    ['from where was removed', 'UPDATE trail SET address = NULL WHERE seq = 3', 3],
    ['the reason was changed', `UPDATE trail SET reason = 'none' WHERE seq = 3`, 3],
    ['the facts were changed', `UPDATE trail SET facts = '{}' WHERE seq = 3`, 3],
    ['the areas were changed', `UPDATE trail SET areas = '[]' WHERE seq = 3`, 3],
    ['the time became text', `UPDATE trail SET at = 'now' WHERE seq = 3`, 3],
    ['a look was cut out', 'DELETE FROM trail WHERE seq = 2', 2],
    ['the last look was cut off', 'DELETE FROM trail WHERE seq = 4', 4],
    [
      'a look was made up',
      `INSERT INTO trail SELECT 5, at, actor, address, action, subject, reason, outcome, facts,
       areas, hash FROM trail WHERE seq = 4`,
      5,
    ],
    ['its head was set back', 'UPDATE meta SET trail_seq = 3', 4],
    ['its head was changed', `UPDATE meta SET trail_hash = 'x'`, 4],
  ])('finds in the trail that %s', async (_, sql, brokenAt) => {
    expect(await verifyAfter(sql)).toMatchObject({ ok: false, chain: 'trail', brokenAt })
  })

  it('does not judge a file of another version', async () => {
    await expect(verifyAfter('PRAGMA user_version = 2')).rejects.toThrow('version 2')
  })

  it('finds that the last entry was cut off also when the head was set back with it, by the alarm', async () => {
    const verification = await verifyAfter(
      `DELETE FROM events WHERE seq = 9;
       UPDATE meta SET head_seq = 8, head_hash = (SELECT hash FROM events WHERE seq = 8)`,
    )
    expect(verification).toMatchObject({ ok: false, brokenAt: 4 })
  })

  it('tells how far it has come, and works beside a gateway that writes', () =>
    withTemporaryDirectory(async directory => {
      await writeBigJournal(directory, 20_000)
      const journal = await openSqliteJournal({ directory })
      const entries = journal.head().seq
      const progress: number[] = []
      const appends: Promise<unknown>[] = []
      const verification = await verifyJournal(directory, ({ checked }) => {
        progress.push(checked)
        appends.push(journal.append(raise(`new-${progress.length}`)))
      })
      expect(verification).toMatchObject({ ok: true, entries })
      expect(progress).toEqual(progress.toSorted((a, b) => a - b))
      expect(new Set(progress).size).toBeGreaterThan(5)
      await Promise.all(appends)
      expect(await journal.verify()).toMatchObject({ ok: true, entries: entries + 2 * appends.length })
      await journal.close()
    }))

  it('rejects where there is no journal, and makes none', () =>
    withTemporaryDirectory(async directory => {
      await expect(verifyJournal(directory, () => undefined)).rejects.toThrow('unable to open')
    }))
})
