import { open, readdir, writeFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { withTemporaryDirectory } from '../../support/temporary-directory.ts'
import { withStore } from './store-world.ts'

const expectToBeginAnew = async (directory: string): Promise<void> => {
  await withStore(directory, async ({ states, complaints }) => {
    expect(await states.load()).toEqual(new Map())
    expect(complaints).toEqual(['states cannot be read: detection begins anew'])
    expect(await states.save(new Map([['pad', 'out of bed']]))).toBe(true)
  })
  await withStore(directory, async ({ states, complaints }) => {
    expect(await states.load()).toEqual(new Map([['pad', 'out of bed']]))
    expect(complaints).toEqual([])
  })
  expect(await readdir(directory)).toContain('states.db.unsound')
}

it('a file of states that is none keeps no gateway from starting', () =>
  withTemporaryDirectory(async directory => {
    await writeFile(`${directory}/states.db`, 'not a database'.repeat(1_000))
    await expectToBeginAnew(directory)
  }))

it('a file of states with a torn page keeps no gateway from starting', () =>
  withTemporaryDirectory(async directory => {
    const text = 'in bed '.repeat(100)
    await withStore(directory, async ({ states }) => {
      for (let pad = 0; pad < 50; pad += 1) await states.save(new Map([[`pad-${pad}`, text]]))
    })
    const file = await open(`${directory}/states.db`, 'r+')
    const { size } = await file.stat()
    await file.write(Buffer.alloc(size - 2_048, 0xff), 0, size - 2_048, 2_048)
    await file.close()
    await expectToBeginAnew(directory)
  }))
