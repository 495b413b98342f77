import { describe, expect, test } from 'vitest'
import { createLocalTime } from '../../../gateway/kit/local-time.ts'
import { monthOf, monthSpan } from '../../../gateway/review/month.ts'

const inZone = (zone: string, month: string) => {
  const { from, to } = monthSpan(month, createLocalTime(zone))
  return [new Date(from).toISOString(), new Date(to).toISOString()]
}

describe('a month', () => {
  test('begins and ends at local midnight', () => {
    expect(inZone('Asia/Shanghai', '2026-10')).toEqual([
      '2026-09-30T16:00:00.000Z',
      '2026-10-31T16:00:00.000Z',
    ])
    expect(inZone('UTC', '2026-12')).toEqual(['2026-12-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z'])
  })

  test('is as long as its clocks make it', () => {
    expect(inZone('America/New_York', '2026-11')).toEqual([
      '2026-11-01T04:00:00.000Z',
      '2026-12-01T05:00:00.000Z',
    ])
    expect(inZone('America/New_York', '2026-03')).toEqual([
      '2026-03-01T05:00:00.000Z',
      '2026-04-01T04:00:00.000Z',
    ])
  })

  test('is found from any of its moments', () => {
    const shanghai = createLocalTime('Asia/Shanghai')
    expect(monthOf(Date.parse('2026-09-30T15:59:59Z'), shanghai)).toBe('2026-09')
    expect(monthOf(Date.parse('2026-09-30T16:00:00Z'), shanghai)).toBe('2026-10')
  })
})
