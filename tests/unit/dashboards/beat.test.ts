import { describe, expect, test } from 'vitest'
import { beatAt, beats } from '../../../dashboards/console/beat.ts'

/** IEC 60601-1-8:2006, table 2. */
const bands = { fast: [1.4, 2.8], slow: [0.4, 0.8] } as const

describe.each(['fast', 'slow'] as const)('a %s mark', rate => {
  test('flashes at a rate of the standard, lit for 20 to 60 % of the time', () => {
    const { periodMs, litMs } = beats[rate]
    const [least, most] = bands[rate]
    expect(1_000 / periodMs).toBeGreaterThanOrEqual(least)
    expect(1_000 / periodMs).toBeLessThanOrEqual(most)
    expect(litMs / periodMs).toBeGreaterThanOrEqual(0.2)
    expect(litMs / periodMs).toBeLessThanOrEqual(0.6)
  })

  test('is told until when it stays as it is, and is the other thing after that', () => {
    let at = 12_345
    let litMs = 0
    const begun = at
    let wasLit = !beatAt(rate, at).isLit
    while (at - begun < 100_000) {
      const { isLit, forMs } = beatAt(rate, at)
      expect(isLit).toBe(!wasLit)
      wasLit = isLit
      if (isLit) litMs += forMs
      // A timer is late rather than early.
      at += forMs + 0.001
    }
    expect(litMs / (at - begun)).toBeCloseTo(0.6, 1)
  })
})
