import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type BackupJob, makeBackup } from '../../../gateway/backup/backup.ts'
import { readManifest } from '../../../gateway/backup/manifest.ts'
import { type RestoreJob, restoreBackup } from '../../../gateway/backup/restore.ts'
import { headsIn } from '../../../gateway/journal/heads.ts'
import { openSqliteJournal } from '../../../gateway/journal/sqlite/adapter.ts'
import { verifyJournal } from '../../../gateway/journal/verify.ts'
import { openDatabase } from '../../../gateway/kit/sqlite.ts'
import { operator, raise } from '../../support/alarm-samples.ts'
import { writeBigJournal } from '../../support/big-journal.ts'
import { mayMount, withSmallDisk } from '../../support/small-disk.ts'
import { withTemporaryDirectory } from '../../support/temporary-directory.ts'

const keyIds = ['k0000001', 'k0000002']
const ports = {
  version: '1.2.3',
  heads: headsIn,
  keyIds: () => keyIds,
  now: () => Date.parse('2026-11-22T04:10:00Z'),
}
const verify = (directory: string) => verifyJournal(directory, () => undefined)

const back = (job: Partial<BackupJob> & Pick<BackupJob, 'dataDir' | 'target'>) =>
  makeBackup({ telemetry: false, ...job }, ports)
const restore = (job: Partial<RestoreJob> & Pick<RestoreJob, 'from' | 'dataDir'>) =>
  restoreBackup({ mayHold: [], keyIds, verify, ...job })

/** A database with one text in it. */
const writeTable = async (path: string, text: string): Promise<void> => {
  await mkdir(dirname(path), { recursive: true })
  const database = openDatabase(path, { durability: 'full' })
  database.exec('CREATE TABLE kept (text TEXT)')
  database.prepare('INSERT INTO kept VALUES (?)').run(text)
  database.close()
}
const readTable = (path: string): unknown => {
  const database = openDatabase(path, { readOnly: true, durability: 'full' })
  const row = database.prepare('SELECT text FROM kept').get()
  database.close()
  return row?.['text']
}

/** A journal of 2 events and a look, and what else lies in a data directory. */
const writeData = async (dataDir: string): Promise<void> => {
  const journal = await openSqliteJournal({ directory: dataDir })
  await journal.append(raise('a'))
  await journal.trail.record({ at: 1, actor: operator, action: 'POST /api/tokens', outcome: 'done' })
  await journal.close()
  for (const path of ['registry', 'access', 'telemetry/states', 'telemetry/cursor', 'telemetry/2026-11-21'])
    await writeTable(join(dataDir, `${path}.db`), path)
  await writeFile(join(dataDir, 'keys.json'), 'never to be copied')
  await writeTable(join(dataDir, 'backups/old/registry.db'), 'of another backup')
}

/** With a data directory and a place for a backup of it. */
const withData = (work: (dataDir: string, target: string, directory: string) => Promise<void>) =>
  withTemporaryDirectory(async directory => {
    const dataDir = join(directory, 'data')
    await writeData(dataDir)
    await work(dataDir, join(directory, 'made', 'one'), directory)
  })

const namesIn = async (directory: string) =>
  (await readdir(directory, { recursive: true, withFileTypes: true }))
    .filter(found => found.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(directory.length + 1))
    .sort()

