import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { BackupJob } from '../../../gateway/backup/backup.ts'
import { createBackups } from '../../../gateway/backup/backups.ts'
import { type Manifest, newManifest } from '../../../gateway/backup/manifest.ts'
import { BackupId } from '../../../gateway/model/backup.ts'
import type { Refusal } from '../../../gateway/model/errors.ts'
import { eventually } from '../../support/eventually.ts'

const start = Date.parse('2026-11-21T12:00:00Z')
const log = pino({ level: 'silent' })
const head = { seq: 0, hash: '0' }

let directory: string
let now: number
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'anling-backups-'))
  now = start
})
afterEach(() => rm(directory, { recursive: true }))

const manifestAt = (at: number): Manifest =>
  newManifest({
    version: '1',
    startedAt: new Date(at).toISOString(),
    finishedAt: new Date(at + 500).toISOString(),
    telemetry: false,
    files: [{ path: 'journal.db', bytes: 7, sha256: 'x' }],
    heads: { events: head, trail: head },
    keys: [],
  })

/** As if it had been copied. */
const write = async (target: string, at: number): Promise<Manifest> => {
  const manifest = manifestAt(at)
  await mkdir(target, { recursive: true })
  await writeFile(join(target, 'manifest.json'), JSON.stringify(manifest))
  return manifest
}

const open = (
  make: (job: Omit<BackupJob, 'dataDir'>) => Promise<Manifest | Refusal> = ({ target }) => write(target, now),
) => createBackups({ directory, make, now: () => now, log })

const finished = (backups: ReturnType<typeof open>) =>
  eventually('the end of the backup', async () =>
    (await backups.list()).some(({ state }) => state === 'running') ? undefined : true,
  )

test('the latest 14 are kept; what is no backup is left alone', async () => {
  await mkdir(join(directory, 'my-own-notes'))
  const backups = open()
  for (let n = 0; n < 17; n += 1) {
    now = start + n * 60_000
    expect(await backups.start({ telemetry: false })).toMatchObject({ state: 'running', startedAt: now })
    await finished(backups)
  }
  const names = Array.from({ length: 14 }, (_, n) => `20261121-12${String(n + 3).padStart(2, '0')}00`)
  expect((await readdir(directory)).sort()).toEqual([...names, 'my-own-notes'])
  const list = await backups.list()
  expect(list.map(({ id }) => id)).toEqual(names.toReversed())
  expect(list[0]).toEqual({
    id: '20261121-121600',
    state: 'done',
    startedAt: now,
    finishedAt: now + 500,
    bytes: 7,
    totalBytes: 7,
    telemetry: false,
  })
})

test('no old one makes room for one that failed', async () => {
  for (let n = 0; n < 14; n += 1) await write(join(directory, `old-${n}`), start - n)
  now = start + 1_000
  const backups = open(async () => ({ refused: 'backup-failed', detail: 'the disk is full' }))
  await backups.start({ telemetry: false })
  await finished(backups)
  expect(await readdir(directory)).toHaveLength(14)
  expect((await backups.list())[0]).toMatchObject({
    state: 'failed',
    error: 'the disk is full',
    finishedAt: now,
  })
})

test('how far it is can be seen, and one at a time is made', async () => {
  const { promise, resolve } = Promise.withResolvers<void>()
  const backups = open(async ({ target, onProgress }) => {
    onProgress?.({ bytes: 3, totalBytes: 10 })
    await promise
    return write(target, now)
  })
  const id = BackupId.parse('first')
  await backups.start({ id, telemetry: false })
  await eventually('progress', async () => ((await backups.list())[0]?.bytes === 3 ? true : undefined))
  expect(await backups.list()).toMatchObject([{ id: 'first', state: 'running', bytes: 3, totalBytes: 10 }])
  expect(await backups.start({ telemetry: false })).toMatchObject({ refused: 'backup-running' })
  resolve()
  await finished(backups)
  expect(await backups.start({ id, telemetry: false })).toMatchObject({ refused: 'duplicate-id' })
  expect(await backups.start({ telemetry: false })).toMatchObject({ state: 'running' })
  await finished(backups)
})

test('what a killed gateway has left half made goes with the next', async () => {
  await mkdir(join(directory, 'half.partial'))
  const backups = open()
  await backups.start({ telemetry: false })
  await finished(backups)
  expect(await readdir(directory)).toEqual(['20261121-120000'])
})

test('the end of the gateway gives up the one that is being made, and waits for that', async () => {
  let wasGivenUp = false
  const begun = Promise.withResolvers<void>()
  const backups = open(
    ({ signal }) =>
      new Promise(resolve => {
        begun.resolve()
        signal?.addEventListener('abort', () => {
          wasGivenUp = true
          resolve({ refused: 'backup-failed', detail: 'it was given up' })
        })
      }),
  )
  await backups.start({ telemetry: false })
  await begun.promise
  expect(await backups.list()).toHaveLength(1)
  await backups.close()
  expect(wasGivenUp).toBe(true)
  expect(await backups.list()).toMatchObject([{ state: 'failed', error: 'it was given up' }])
})
