/**
 * The backups of one directory. Takes the wish for one, gives how it goes, and what is there. Makes one at a time, and
 * removes an old one only when a new one is whole.
 */

import { existsSync } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { type Backup, BackupId, type Backups, type NewBackup } from '../model/backup.ts'
import type { Refusal } from '../model/errors.ts'
import type { Instant } from '../model/ids.ts'
import { type BackupJob, partialSuffix } from './backup.ts'
import { bytesOf, type Manifest, readManifest } from './manifest.ts'

/** The oldest beyond these are removed. */
const maxKept = 14
/** So many failures are remembered; the oldest is forgotten. */
const maxFailed = 14

export type BackupsPorts = {
  readonly directory: string
  readonly make: (job: Omit<BackupJob, 'dataDir'>) => Promise<Manifest | Refusal>
  readonly now: () => Instant
  readonly log: Pick<Logger, 'info' | 'error'>
}

type Found = { readonly id: BackupId; readonly manifest: Manifest }

const backupOf = ({ id, manifest }: Found): Backup => ({
  id,
  state: 'done',
  startedAt: Date.parse(manifest.startedAt),
  finishedAt: Date.parse(manifest.finishedAt),
  bytes: bytesOf(manifest),
  totalBytes: bytesOf(manifest),
  telemetry: manifest.telemetry,
})

/** 20261122-041000 */
const idAt = (at: Instant): BackupId =>
  BackupId.parse(new Date(at).toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-'))

/** Newest first. What has no manifest is none. */
const findBackups = async (directory: string): Promise<readonly Found[]> => {
  const names = await readdir(directory).catch((): string[] => [])
  const found: Found[] = []
  for (const name of names) {
    const id = BackupId.safeParse(name)
    const manifest = id.success ? await readManifest(join(directory, name)) : undefined
    if (id.success && manifest) found.push({ id: id.data, manifest })
  }
  return found.sort((a, b) => Date.parse(b.manifest.startedAt) - Date.parse(a.manifest.startedAt))
}

const removeOld = async (directory: string): Promise<void> => {
  for (const { id } of (await findBackups(directory)).slice(maxKept))
    await rm(join(directory, id), { recursive: true })
}

/** Of a gateway that was killed meanwhile. */
const removeLeftOvers = async (directory: string): Promise<void> => {
  const names = await readdir(directory).catch((): string[] => [])
  for (const name of names.filter(one => one.endsWith(partialSuffix)))
    await rm(join(directory, name), { recursive: true })
}

export const createBackups = ({ directory, make, now, log }: BackupsPorts): Backups => {
  const givenUp = new AbortController()
  let running: { backup: Backup; readonly ended: Promise<void> } | undefined
  let failed: readonly Backup[] = []

  const run = async (backup: Backup): Promise<void> => {
    const { id, telemetry } = backup
    await removeLeftOvers(directory)
    const result = await make({
      target: join(directory, id),
      telemetry,
      onProgress: progress => {
        if (running) running.backup = { ...running.backup, ...progress }
      },
      signal: givenUp.signal,
    })
    if ('refused' in result) {
      const error = result.detail ?? result.refused
      failed = [{ ...backup, state: 'failed' as const, finishedAt: now(), error }, ...failed].slice(
        0,
        maxFailed,
      )
      log.error({ backup: id, error }, 'the backup has failed')
      return
    }
    log.info({ backup: id, bytes: bytesOf(result) }, 'the backup is done')
    await removeOld(directory)
  }

  const start = ({ id, telemetry }: NewBackup): Backup | Refusal => {
    if (running) return { refused: 'backup-running', detail: `${running.backup.id} is being made` }
    const startedAt = now()
    const name = id ?? idAt(startedAt)
    if (existsSync(join(directory, name)))
      return { refused: 'duplicate-id', detail: `there is a backup ${name} already` }
    const backup: Backup = { id: name, state: 'running', startedAt, bytes: 0, totalBytes: 0, telemetry }
    const ended = run(backup)
      .catch((err: unknown) => log.error({ err, backup: name }, 'old backups could not be removed'))
      .finally(() => {
        running = undefined
      })
    running = { backup, ended }
    return backup
  }

  return {
    start: async wish => start(wish),
    async list() {
      const made = (await findBackups(directory)).map(backupOf)
      const under = running ? [running.backup] : []
      // One that failed and was made again under the same name is done.
      const others = failed.filter(({ id }) => ![...under, ...made].some(one => one.id === id))
      return [...under, ...[...made, ...others].sort((a, b) => b.startedAt - a.startedAt)]
    },
    async close() {
      givenUp.abort()
      await running?.ended
    },
  }
}