describe('a backup', () => {
  it('holds each database, the journal first, and says what must be in it; no key, no log, no measurement', () =>
    withData(async (dataDir, target) => {
      const manifest = await back({ dataDir, target })
      expect(manifest).toEqual(await readManifest(target))
      const sha256 = expect.stringMatching(/^[0-9a-f]{64}$/)
      const bytes = expect.any(Number)
      expect(manifest).toEqual({
        format: 1,
        version: '1.2.3',
        startedAt: '2026-11-22T04:10:00.000Z',
        finishedAt: '2026-11-22T04:10:00.000Z',
        telemetry: false,
        files: ['journal', 'access', 'registry', 'telemetry/states'].map(path => ({
          path: `${path}.db`,
          bytes,
          sha256,
        })),
        heads: headsIn(dataDir),
        keys: keyIds,
      })
      expect(await namesIn(target)).toEqual([
        ...['access.db', 'journal.db', 'manifest.json', 'registry.db', 'telemetry/states.db'],
      ])
      expect(readTable(join(target, 'telemetry/states.db'))).toBe('telemetry/states')
      expect(await namesIn(dirname(target))).not.toContainEqual(expect.stringContaining('partial'))
    }))

  it('holds measurements too where somebody asks for them', () =>
    withData(async (dataDir, target) => {
      await back({ dataDir, target, telemetry: true })
      expect(await namesIn(join(target, 'telemetry'))).toEqual(['2026-11-21.db', 'cursor.db', 'states.db'])
    }))

  it('is one moment of a journal that is being written, however much is written meanwhile', () =>
    withTemporaryDirectory(async directory => {
      const dataDir = join(directory, 'data')
      await writeBigJournal(dataDir, 30_000)
      const journal = await openSqliteJournal({ directory: dataDir })
      let calls = 0
      let steps = 0
      let over = false
      const load = async (worker: number) => {
        while (!over) {
          calls += 1
          expect(await journal.append(raise(`new-${worker}-${calls}`))).toMatchObject({ ok: true })
        }
      }
      const loads = [1, 2, 3, 4].map(load)
      await journal.append(raise('before'))
      const before = journal.head().seq
      const target = join(directory, 'backup')
      const manifest = await back({ dataDir, target, onProgress: () => (steps += 1) })
      over = true
      await Promise.all(loads)
      if ('refused' in manifest) throw new Error(manifest.detail)
      expect(steps).toBeGreaterThan(5)
      expect(calls).toBeGreaterThan(10)
      const { seq } = manifest.heads.events
      expect(seq).toBeGreaterThanOrEqual(before)
      expect(seq).toBeLessThan(journal.head().seq)
      expect(await verify(target)).toMatchObject({ ok: true, entries: seq, head: manifest.heads.events })
      await journal.close()
    }))

  it('takes the place of no other', () =>
    withData(async (dataDir, target) => {
      await back({ dataDir, target })
      expect(await back({ dataDir, target })).toMatchObject({
        refused: 'backup-failed',
        detail: expect.stringContaining('already'),
      })
      expect(await readManifest(target)).toMatchObject({ format: 1 })
    }))

  it('begins anew where one was broken off', () =>
    withData(async (dataDir, target) => {
      await mkdir(`${target}.partial`, { recursive: true })
      await writeFile(join(`${target}.partial`, 'journal.db'), 'half')
      expect(await back({ dataDir, target })).toMatchObject({ format: 1 })
      expect(existsSync(`${target}.partial`)).toBe(false)
    }))

  it('leaves nothing behind when something cannot be copied', () =>
    withData(async (dataDir, target) => {
      await writeFile(join(dataDir, 'zz.db'), 'no database at all')
      expect(await back({ dataDir, target })).toMatchObject({
        refused: 'backup-failed',
        detail: expect.stringContaining('not a database'),
      })
      expect(await namesIn(dirname(target))).toEqual([])
    }))

  it('is not begun when it was given up before', () =>
    withData(async (dataDir, target) => {
      const signal = AbortSignal.abort()
      expect(await back({ dataDir, target, signal })).toEqual({
        refused: 'backup-failed',
        detail: 'it was given up',
      })
      expect(await namesIn(dirname(target))).toEqual([])
    }))

  it('leaves nothing behind when it is given up', () =>
    withTemporaryDirectory(async directory => {
      const dataDir = join(directory, 'data')
      await writeBigJournal(dataDir, 30_000)
      const target = join(directory, 'made', 'one')
      const control = new AbortController()
      const making = back({ dataDir, target, signal: control.signal, onProgress: () => control.abort() })
      expect(await making).toEqual({ refused: 'backup-failed', detail: 'it was given up' })
      expect(await readdir(dirname(target))).toEqual([])
    }))
})

describe.skipIf(!mayMount())('on a disk that is nearly full (needs root, to mount a small one)', () => {
  it('a backup is given up while calls still have room, and nothing of it is left', () =>
    withTemporaryDirectory(parent =>
      withSmallDisk(parent, 72, async disk => {
        const dataDir = join(disk.directory, 'data')
        await writeBigJournal(dataDir, 5_000)
        await disk.fill(64 * 1024 * 1024)
        const journal = await openSqliteJournal({ directory: dataDir })
        const target = join(disk.directory, 'backup')
        expect(await back({ dataDir, target })).toMatchObject({
          refused: 'backup-failed',
          detail: expect.stringContaining('bytes left'),
        })
        expect(await readdir(disk.directory)).toEqual(['ballast', 'data'])
        expect(await journal.append(raise('after'))).toMatchObject({ ok: true })
        await journal.close()
      }),
    ))
})

