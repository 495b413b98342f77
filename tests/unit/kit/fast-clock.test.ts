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

test('a fast clock goes on in real time from where the night is over, also for who waits over its end', async () => {
  const real = createVirtualClock(1_000_000)
  const clock = createFastClock(real, { speed: 60, startAt: 5_000_000, since: 1_000_000, until: 5_060_000 })
  const rang: number[] = []
  clock.after(30_000, () => rang.push(clock.now()))
  clock.after(61_000, () => rang.push(clock.now()))
  await real.pass(999)
  expect(rang).toEqual([5_030_000])
  await real.pass(1_000)
  expect(clock.now()).toBe(5_060_999)
  await real.pass(1)
  expect(rang).toEqual([5_030_000, 5_061_000])
  clock.after(2_000, () => rang.push(clock.now()))
  await real.pass(2_000)
  expect(rang).toEqual([5_030_000, 5_061_000, 5_063_000])
})
