import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createQuotas } from '../../../gateway/quotas.ts'

const begin = (perMinute: number) => {
  let nowMs = 123.4
  const quotas = createQuotas(perMinute, () => nowMs)
  const takeAll = (device: string, count: number): number => {
    let taken = 0
    for (let n = 0; n < count; n += 1) if (quotas.take(device)) taken += 1
    return taken
  }
  return {
    takeAll,
    advance(ms: number) {
      nowMs += ms
    },
  }
}

test.for([1, 7, 60, 6_000])('a device may bring a minute’s worth at once, and no more: %i', perMinute => {
  const { takeAll, advance } = begin(perMinute)
  expect(takeAll('a', perMinute + 100)).toBe(perMinute)
  advance(30_000)
  expect(takeAll('a', perMinute + 100)).toBe(Math.floor(perMinute / 2))
  advance(60_000)
  expect(takeAll('a', perMinute + 100)).toBeGreaterThanOrEqual(perMinute)
})

test('what one device brings takes nothing from another', () => {
  const { takeAll } = begin(10)
  takeAll('a', 1_000)
  expect(takeAll('b', 1_000)).toBe(10)
})

test('an even load within the limit is never cut, for hours', () => {
  const { takeAll, advance } = begin(60)
  let taken = 0
  for (let second = 0; second < 10_800; second += 1) {
    taken += takeAll('a', 1)
    advance(1_000)
  }
  expect(taken).toBe(10_800)
})

test('in any stretch of time a device brings a minute’s worth and what has refilled, and not less than it may', () => {
  const step = fc.record({
    waitMs: fc.integer({ min: 0, max: 90_000 }),
    count: fc.integer({ min: 0, max: 300 }),
  })
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 80 }), steps => {
      const perMinute = 100
      const { takeAll, advance } = begin(perMinute)
      let [sinceMs, taken] = [0, 0]
      for (const { waitMs, count } of steps) {
        advance(waitMs)
        sinceMs += waitMs
        taken += takeAll('a', count)
        expect(taken).toBeLessThanOrEqual(perMinute + (sinceMs / 60_000) * perMinute + 1)
      }
      advance(60_000)
      expect(takeAll('a', perMinute)).toBe(perMinute)
    }),
  )
})
