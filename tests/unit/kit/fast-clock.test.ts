import { expect, test } from 'vitest'
import { createFastClock } from '../../../gateway/kit/fast-clock.ts'
import { createVirtualClock } from '../../support/virtual-clock.ts'

test('a fast clock shows a night within minutes, and its timers keep up', async () => {
  const real = createVirtualClock(1_000_000)
  const clock = createFastClock(real, { speed: 60, startAt: 5_000_000, since: 1_000_000 })
  const rang: number[] = []
  clock.after(60_000, () => rang.push(clock.now()))
  await real.pass(2_000)
  expect(clock.now()).toBe(5_120_000)
  expect(rang).toEqual([5_060_000])
})
