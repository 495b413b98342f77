import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { percentile } from '../../../gateway/review/percentile.ts'

describe('a percentile by nearest rank', () => {
  test('is one of the values, as the textbook has it', () => {
    const values = [15, 20, 35, 40, 50]
    expect([5, 30, 40, 50, 100].map(percent => percentile(values, percent))).toEqual([15, 20, 20, 35, 50])
    expect(percentile([3, 1], 50)).toBe(1)
  })

  test('of nothing is null, and of one value that value', () => {
    expect(percentile([], 50)).toBeNull()
    expect(percentile([7], 95)).toBe(7)
  })

  test('has at least its share of the values at or below it, and less than its share below', () => {
    const share = fc.integer({ min: 1, max: 100 })
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 1 }), share, (values, percent) => {
        const found = percentile(values, percent) ?? Number.NaN
        expect(values).toContain(found)
        const wanted = (percent / 100) * values.length
        expect(values.filter(value => value <= found).length).toBeGreaterThanOrEqual(wanted - 1e-9)
        expect(values.filter(value => value < found).length).toBeLessThan(wanted + 1e-9)
      }),
    )
  })
})
