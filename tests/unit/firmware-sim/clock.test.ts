import { expect, test } from 'vitest'
import { createFastClock, every } from '../../../firmware-sim/clock.ts'
import {
  clockText,
  midnightBefore,
  nextAt,
  parseTimeOfDay,
  timeOfDay,
} from '../../../firmware-sim/local-time.ts'
import { createVirtualClock } from '../../support/virtual-clock.ts'

const at = (text: string) => Date.parse(text)

test('a fast clock shows its start at its beginning, and waits so much shorter as it runs faster', () => {
  const real = createVirtualClock(1_000_000)
  const fast = createFastClock({ startAt: at('2026-11-22T02:05:00+08:00'), speed: 60, since: 940_000 }, real)
  expect(clockText(fast.now())).toBe('03:05:00')
  const rung: string[] = []
  fast.after(30 * 60_000, () => rung.push(clockText(fast.now())))
  const cancel = fast.after(10 * 60_000, () => rung.push('never'))
  cancel()
  real.advance(29_999)
  expect(rung).toEqual([])
  real.advance(1)
  expect(rung).toEqual(['03:35:00'])
})

test('what is done every period is done until it is stopped, also from within', () => {
  const clock = createVirtualClock()
  const times: number[] = []
  const stop = every(clock, 10, () => {
    times.push(clock.now())
    if (times.length === 3) stop()
  })
  clock.advance(100)
  expect(times).toEqual([10, 20, 30])
})

test('local time is that of China, across midnight', () => {
  const evening = at('2026-11-21T23:30:00+08:00')
  expect(clockText(evening)).toBe('23:30:00')
  expect(timeOfDay(evening)).toBe(23.5 * 3_600_000)
  expect(midnightBefore(evening)).toBe(at('2026-11-21T00:00:00+08:00'))
  expect(nextAt(evening, parseTimeOfDay('02:10') ?? 0)).toBe(at('2026-11-22T02:10:00+08:00'))
  expect(nextAt(evening, parseTimeOfDay('23:30') ?? 0)).toBe(evening)
})

test.each(['2:10', '24:00', '12:60', '', '12:00:60', 'noon'])('"%s" is no time of day', text => {
  expect(parseTimeOfDay(text)).toBeUndefined()
})
