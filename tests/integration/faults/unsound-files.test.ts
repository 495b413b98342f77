import { randomBytes } from 'node:crypto'
import { readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startGateway } from '../../support/gateway-process.ts'
import { startTown } from '../../support/running-town.ts'
import { withTemporaryDirectory } from '../../support/temporary-directory.ts'
import { connectButton, press } from '../../support/town-clients.ts'

const size = { points: 2, homes: 3 }
const dispensable = [
  ...['access.db', 'cards.db', 'care.db', 'installation.db', 'personal.db', 'provisioning.db'],
  'shift.db',
]

const spoil = async (directory: string, file: string): Promise<void> => {
  for (const suffix of ['-wal', '-shm']) await rm(join(directory, file + suffix), { force: true })
  await writeFile(join(directory, file), randomBytes(20_000))
}

test('files without which calls can be taken are set aside when they are not sound, and calls are taken', () =>
  withTemporaryDirectory(async directory => {
    const town = await startTown(directory, size)
    await town.gateway.stop()
    for (const file of dispensable) await spoil(directory, file)
    const again = await startGateway({ directory })
    try {
      const button = await connectButton(again.mqttUrl, town.home(0))
      expect(await press(button, town.home(0), 'after')).toBe(true)
      button.end()
      expect(await readdir(directory)).toEqual(
        expect.arrayContaining([...dispensable, ...dispensable.map(file => `${file}.unsound`)]),
      )
    } finally {
      await again.stop()
    }
  }))

test('a registry that is not sound is left where it is: without it nobody could ring', () =>
  withTemporaryDirectory(async directory => {
    const town = await startTown(directory, size)
    await town.gateway.stop()
    await spoil(directory, 'registry.db')
    await expect(startGateway({ directory })).rejects.toThrow(/not a database/)
    expect(await readdir(directory)).not.toContain('registry.db.unsound')
  }))
