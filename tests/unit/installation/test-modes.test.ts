import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createTables } from '../../../gateway/installation/schema.ts'
import { createTestModes } from '../../../gateway/installation/test-modes.ts'
import { type Database, openDatabase } from '../../../gateway/kit/sqlite.ts'
import { DeviceId, HomeId, UserId } from '../../../gateway/model/ids.ts'
import { type AlarmKind, alarmKinds, isAlarmKind } from '../../../gateway/model/kinds.ts'
import type { HeardTrigger } from '../../../gateway/model/provisioning.ts'
import { createVirtualClock, type VirtualClock } from '../../support/virtual-clock.ts'

const start = Date.UTC(2026, 10, 21, 8)
const home = HomeId.parse('h-1')
const by = { id: UserId.parse('zhao'), name: '赵' }
const minuteMs = 60_000

let clock: VirtualClock
let database: Database
let modes: ReturnType<typeof createTestModes>
let errors: string[]
let events: number

const open = () =>
  createTestModes({ database, clock, log: { error: (_facts, message) => void errors.push(message) } })

beforeEach(() => {
  clock = createVirtualClock(start)
  database = openDatabase(':memory:', { durability: 'full' })
  createTables(database)
  errors = []
  events = 0
  modes = open()
})
afterEach(() => modes.close())

const restart = (): void => {
  modes.close()
  modes = open()
}

const press = (more: Partial<Omit<HeardTrigger, 'device'>> & { device?: string } = {}): AlarmKind => {
  events += 1
  const { device = 'btn-1', kind = 'sos', ...rest } = more
  const eventKey = more.eventKey ?? `${kind}/${events}`
  const trigger = {
    home,
    kind,
    at: clock.now(),
    isOpen: false,
    ...rest,
    device: DeviceId.parse(device),
    eventKey,
  }
  const counted = modes.kindFor(trigger)
  modes.committed(trigger)
  return counted
}
const isOn = (): boolean => modes.of(home, clock.now()) !== undefined

/** How long it goes on, in seconds of elapsed time, asked every second; at most 20 min. */
const secondsOn = (): number => {
  let seconds = 0
  while (isOn() && seconds < 1_200) {
    clock.advance(1_000)
    seconds += 1
  }
  return seconds
}

describe('a test mode', () => {
  test('is on from when it is set, says by whom and until when, and ends by itself', () => {
    expect(isOn()).toBe(false)
    modes.set(home, 10, by)
    expect(modes.of(home, clock.now())).toEqual({ home, since: start, until: start + 10 * minuteMs, by })
    expect(secondsOn()).toBe(600)
    expect(press()).toBe('sos')
  })

  test('never lasts for more than 15 min, whatever was asked for', () => {
    modes.set(home, 999, by)
    expect(secondsOn()).toBe(900)
  })

  test('is ended by whoever ends it, once', () => {
    modes.set(home, 10, by)
    expect([modes.end(home), modes.end(home)]).toEqual([true, false])
    expect(isOn()).toBe(false)
  })

  test('that is set again begins anew', () => {
    modes.set(home, 10, by)
    clock.advance(9 * minuteMs)
    modes.set(home, 5, by)
    expect(secondsOn()).toBe(300)
  })

  test('does not last longer because the clock was set back, nor after it was set ahead', () => {
    modes.set(home, 10, by)
    clock.advance(4 * minuteMs)
    clock.setWall(start - 3 * 86_400_000)
    expect(secondsOn()).toBe(360)
    clock.setWall(start)
    modes.set(home, 10, by)
    clock.setWall(start + 10 * minuteMs)
    expect(isOn()).toBe(false)
  })

  test.each([0, 1, 9, 10, 11, 299, 595])(
    'goes on after a restart %d s later for no longer than what was left',
    seconds => {
      modes.set(home, 10, by)
      clock.advance(seconds * 1_000)
      restart()
      const after = secondsOn()
      expect(after).toBeLessThanOrEqual(600 - seconds)
      // What is lost is less than the time between two writings, twice over.
      expect(after).toBeGreaterThanOrEqual(Math.max(600 - seconds - 20, 0))
    },
  )

  test('goes on no longer where the clock was set back while the gateway was down', () => {
    modes.set(home, 10, by)
    clock.advance(8 * minuteMs)
    modes.close()
    clock.setWall(start - 86_400_000)
    modes = open()
    expect(secondsOn()).toBeLessThanOrEqual(120)
  })

  test('that ended while the gateway was down is over', () => {
    modes.set(home, 1, by)
    modes.close()
    clock.setWall(start + minuteMs)
    modes = open()
    expect(isOn()).toBe(false)
  })

  test('restarted again and again ends all the same', () => {
    modes.set(home, 15, by)
    let seconds = 0
    for (; isOn() && seconds < 2_000; seconds += 7) {
      clock.advance(7_000)
      clock.setWall(start)
      restart()
    }
    expect(seconds).toBeLessThanOrEqual(900)
  })

  test('of which it cannot be written how long it goes on is over', () => {
    modes.set(home, 10, by)
    database.exec('PRAGMA query_only = ON')
    clock.advance(10_000)
    expect(isOn()).toBe(false)
    expect(errors).toHaveLength(2)
    expect(press()).toBe('sos')
  })
})

