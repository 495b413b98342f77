import { expect, test } from 'vitest'
import { dayAfter, startOfDay } from '../../../dashboards/console/archive-day.ts'

test('a day begins at midnight of the city, whatever clock the screen has', () => {
  expect(startOfDay('2026-11-21', 'Asia/Shanghai')).toBe('2026-11-21T00:00:00+08:00')
  expect(startOfDay('2026-11-21', 'America/St_Johns')).toBe('2026-11-21T00:00:00-03:30')
  // Engines write no difference as GMT or as GMT+00:00.
  expect(Date.parse(startOfDay('2026-11-21', 'UTC') ?? '')).toBe(Date.UTC(2026, 10, 21))
})

test('a day that nobody chose is no bound', () => {
  expect(startOfDay('', 'Asia/Shanghai')).toBeUndefined()
  expect(startOfDay(dayAfter(''), 'Asia/Shanghai')).toBeUndefined()
})

test('the last day is included: the bound is the day after it', () => {
  expect(dayAfter('2026-02-28')).toBe('2026-03-01')
  expect(dayAfter('2026-12-31')).toBe('2027-01-01')
})
