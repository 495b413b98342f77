/**
 * Takes a data directory that may be in use. Gives a copy of it as it was at one moment after this began, with a manifest
 * that says what must be in it, under its name only when it is whole and on disk.
 * Never copies a key, and never takes the last of the disk.
 */

import { existsSync } from 'node:fs'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { syncToDisk } from '../kit/sync-to-disk.ts'
import { startWorker } from '../kit/worker-link.ts'
import type { Refusal } from '../model/errors.ts'
import type { Instant } from '../model/ids.ts'
import type { Heads } from '../model/journal.ts'
import { Copied, type CopyJob, CopyProgress } from './copying.ts'
import { type Manifest, manifestName, newManifest } from './manifest.ts'

export type BackupPorts = {
  /** Of the program. */
  readonly version: string
  /** Of the journal in a directory. */
  readonly heads: (directory: string) => Heads
  /** Ids of the keys in the key file now. */
  readonly keyIds: () => readonly string[]
  readonly now: () => Instant
}

export type BackupJob = {
  readonly dataDir: string
  /** A directory that is not there yet. */
  readonly target: string
  /** Measurements too. */
  readonly telemetry: boolean
  readonly onProgress?: (progress: CopyProgress) => void
  /** Gives it up. */
  readonly signal?: AbortSignal
}

/** Until it is whole. What a crash has left behind under such a name is no backup. */
export const partialSuffix = '.partial'

const copy = async (
  { dataDir, telemetry, onProgress, signal }: BackupJob,
  target: string,
): Promise<Copied> => {
  // Given up before it had begun: nothing would tell it later.
  if (signal?.aborted) throw new Error('it was given up')
  const worker = startWorker({
    script: new URL('./copy-worker.ts', import.meta.url),
    path: JSON.stringify({ dataDir, target, telemetry } satisfies CopyJob),
    onNews: news => onProgress?.(CopyProgress.parse(JSON.parse(news))),
  })
  const close = () => void worker.close()
  signal?.addEventListener('abort', close, { once: true })
  try {
    return Copied.parse(JSON.parse(await worker.ask('copy')))
  } finally {
    signal?.removeEventListener('abort', close)
    await worker.close()
  }
}

const writeManifest = async (directory: string, manifest: Manifest): Promise<void> => {
  const handle = await open(join(directory, manifestName), 'wx', 0o600)
  try {
    await handle.writeFile(`${JSON.stringify(manifest, null, 2)}\n`)
    await handle.sync()
  } finally {
    await handle.close()
  }
  const directories = new Set(manifest.files.map(({ path }) => dirname(path)))
  for (const inside of directories) await syncToDisk(join(directory, inside))
  await syncToDisk(directory)
}

const moment = (at: Instant): string => new Date(at).toISOString()

const makePartial = async (job: BackupJob, partial: string, ports: BackupPorts): Promise<Manifest> => {
  const startedAt = ports.now()
  await rm(partial, { recursive: true, force: true })
  await mkdir(partial, { recursive: true, mode: 0o700 })
  // A key that is retired or made while it is copied may have sealed what is in it.
  const keysBefore = ports.keyIds()
  const files = await copy(job, partial)
  const manifest = newManifest({
    version: ports.version,
    startedAt: moment(startedAt),
    finishedAt: moment(ports.now()),
    telemetry: job.telemetry,
    files,
    heads: ports.heads(partial),
    keys: [...new Set([...keysBefore, ...ports.keyIds()])],
  })
  await writeManifest(partial, manifest)
  return manifest
}

/** `backup-failed`: nothing is left of it. */
export const makeBackup = async (job: BackupJob, ports: BackupPorts): Promise<Manifest | Refusal> => {
  const { target } = job
  if (existsSync(target)) return { refused: 'backup-failed', detail: `${target} is there already` }
  const partial = `${target}${partialSuffix}`
  try {
    const manifest = await makePartial(job, partial, ports)
    await rename(partial, target)
    await syncToDisk(dirname(target))
    return manifest
  } catch (error) {
    await rm(partial, { recursive: true, force: true })
    return { refused: 'backup-failed', detail: error instanceof Error ? error.message : String(error) }
  }
}