describe('a restore', () => {
  it('brings back each file as it was, for a gateway to start on', () =>
    withData(async (dataDir, from, directory) => {
      await back({ dataDir, target: from, telemetry: true })
      const other = join(directory, 'other')
      expect(await restore({ from, dataDir: other })).toEqual({
        ok: true,
        files: 6,
        bytes: expect.any(Number),
        finishedAt: '2026-11-22T04:10:00.000Z',
        heads: headsIn(dataDir),
      })
      expect(await namesIn(other)).toEqual([
        ...['access.db', 'journal.db', 'registry.db'],
        ...['telemetry/2026-11-21.db', 'telemetry/cursor.db', 'telemetry/states.db'],
      ])
      expect(readTable(join(other, 'registry.db'))).toBe('registry')
      const journal = await openSqliteJournal({ directory: other })
      expect(await journal.append(raise('b'))).toMatchObject({ entries: [{ seq: 3 }, { seq: 4 }] })
      expect(await journal.verify()).toMatchObject({ ok: true, trail: { entries: 1 } })
      await journal.close()
    }))

  it('goes into an empty directory only, in which the key file may lie', () =>
    withData(async (dataDir, from, directory) => {
      await back({ dataDir, target: from })
      const other = join(directory, 'other')
      await mkdir(other)
      await writeFile(join(other, 'keys.json'), 'keys')
      await writeFile(join(other, 'notes.txt'), 'mine')
      const mayHold = [join(other, 'keys.json')]
      expect(await restore({ from, dataDir: other, mayHold })).toEqual({
        ok: false,
        problem: `${other} is not empty: it holds notes.txt`,
      })
      expect(await namesIn(other)).toEqual(['keys.json', 'notes.txt'])
      const another = join(directory, 'another')
      await mkdir(another)
      await writeFile(join(another, 'keys.json'), 'keys')
      expect(await restore({ from, dataDir: another, mayHold: [join(another, 'keys.json')] })).toMatchObject({
        ok: true,
      })
      expect(await readFile(join(another, 'keys.json'), 'utf8')).toBe('keys')
    }))

  it('names the keys that are missing', () =>
    withData(async (dataDir, from, directory) => {
      await back({ dataDir, target: from })
      const other = join(directory, 'other')
      expect(await restore({ from, dataDir: other, keyIds: ['k0000002', 'k9'] })).toEqual({
        ok: false,
        problem: 'the key file lacks k0000001',
      })
      expect(existsSync(other)).toBe(false)
    }))

  const damages: readonly (readonly [string, string, (from: string) => Promise<void>])[] = [
    [
      'a byte was changed',
      'registry.db is not as it was copied',
      async from => {
        const path = join(from, 'registry.db')
        const bytes = await readFile(path)
        bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
        await writeFile(path, bytes)
      },
    ],
    ['a file was cut', 'access.db is not as it was copied', from => writeFile(join(from, 'access.db'), '')],
    ['there is no manifest', 'there is no backup in', from => writeFile(join(from, 'manifest.json'), '{')],
    [
      'a file would leave the directory',
      'there is no backup in',
      async from => {
        const manifest = await readFile(join(from, 'manifest.json'), 'utf8')
        await writeFile(join(from, 'manifest.json'), manifest.replace('"registry.db"', '"../registry.db"'))
      },
    ],
  ]
  it.each(damages)('restores nothing when %s', (_, problem, damage) =>
    withData(async (dataDir, from, directory) => {
      await back({ dataDir, target: from })
      await damage(from)
      const other = join(directory, 'other')
      expect(await restore({ from, dataDir: other })).toEqual({
        ok: false,
        problem: expect.stringContaining(problem),
      })
      expect(existsSync(other)).toBe(false)
    }),
  )

  it.each([
    ['events', `UPDATE events SET recorded_at = 0 WHERE seq = 2`, 2],
    ['trail', `UPDATE trail SET action = 'GET /' WHERE seq = 1`, 1],
  ] as const)('restores nothing when the chain of %s was broken before it was copied', (chain, sql, at) =>
    withData(async (dataDir, from, directory) => {
      const database = openDatabase(join(dataDir, 'journal.db'), { durability: 'full' })
      database.exec(sql)
      database.close()
      await back({ dataDir, target: from })
      expect(await restore({ from, dataDir: join(directory, 'other') })).toEqual({
        ok: false,
        problem: expect.stringContaining(`the chain of ${chain} is broken at ${at}`),
      })
    }),
  )
})
