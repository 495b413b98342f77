/**
 * Takes a backup, an empty data directory, and the ids of the keys at hand. Gives a data directory that a gateway can be
 * started on: each file as it was, both chains whole, and no key missing; or says why not, and leaves it empty.
 */
import { constants } from 'node:fs'
import { copyFile, mkdir, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { syncToDisk } from '../kit/sync-to-disk.ts'
import type { Heads, Verification } from '../model/journal.ts'
import { fingerprintOf } from './fingerprint.ts'
import { bytesOf, type FileFacts, type Manifest, readManifest } from './manifest.ts'

export type RestoreJob = {
  readonly from: string
  readonly dataDir: string
  /** Files that may be in the data directory already: the key file, where it lies there. */
  readonly mayHold: readonly string[]
  readonly keyIds: readonly string[]
  /** Checks both chains of the journal in a directory. */
  readonly verify: (directory: string) => Promise<Verification>
}

export type Restored =
  | {
      readonly ok: true
      readonly files: number
      readonly bytes: number
      readonly finishedAt: string
      readonly heads: Heads
    }
  | { readonly ok: false; readonly problem: string }

/** Until all are there: a gateway that is started on half of them would take it for an empty directory. */
const suffix = '.restoring'

const faultOfPlace = async ({ dataDir, mayHold }: RestoreJob): Promise<string | undefined> => {
  const there = await readdir(dataDir).catch((): string[] => [])
  const allowed = mayHold.map(path => resolve(path))
  const others = there.filter(name => !allowed.includes(resolve(dataDir, name)))
  return others.length === 0 ? undefined : `${dataDir} is not empty: it holds ${others.join(', ')}`
}

const faultOfKeys = ({ keyIds }: RestoreJob, { keys }: Manifest): string | undefined => {
  const missing = keys.filter(id => !keyIds.includes(id))
  return missing.length === 0 ? undefined : `the key file lacks ${missing.join(', ')}`
}

const faultOfFile = (directory: string, { path, bytes, sha256 }: FileFacts): string | undefined => {
  try {
    const found = fingerprintOf(join(directory, path))
    return found.bytes === bytes && found.sha256 === sha256 ? undefined : `${path} is not as it was copied`
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

const faultOfChains = async (
  { from, verify }: RestoreJob,
  { heads }: Manifest,
): Promise<string | undefined> => {
  const found = await verify(from)
  if (!found.ok) return `the chain of ${found.chain} is broken at ${found.brokenAt}: ${found.detail}`
  return found.head.hash === heads.events.hash && found.trail.head.hash === heads.trail.hash
    ? undefined
    : 'the journal does not end where the manifest says'
}

const copyFiles = async ({ from, dataDir }: RestoreJob, { files }: Manifest): Promise<void> => {
  const directories = new Set(files.map(({ path }) => dirname(join(dataDir, path))))
  try {
    for (const directory of directories) await mkdir(directory, { recursive: true })
    for (const { path } of files) {
      const to = join(dataDir, `${path}${suffix}`)
      await copyFile(join(from, path), to, constants.COPYFILE_EXCL)
      await syncToDisk(to)
    }
    for (const { path } of files) await rename(join(dataDir, `${path}${suffix}`), join(dataDir, path))
    for (const directory of [...directories, dirname(dataDir)]) await syncToDisk(directory)
  } catch (error) {
    for (const { path } of files)
      for (const end of ['', suffix]) await rm(join(dataDir, `${path}${end}`), { force: true })
    throw error
  }
}

const faultOf = async (job: RestoreJob, manifest: Manifest): Promise<string | undefined> =>
  (await faultOfPlace(job)) ??
  faultOfKeys(job, manifest) ??
  manifest.files.map(facts => faultOfFile(job.from, facts)).find(fault => fault !== undefined) ??
  (await faultOfChains(job, manifest))

export const restoreBackup = async (job: RestoreJob): Promise<Restored> => {
  const manifest = await readManifest(job.from)
  if (!manifest) return { ok: false, problem: `there is no backup in ${job.from}` }
  const problem = await faultOf(job, manifest)
  if (problem !== undefined) return { ok: false, problem }
  await copyFiles(job, manifest)
  const { files, finishedAt, heads } = manifest
  return { ok: true, files: files.length, bytes: bytesOf(manifest), finishedAt, heads }
}
