import { expect, it } from 'vitest'
import { DeviceId } from '../../../gateway/model/ids.ts'
import type { Sample } from '../../../gateway/model/telemetry.ts'
import { createBatches } from '../../../gateway/telemetry/batches.ts'
import { createVirtualClock } from '../../support/virtual-clock.ts'

const device = DeviceId.parse('pad-1')
const samples = (...times: readonly number[]): Sample[] => times.map(at => ({ device, at, readings: {} }))

/** Commits that end when the test says so, with the times of their samples that reach the disk. */
const world = () => {
  const clock = createVirtualClock()
  const commits: { times: readonly number[]; end: (stored?: (at: number) => boolean) => void }[] = []
  const batches = createBatches(
    batch =>
      new Promise(resolve => {
        const times = batch.map(({ at }) => at)
        commits.push({ times, end: (stored = () => true) => resolve(({ at }) => stored(at)) })
      }),
    clock,
  )
  return { clock, commits, batches }
}

it('what comes within a tenth of a second is one commit, and what comes during it is the next', async () => {
  const { clock, commits, batches } = world()
  const first = batches.add(samples(1, 2))
  await clock.pass(99)
  const second = batches.add(samples(3))
  expect(commits).toEqual([])
  await clock.pass(1)
  const third = batches.add(samples(4))
  await clock.pass(1_000)
  expect(commits.map(({ times }) => times)).toEqual([[1, 2, 3]])
  expect(batches.waiting()).toBe(4)
  commits[0]?.end()
  expect(await Promise.all([first, second])).toEqual([true, true])
  await clock.pass(100)
  expect(commits.map(({ times }) => times)).toEqual([[1, 2, 3], [4]])
  commits[1]?.end()
  expect(await third).toBe(true)
  expect(batches.waiting()).toBe(0)
})

it('a message of which one sample is not on disk is not on disk; the others of the commit are', async () => {
  const { clock, commits, batches } = world()
  const [first, second, third] = [
    batches.add(samples(1, 2)),
    batches.add(samples(3)),
    batches.add(samples(2)),
  ]
  await clock.pass(100)
  commits[0]?.end(at => at !== 2)
  expect([await first, await second, await third]).toEqual([false, true, false])
})

it('50,000 samples may wait, those of the running commit included; one more is not taken', async () => {
  const { clock, commits, batches } = world()
  const full = Array.from({ length: 30_000 }, (_, at) => at)
  const running = batches.add(samples(...full))
  await clock.pass(100)
  expect(batches.add(samples(...full))).toBeUndefined()
  const rest = batches.add(samples(...full.slice(0, 20_000)))
  expect(rest).toBeDefined()
  expect(batches.add(samples(1))).toBeUndefined()
  commits[0]?.end()
  expect(await running).toBe(true)
  expect(batches.waiting()).toBe(20_000)
  expect(batches.add(samples(1))).toBeDefined()
})

it('to drain it commits at once what waits, also what came during the commit', async () => {
  const { clock, commits, batches } = world()
  const first = batches.add(samples(1))
  const drained = batches.drain()
  await clock.pass(0)
  const second = batches.add(samples(2))
  commits[0]?.end()
  await clock.pass(0)
  expect(commits.map(({ times }) => times)).toEqual([[1], [2]])
  commits[1]?.end()
  await drained
  expect([await first, await second]).toEqual([true, true])
})
