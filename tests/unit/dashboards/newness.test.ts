import { describe, expect, test } from 'vitest'
import { arrivalsIn, arrivedSince, flashOf, isNew, seenAfter } from '../../../dashboards/console/newness.ts'
import { alarmView, heldBy, receivedAfter, sampleMs } from './alarm-views.ts'

describe('an alarm flashes', () => {
  test('fast when it is high, slowly when it is medium, and not at all when it is low', () => {
    expect(flashOf(alarmView('a', 'sos'), undefined)).toBe('fast')
    expect(flashOf(alarmView('a', 'no-return-to-bed'), undefined)).toBe('slow')
    expect(flashOf(alarmView('a', 'battery-low'), undefined)).toBe('steady')
  })

  test('not when a device has only fallen silent', () => {
    expect(flashOf(alarmView('a', 'device-silent'), undefined)).toBe('steady')
  })

  test('as a call until somebody has it, though it was looked at', () => {
    expect(flashOf(alarmView('a', 'sos'), 0)).toBe('fast')
    expect(flashOf(alarmView('a', 'sos', heldBy('wu')), 0)).toBe('none')
  })

  test('as a finding until it was looked at, and again when it comes again', () => {
    expect(flashOf(alarmView('a', 'fall'), 0)).toBe('none')
    expect(flashOf(alarmView('a', 'fall', { repeats: 1 }), 0)).toBe('fast')
  })

  test('again when somebody presses again, though somebody has it', () => {
    expect(flashOf(alarmView('a', 'sos', { ...heldBy('wu'), repeats: 2 }), 1)).toBe('fast')
  })

  test('never as a test, nor when it is over', () => {
    expect(isNew(alarmView('a', 'test'), undefined)).toBe(false)
    expect(isNew(alarmView('a', 'sos', { state: 'resolved' }), undefined)).toBe(false)
  })
})

describe('what was seen here', () => {
  const offered = alarmView('a', 'no-return-to-bed')
  const taken = { ...offered, ...heldBy('wu'), repeats: 1, version: 2 }

  test('is what somebody took, with the presses until then', () => {
    expect(seenAfter(new Map(), [{ before: offered, after: taken }])).toEqual(new Map([['a', 1]]))
  })

  test('is new again when it comes back to everybody, and flashes', () => {
    const back = { ...taken, state: 'offered' as const, acknowledgedBy: null, version: 3 }
    const seen = seenAfter(new Map([['a', 1]]), [{ before: taken, after: back }])
    expect(flashOf(back, seen.get('a'))).toBe('slow')
  })

  test('is forgotten when it is over', () => {
    const over = alarmView('a', 'no-return-to-bed', { state: 'resolved', version: 3 })
    expect(seenAfter(new Map([['a', 1]]), [{ before: taken, after: over }])).toEqual(new Map())
  })
})

describe('what has come up', () => {
  const before = alarmView('a', 'sos')

  test('is a new alarm, or another press, once with its latest state', () => {
    const pressed = { ...before, repeats: 1, version: 2 }
    const taken = { ...pressed, ...heldBy('wu'), version: 3 }
    expect(arrivalsIn([{ before: undefined, after: before }])).toEqual([before])
    expect(
      arrivalsIn([
        { before, after: pressed },
        { before: pressed, after: taken },
      ]),
    ).toEqual([taken])
  })

  test('is what somebody had and nobody has any more', () => {
    const taken = alarmView('a', 'no-return-to-bed', { ...heldBy('wu'), version: 2 })
    const back = alarmView('a', 'no-return-to-bed', { version: 3, epoch: 2 })
    expect(arrivalsIn([{ before: taken, after: back }])).toEqual([back])
  })

  test('is no mere change, no test and nothing that is over', () => {
    expect(
      arrivalsIn([
        { before, after: { ...before, level: 2 } },
        { before: undefined, after: alarmView('t', 'test') },
        { before: undefined, after: alarmView('o', 'sos', { state: 'closed' }) },
      ]),
    ).toEqual([])
  })
})

test('a flood counts what came in since then, without tests', () => {
  const alarms = [
    alarmView('old', 'sos', receivedAfter(-601)),
    alarmView('a', 'sos', receivedAfter(-600)),
    alarmView('b', 'device-silent'),
    alarmView('t', 'test'),
  ]
  expect(arrivedSince(alarms, new Date(sampleMs - 600_000).toISOString())).toBe(2)
})
