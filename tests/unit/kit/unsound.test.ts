import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { openOrSetAside } from '../../../gateway/kit/unsound.ts'
import { withTemporaryDirectory } from '../../support/temporary-directory.ts'

const silent = { error() {} }

/** Opens what begins with "sound", and nothing else; a file that is not there is made. */
const openStrictly = (path: string, failure: Error) => () => {
  if (existsSync(path)) throw failure
  writeFileSync(path, 'sound')
  return 'open'
}

const sqliteError = (errcode: number): Error => Object.assign(new Error('as SQLite says it'), { errcode })

const unsound = [
  ['no database', sqliteError(26)],
  ['a broken page', sqliteError(11 | (1 << 8))],
  ['a row that is no JSON', new SyntaxError('unexpected end')],
  ['a row of another shape', new z.ZodError([])],
] as const

test.each(unsound)('%s: the file is set aside and another begun', (_, failure) =>
  withTemporaryDirectory(async directory => {
    const path = join(directory, 'a.db')
    for (const suffix of ['', '-wal']) writeFileSync(path + suffix, 'broken')
    expect(await openOrSetAside(path, openStrictly(path, failure), silent)).toBe('open')
    expect(existsSync(`${path}.unsound`) && existsSync(`${path}.unsound-wal`)).toBe(true)
    expect(existsSync(`${path}-wal`)).toBe(false)
  }),
)

const passing = [
  ['a full disk', sqliteError(13)],
  ['a disk that fails', sqliteError(10)],
  ['a later version', new Error('was written by a later version')],
] as const

test.each(passing)('%s: the file stays where it is', (_, failure) =>
  withTemporaryDirectory(async directory => {
    const path = join(directory, 'a.db')
    writeFileSync(path, 'as good as ever')
    await expect(openOrSetAside(path, openStrictly(path, failure), silent)).rejects.toThrow(failure.message)
    expect(existsSync(`${path}.unsound`)).toBe(false)
  }),
)
