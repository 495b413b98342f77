import { expect, test } from 'vitest'
import { createStopwatch } from '../../../firmware-sim/stopwatch.ts'

test('a press is measured to the first terminal, whichever news comes first', () => {
  const stopwatch = createStopwatch()
  stopwatch.pressed('a/1', 100)
  stopwatch.offered('x', 103)
  stopwatch.raised('a/1', 'x')
  stopwatch.pressed('b/1', 200)
  stopwatch.raised('b/1', 'y')
  stopwatch.offered('y', 207)
  expect([stopwatch.count, stopwatch.percentile(0.5), stopwatch.percentile(0.99)]).toEqual([2, 3, 7])
})

test('a second press and a second offer of one alarm are no part of the way', () => {
  const stopwatch = createStopwatch()
  stopwatch.pressed('a/1', 100)
  stopwatch.raised('a/1', 'x')
  stopwatch.offered('x', 104)
  stopwatch.pressed('a/2', 500)
  stopwatch.raised('a/2', 'x')
  stopwatch.offered('x', 30_100)
  expect([stopwatch.count, stopwatch.percentile(1)]).toEqual([1, 4])
})

test('an alarm that no terminal has seen is not measured', () => {
  const stopwatch = createStopwatch()
  stopwatch.pressed('a/1', 100)
  stopwatch.raised('a/1', 'x')
  expect([stopwatch.count, stopwatch.percentile(0.5)]).toEqual([0, Number.NaN])
})