describe('a trigger in test mode', () => {
  beforeEach(() => void modes.set(home, 10, by))

  test('is a test, whatever a technician tries out; a technical fault and a test are what they are', () => {
    const counted = Object.keys(alarmKinds)
      .filter(isAlarmKind)
      .map(kind => [kind, press({ kind })] as const)
    const technical = [
      ...['device-silent', 'line-lost', 'nobody-on-duty', 'battery-low'],
      ...['tamper', 'mains-lost', 'sensor-faulty'],
    ]
    expect(counted.filter(([, as]) => as !== 'test').map(([kind]) => kind)).toEqual(technical)
    expect(isOn()).toBe(true)
  })

  test('of another home, or of a device that belongs to none, is what it is', () => {
    expect(press({ home: HomeId.parse('h-2') })).toBe('sos')
    expect(press({ home: undefined })).toBe('sos')
    expect(isOn()).toBe(true)
  })

  test.each([
    [{ press: 'long' }, 'sos'],
    [{ pressMs: 3_000 }, 'sos'],
    [{ pressMs: 2_999 }, 'test'],
    [{ press: 'short', pressMs: 200 }, 'test'],
    [{ pressMs: '9000' }, 'test'],
    [{ pressMs: Number.NaN }, 'test'],
  ] as const)('with %j counts as %s, and a long press ends the test mode', (data, counted) => {
    expect(press({ data })).toBe(counted)
    expect(isOn()).toBe(counted === 'test')
  })

  test('rings the third time within 10 s, and ends the test mode', () => {
    expect(press()).toBe('test')
    clock.advance(5_000)
    expect(press()).toBe('test')
    clock.advance(5_000)
    expect(press()).toBe('sos')
    expect(isOn()).toBe(false)
    expect(press()).toBe('sos')
  })

  test('does not ring the third time after more than 10 s, from another device, or of another kind', () => {
    expect([press(), press({ device: 'btn-2' }), press({ kind: 'service' }), press()]).toEqual(
      Array(4).fill('test'),
    )
    clock.advance(10_001)
    expect([press(), press()]).toEqual(['test', 'test'])
    expect(isOn()).toBe(true)
  })

  test('rings the third time also where the clock was set back, or the test mode set again, in between', () => {
    expect(press()).toBe('test')
    clock.setWall(start - 86_400_000)
    expect(press()).toBe('test')
    modes.set(home, 10, by)
    expect(press()).toBe('sos')
  })

  test('sent again is no further press, however often', () => {
    expect([1, 2, 3, 4].map(() => press({ eventKey: 'sos/7' }))).toEqual(Array(4).fill('test'))
    expect(press()).toBe('test')
    expect(press()).toBe('sos')
  })

  test('rings while somebody waits for help about the same, and ends the test mode', () => {
    expect(press({ isOpen: true })).toBe('sos')
    expect(isOn()).toBe(false)
  })

  test('rings after a restart that came right after one was meant', () => {
    press({ data: { press: 'long' } })
    restart()
    expect(press()).toBe('sos')
  })

  test('rings where the end of the test mode cannot be written', () => {
    database.exec('PRAGMA query_only = ON')
    expect(press({ data: { press: 'long' } })).toBe('sos')
    expect(press()).toBe('sos')
    expect(errors).toEqual(['the end of a test mode could not be written'])
  })
})

describe('a trigger that could not be committed', () => {
  const trigger = (more: Partial<HeardTrigger> = {}): HeardTrigger => ({
    home,
    device: DeviceId.parse('btn-1'),
    kind: 'sos',
    eventKey: 'sos/1',
    at: clock.now(),
    isOpen: false,
    ...more,
  })

  test('that was meant is meant when it comes again, though a test mode has begun since', () => {
    expect(modes.kindFor(trigger())).toBe('sos')
    modes.set(home, 10, by)
    expect(modes.kindFor(trigger())).toBe('sos')
    modes.committed(trigger())
    expect(modes.kindFor(trigger({ eventKey: 'sos/2' }))).toBe('test')
  })

  test('that was a test is a test when it comes again, though the test mode is over', () => {
    modes.set(home, 1, by)
    expect(modes.kindFor(trigger())).toBe('test')
    clock.advance(2 * minuteMs)
    expect(modes.kindFor(trigger())).toBe('test')
    modes.committed(trigger())
    expect(modes.kindFor(trigger())).toBe('sos')
  })

  test('that was a test long ago rings when it comes again: it may be another press under the same number', () => {
    modes.set(home, 1, by)
    expect(modes.kindFor(trigger())).toBe('test')
    clock.advance(15 * minuteMs)
    expect(modes.kindFor(trigger({ at: clock.now() }))).toBe('sos')
  })

  test('in the third place rings each time it comes', () => {
    modes.set(home, 10, by)
    const presses = [1, 2, 3].map(number => trigger({ eventKey: `sos/${number}` }))
    expect(presses.map(modes.kindFor)).toEqual(['test', 'test', 'sos'])
    modes.set(home, 10, by)
    expect(presses.map(modes.kindFor)).toEqual(['test', 'test', 'sos'])
  })
})
