/** A file system of a few megabytes that can be filled: a tmpfs of its own. Needs root. */
import { spawnSync } from 'node:child_process'
import { mkdir, open, rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'

const run = (program: string, ...words: readonly string[]): boolean =>
  spawnSync(program, words, { stdio: 'ignore' }).status === 0

export type SmallDisk = {
  readonly directory: string
  /** Until not one more byte fits, or so many are left. */
  readonly fill: (leaveBytes?: number) => Promise<void>
  readonly free: () => Promise<void>
  /** Possible only while no file is open for writing. */
  readonly remount: (how: 'ro' | 'rw') => boolean
}

const chunkBytes = 4_096

const freeBytes = async (path: string): Promise<number> => {
  const { bavail, bsize } = await statfs(path)
  return bavail * bsize
}

const fillUp = async (path: string, leaveBytes: number): Promise<void> => {
  const file = await open(path, 'a')
  try {
    while (leaveBytes === 0 || (await freeBytes(path)) > leaveBytes)
      await file.write(Buffer.alloc(chunkBytes))
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error
  } finally {
    await file.close()
  }
}

/** Whether this process may mount: otherwise tests on a small disk are skipped. */
export const mayMount = (): boolean => process.getuid?.() === 0 && run('mountpoint', '-q', '/proc')

/** Mounts under `parent`, hands over the disk, and unmounts whatever happens. */
export const withSmallDisk = async <T>(
  parent: string,
  mebibytes: number,
  work: (disk: SmallDisk) => Promise<T>,
): Promise<T> => {
  const directory = join(parent, 'disk')
  const ballast = join(directory, 'ballast')
  await mkdir(directory)
  if (!run('mount', '-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', directory)) {
    throw new Error(`cannot mount a tmpfs on ${directory}`)
  }
  try {
    return await work({
      directory,
      fill: (leaveBytes = 0) => fillUp(ballast, leaveBytes),
      free: () => rm(ballast),
      remount: how => run('mount', '-o', `remount,${how}`, directory),
    })
  } finally {
    run('umount', '--lazy', directory)
  }
}
