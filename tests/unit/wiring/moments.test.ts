import { describe, expect, test } from 'vitest'
import { DeviceId } from '../../../gateway/model/ids.ts'
import { createMoments } from '../../../gateway/moments.ts'

const pad = DeviceId.parse('pad-1')
const now = Date.UTC(2026, 10, 21, 18)

describe('the time of a measurement', () => {
  test('is the device’s own, also where it is hours ago', () => {
    expect(createMoments()(pad, now, now - 8 * 3_600_000)).toBe(now - 8 * 3_600_000)
  })

  test.each([
    ['an hour ahead', now + 3_600_000],
    ['at the beginning of time', 0],
    ['in the year 2000, where its clock began anew', Date.UTC(2000, 0, 1, 5)],
    ['in the year of its firmware', Date.UTC(2024, 6)],
  ])('is when it came in, where the device is %s', (_where, deviceTime) => {
    expect(createMoments()(pad, now, deviceTime)).toBe(now)
  })

  test('is never ahead of when it came in', () => {
    expect(createMoments()(pad, now, now + 30_000)).toBe(now)
  })

  test('is its own for each of several that came in together', () => {
    const moments = createMoments()
    const times = [1, 2, 3].map(() => moments(pad, now, undefined))
    expect(new Set(times).size).toBe(3)
  })
})
