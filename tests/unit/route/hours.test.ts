import { afterEach, describe, expect, test } from 'vitest'
import { createHours } from '../../../gateway/route/hours.ts'

const shanghai = createHours('Asia/Shanghai')
/** Is this text open at this local time in Shanghai? */
const open = (text: string, local: string): boolean => shanghai(text)(Date.parse(`${local}+08:00`))

describe('opening hours', () => {
  test.each([
    ['24/7', '2026-11-21T03:00:00', true],
    ['Mo-Su 08:00-20:00', '2026-11-21T07:59:59', false],
    ['Mo-Su 08:00-20:00', '2026-11-21T08:00:00', true],
    ['Mo-Su 08:00-20:00', '2026-11-21T19:59:59', true],
    ['Mo-Su 08:00-20:00', '2026-11-21T20:00:00', false],
    // 2026-11-20 is a Friday
    ['Mo-Fr 08:00-17:00', '2026-11-20T12:00:00', true],
    ['Mo-Fr 08:00-17:00', '2026-11-21T12:00:00', false],
    ['Fr 22:00-06:00', '2026-11-20T23:00:00', true],
    ['Fr 22:00-06:00', '2026-11-21T05:59:00', true],
    ['Fr 22:00-06:00', '2026-11-21T22:30:00', false],
    ['08:00-12:00,13:30-17:30', '2026-11-20T12:30:00', false],
    ['2027 Feb 05-08 off; 08:00-17:00', '2026-11-20T12:00:00', true],
    ['08:00-17:00; 2027 Feb 05-08 off', '2027-02-06T12:00:00', false],
    ['Mo-Su off', '2026-11-20T12:00:00', false],
    ['"by appointment"', '2026-11-20T12:00:00', false],
  ])('%s at %s is open: %s', (text, local, expected) => {
    expect(open(text, local)).toBe(expected)
  })

  test('PH knows the fixed holidays of China', () => {
    expect(open('08:00-17:00; PH off', '2026-10-01T12:00:00')).toBe(false)
    expect(open('08:00-17:00; PH off', '2026-05-01T12:00:00')).toBe(false)
    expect(open('08:00-17:00; PH off', '2026-10-09T12:00:00')).toBe(true)
    expect(open('Mo-Fr 08:00-17:00; PH 10:00-12:00', '2026-10-01T13:00:00')).toBe(false)
  })

  test('PH does not know the Spring Festival, as the documentation says', () => {
    expect(open('08:00-17:00; PH off', '2027-02-06T12:00:00')).toBe(true)
  })

  test('what cannot be read counts as open, so that the point is asked rather than forgotten', () => {
    expect(open('whenever', '2026-11-20T03:00:00')).toBe(true)
  })

  test('an answer is remembered only until it changes, forwards and backwards', () => {
    const isOpen = shanghai('Tu 08:00-20:00')
    const minute = 60_000
    const start = Date.parse('2026-11-23T00:00:00+08:00')
    const days = 3
    const states = (order: (steps: number[]) => number[]): Map<number, boolean> => {
      const steps = order(Array.from({ length: days * 24 * 4 }, (_, index) => start + index * 15 * minute))
      return new Map(steps.map(now => [now, isOpen(now)]))
    }
    const forwards = states(steps => steps)
    const backwards = states(steps => steps.toReversed())
    for (const [now, state] of forwards) {
      const expected = now >= start + 32 * 60 * minute && now < start + 44 * 60 * minute
      expect([now, state, backwards.get(now)]).toEqual([now, expected, expected])
    }
  })
})

describe('time zones', () => {
  const processZone = process.env['TZ']
  afterEach(() => {
    if (processZone === undefined) delete process.env['TZ']
    else process.env['TZ'] = processZone
  })

  test.each([
    ['UTC', 0],
    ['Asia/Shanghai', -480],
    ['America/Los_Angeles', 480],
    ['Pacific/Kiritimati', -840],
  ])('the zone of the process, %s, does not matter', (zone, offset) => {
    process.env['TZ'] = zone
    expect(new Date('2026-11-20T00:00:00Z').getTimezoneOffset()).toBe(offset)
    const isOpen = createHours('Asia/Shanghai')('Fr 08:00-20:00')
    expect(isOpen(Date.parse('2026-11-20T07:59:00+08:00'))).toBe(false)
    expect(isOpen(Date.parse('2026-11-20T08:00:00+08:00'))).toBe(true)
    expect(isOpen(Date.parse('2026-11-20T20:00:00+08:00'))).toBe(false)
  })

  test('in a zone with summer time the wall clock counts on both sides of the change', () => {
    const isOpen = createHours('Europe/Berlin')('02:30-08:00')
    // 2026-10-25: 03:00 +02:00 becomes 02:00 +01:00
    const cases: [string, boolean][] = [
      ['2026-10-24T07:59:00+02:00', true],
      ['2026-10-24T08:00:00+02:00', false],
      ['2026-10-25T01:59:00+02:00', false],
      ['2026-10-25T02:45:00+02:00', true],
      ['2026-10-25T02:15:00+01:00', false],
      ['2026-10-25T07:59:00+01:00', true],
      ['2026-10-25T08:00:00+01:00', false],
    ]
    for (const [instant, expected] of cases)
      expect([instant, isOpen(Date.parse(instant))]).toEqual([instant, expected])
  })
})
