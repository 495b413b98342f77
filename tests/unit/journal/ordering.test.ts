import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { comparePlaces, cursorAt, readCursor } from '../../../gateway/journal/ordering.ts'

const place = fc.record({
  rank: fc.constantFrom(0, 1, 2, 3, 4, 10, 14, 20, 24),
  receivedAt: fc.integer(),
  dueAt: fc.integer(),
  id: fc.string({ minLength: 1 }),
})

describe('the order of lists', () => {
  it('brings every place back from its cursor', () => {
    fc.assert(
      fc.property(place, one => {
        expect(readCursor(cursorAt(one))).toEqual(one)
      }),
    )
  })

  it.each([undefined, '', '5_1_2_a', '0_x_2_a', '0_1_x_a', '0_1_2_', '0_1_2', 'nonsense'])(
    'reads no place from %o',
    cursor => {
      expect(readCursor(cursor)).toBeUndefined()
    },
  )

  it('is total: two places compare as equal only when they are the same', () => {
    fc.assert(
      fc.property(
        place,
        place,
        fc.constantFrom('received' as const, 'urgency' as const, 'due' as const),
        (a, b, order) => {
          const keys = { received: ['receivedAt'], urgency: ['rank', 'receivedAt'], due: ['dueAt'] } as const
          const same = a.id === b.id && keys[order].every(key => a[key] === b[key])
          expect(comparePlaces[order](a, b) === 0).toBe(same)
          expect(Math.sign(comparePlaces[order](a, b))).toBe(-Math.sign(comparePlaces[order](b, a)) + 0)
        },
      ),
    )
  })
})
