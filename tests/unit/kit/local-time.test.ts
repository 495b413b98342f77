import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createLocalTime } from '../../../gateway/kit/local-time.ts'

const utc = (text: string): number => Date.parse(`${text}Z`)

describe('local time', () => {
  test('is the wall clock of the zone, and its calendar day', () => {
    const shanghai = createLocalTime('Asia/Shanghai')
    expect(shanghai(utc('2026-11-21T15:59'))).toEqual({ minuteOfDay: 1_439, day: 20_778 })
    expect(shanghai(utc('2026-11-21T16:00'))).toEqual({ minuteOfDay: 0, day: 20_779 })
  })

  test('follows summer time to the minute', () => {
    const berlin = createLocalTime('Europe/Berlin')
    expect(berlin(utc('2026-03-29T00:59')).minuteOfDay).toBe(119)
    expect(berlin(utc('2026-03-29T01:00')).minuteOfDay).toBe(180)
  })

  test('west of Greenwich the day before is still on', () => {
    expect(createLocalTime('America/Los_Angeles')(0)).toEqual({ minuteOfDay: 960, day: -1 })
  })

  test('is what the calendar of the platform says, in any zone at any time', () => {
    const zones = ['Asia/Shanghai', 'Asia/Kathmandu', 'Europe/Berlin', 'America/St_Johns', 'UTC'] as const
    const clocks = new Map(zones.map(zone => [zone, createLocalTime(zone)]))
    fc.assert(
      fc.property(fc.constantFrom(...zones), fc.integer({ min: 0, max: 4_102_444_800_000 }), (zone, at) => {
        const [hour, minute] = new Intl.DateTimeFormat('en-GB', {
          timeZone: zone,
          hour: '2-digit',
          minute: '2-digit',
          hourCycle: 'h23',
        })
          .format(at)
          .split(':')
          .map(Number)
        expect(clocks.get(zone)?.(at).minuteOfDay).toBe((hour ?? 0) * 60 + (minute ?? 0))
      }),
    )
  })
})
