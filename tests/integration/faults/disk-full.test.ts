import { spawnSync } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type ApiClient, fetchPlain, listAlarms, logIn, readAlarm } from '../../support/api-client.ts'
import { eventually } from '../../support/eventually.ts'
import { startGateway, verifyJournal } from '../../support/gateway-process.ts'
import { type RunningTown, startTown } from '../../support/running-town.ts'
import { mayMount, withSmallDisk } from '../../support/small-disk.ts'
import { withTemporaryDirectory } from '../../support/temporary-directory.ts'
import { connectButton, type Home, press } from '../../support/town-clients.ts'

const size = { points: 2, homes: 120 }
const diskMebibytes = 24
/** Some presses may still fit into what the journal has already claimed; so many certainly do not. */
const pressesAtMost = 100

/** Press after press, each from another button, until one is not acknowledged. Resolves with what was sent. */
const pressUntilRefused = async (town: RunningTown): Promise<{ acknowledged: Home[]; refused: Home }> => {
  const acknowledged: Home[] = []
  for (const home of town.town.homes.slice(1, pressesAtMost)) {
    const button = await connectButton(town.gateway.mqttUrl, home)
    const ok = await press(button, home, `${home.device}-1`)
    button.end()
    if (!ok) return { acknowledged, refused: home }
    acknowledged.push(home)
  }
  throw new Error(`${pressesAtMost} presses were acknowledged on a disk that cannot be written`)
}

const expectReadiness = (town: RunningTown, status: number) =>
  eventually(`/readyz answers ${status}`, async () => {
    const answer = await fetchPlain(`${town.gateway.httpUrl}/readyz`)
    return answer.status === status ? answer : undefined
  })

/** What a device does: comes back and sends the same press again until it is acknowledged. */
const retryUntilAcknowledged = (town: RunningTown, home: Home) =>
  eventually(`the retry of ${home.device}`, async () => {
    const button = await connectButton(town.gateway.mqttUrl, home)
    const ok = await press(button, home, `${home.device}-1`)
    button.end()
    return ok ? true : undefined
  })

const allEventIds = async (api: ApiClient): Promise<string[]> => {
  const alarms = await listAlarms(api, 'state=all')
  const details = await Promise.all(alarms.map(alarm => readAlarm(api, alarm.id)))
  return details.flatMap(({ timeline }) => timeline.flatMap(entry => entry.eventId ?? []))
}

/** Breaks the disk under a running gateway and mends it again: what must hold whatever the defect. */
const expectRecovery = async (
  town: RunningTown,
  reason: RegExp,
  disk: { break: () => Promise<void>; mend: () => Promise<void> },
): Promise<void> => {
  const first = town.home(0)
  const button = await connectButton(town.gateway.mqttUrl, first)
  expect(await press(button, first, `${first.device}-1`)).toBe(true)
  expect((await expectReadiness(town, 200)).status).toBe(200)

  await disk.break()
  const { acknowledged, refused } = await pressUntilRefused(town)
  expect(JSON.stringify((await expectReadiness(town, 503)).body)).toMatch(reason)
  expect((await fetchPlain(`${town.gateway.httpUrl}/healthz`)).status).toBe(200)

  await disk.mend()
  await retryUntilAcknowledged(town, refused)
  await expectReadiness(town, 200)
  expect(await press(button, first, `${first.device}-2`)).toBe(true)
  const wanted = [first, ...acknowledged, refused].map(home => `${home.device}-1`)
  expect((await allEventIds(town.api)).sort()).toEqual([...wanted, `${first.device}-2`].sort())
}

test.skipIf(!mayMount())(
  'a full disk (needs root): no PUBACK, /readyz says so, recovery without restart',
  () =>
    withTemporaryDirectory(parent =>
      withSmallDisk(parent, diskMebibytes, async disk => {
        const town = await startTown(disk.directory, size)
        try {
          await expectRecovery(town, /full|space|ENOSPC/i, { break: disk.fill, mend: disk.free })
          await town.gateway.stop()
        } finally {
          await town.gateway.kill()
        }
        expect(await verifyJournal(disk.directory)).toMatchObject({ code: 0 })
      }),
    ),
)

/**
 * A file system cannot be remounted read-only while files are open for writing. Files that are made immutable refuse
 * every write with an error from then on, as those on a disk that has turned read-only do. The shared-memory index is
 * left out: it is mapped, not written, and stays writable on a read-only disk too.
 */
const setImmutable = async (directory: string, immutable: boolean): Promise<boolean> => {
  const files = (await readdir(directory, { recursive: true, withFileTypes: true }))
    .filter(entry => entry.isFile() && !entry.name.endsWith('-shm'))
    .map(entry => join(entry.parentPath, entry.name))
  return spawnSync('chattr', [immutable ? '+i' : '-i', ...files], { stdio: 'ignore' }).status === 0
}

test('files that turn read-only (needs root and ext4): the same, and the same recovery', context =>
  withTemporaryDirectory(async directory => {
    const town = await startTown(directory, size)
    try {
      const possible = await setImmutable(directory, true)
      await setImmutable(directory, false)
      if (!possible) return context.skip('files cannot be made immutable here')
      await expectRecovery(town, /read|write|I\/O/i, {
        break: async () => void (await setImmutable(directory, true)),
        mend: async () => void (await setImmutable(directory, false)),
      })
      await town.gateway.stop()
    } finally {
      await setImmutable(directory, false)
      await town.gateway.kill()
    }
    expect(await verifyJournal(directory)).toMatchObject({ code: 0 })
  }))

test.skipIf(!mayMount())(
  'a disk that is read-only from the start (needs root): never ready, and it says why',
  () =>
    withTemporaryDirectory(parent =>
      withSmallDisk(parent, diskMebibytes, async disk => {
        const town = await startTown(disk.directory, size)
        await town.gateway.stop()
        expect(disk.remount('ro')).toBe(true)
        await expect(startGateway({ directory: disk.directory })).rejects.toThrow(
          /read-?only|unable to open/i,
        )
        expect(disk.remount('rw')).toBe(true)
        const again = await startGateway({ directory: disk.directory })
        await logIn(again.httpUrl)
        await again.stop()
      }),
    ),
)
