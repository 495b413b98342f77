/** A small ext4 file system in a file: it can be made to refuse writes to files that are already open. Needs root. */
import { spawnSync } from 'node:child_process'
import { mkdir, truncate, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'

const imageBytes = 16 * 1024 * 1024

const run = (program: string, ...words: readonly string[]) => {
  const { status, stdout, stderr, error } = spawnSync(program, words, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${program} ${words.join(' ')}: ${error?.message ?? stderr}`)
  return stdout.trim()
}

export type Ext4Image = {
  readonly directory: string
  /** Sets or clears the immutable flag: even open files then refuse to be written. */
  readonly protect: (file: string, on: boolean) => void
  /** What the kernel does after an error of the file system: everything is read-only until it is mounted anew. */
  readonly breakDown: () => Promise<void>
  readonly mountAnew: () => void
}

/** Why it cannot be had here; undefined when it can. */
export const whyNoExt4Image = (): string | undefined => {
  if (process.getuid?.() !== 0) return 'only root may mount'
  const missing = ['mkfs.ext4', 'chattr', 'losetup'].filter(program => spawnSync(program, ['--help']).error)
  if (missing.length > 0) return `missing: ${missing.join(', ')}`
  return spawnSync('losetup', ['--find']).status === 0 ? undefined : 'there is no loop device'
}

export const withExt4Image = async (parent: string, work: (image: Ext4Image) => Promise<void>) => {
  const [file, directory] = [join(parent, 'disk.img'), join(parent, 'disk')]
  await mkdir(directory)
  await writeFile(file, '')
  await truncate(file, imageBytes)
  run('mkfs.ext4', '-q', '-F', file)
  const mount = () => run('mount', '-o', 'loop,errors=remount-ro', file, directory)
  mount()
  try {
    await work({
      directory,
      protect: (name, on) => run('chattr', on ? '+i' : '-i', join(directory, name)),
      breakDown: () => {
        const device = basename(run('findmnt', '-no', 'SOURCE', directory))
        return writeFile(`/sys/fs/ext4/${device}/trigger_fs_error`, '1')
      },
      mountAnew: () => {
        run('umount', directory)
        mount()
      },
    })
  } finally {
    spawnSync('umount', ['--lazy', directory])
  }
}
