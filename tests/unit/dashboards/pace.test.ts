import { describe, expect, test } from 'vitest'
import { createPace } from '../../../dashboards/live/pace.ts'
import { createVirtualClock } from '../../support/virtual-clock.ts'

/** What there is to show changes all the time. @returns how long the page rests after each state that takes so long to show */
const restsAfter = (drawingMs: readonly number[]): number[] => {
  const clock = createVirtualClock()
  const rests: number[] = []
  let rested = 0
  let shown = 0
  const pace = createPace(clock, () => {
    if (shown > 0) rests.push(rested)
    rested = 0
    clock.setWall(clock.now() + (drawingMs[shown] ?? 0))
    shown += 1
  })
  while (shown <= drawingMs.length) {
    pace.due()
    rested += 1
    clock.advance(1)
  }
  return rests
}

describe('a page', () => {
  test('shows no more states than there are frames', () => {
    expect(restsAfter([1, 1, 1])).toEqual([16, 16, 16])
  })

  test('that is slow rests for twice as long as it draws', () => {
    expect(restsAfter([100, 100, 100]).slice(1)).toEqual([200, 200])
  })

  test('that was slow once, such as with its first alarm, does not keep the next ones waiting', () => {
    expect(restsAfter([134, 5, 5, 90, 5])).toEqual([16, 16, 16, 16, 16])
  })
})
