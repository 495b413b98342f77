import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createThrottle } from '../../../gateway/access/throttle.ts'
import { createVirtualClock } from '../../support/virtual-clock.ts'

const begin = () => {
  const clock = createVirtualClock(1_000_000)
  const throttle = createThrottle(clock)
  /** How long to wait; 0 when the attempt was let through, and failed. */
  const fail = (username: string, address: string): number => {
    const attempt = throttle.begin(username, address)
    return 'retryAfterMs' in attempt ? attempt.retryAfterMs : 0
  }
  const succeed = (username: string, address: string): boolean => {
    const attempt = throttle.begin(username, address)
    if ('retryAfterMs' in attempt) return false
    attempt.succeeded()
    return true
  }
  const failTimes = (times: number, username: string, address: string): void => {
    for (let count = 0; count < times; count += 1) expect(fail(username, address)).toBe(0)
  }
  return { clock, throttle, fail, succeed, failTimes }
}

describe('guessing', () => {
  test('at one user waits after the fifth failure, then twice as long each time, up to a minute', () => {
    const { clock, fail, failTimes } = begin()
    failTimes(5, 'wang', '10.0.0.1')
    const waits = Array.from({ length: 8 }, (_, round) => {
      const waitMs = fail('wang', `10.0.1.${round}`)
      clock.advance(waitMs)
      expect(fail('wang', `10.0.2.${round}`)).toBe(0)
      return waitMs
    })
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000])
  })

  test('from one address waits whatever names are tried', () => {
    const { fail, failTimes } = begin()
    for (let user = 0; user < 20; user += 1) failTimes(1, `user-${user}`, '10.0.0.1')
    expect(fail('another', '10.0.0.1')).toBe(1_000)
    expect(fail('another', '10.0.0.2')).toBe(0)
  })

  test('in a burst gains nothing: attempts under way count as failed', () => {
    const { clock, fail, failTimes } = begin()
    failTimes(5, 'wang', '10.0.0.1')
    expect(fail('wang', '10.0.0.1')).toBe(1_000)
    clock.advance(999)
    expect(fail('wang', '10.0.0.1')).toBe(1)
  })

  test('is forgotten after a quarter of an hour without a failure', () => {
    const { clock, fail, failTimes } = begin()
    failTimes(5, 'wang', '10.0.0.1')
    clock.advance(15 * 60_000)
    failTimes(5, 'wang', '10.0.0.1')
    expect(fail('wang', '10.0.0.1')).toBe(1_000)
  })
})

describe('a right login', () => {
  test('by a colleague who has logged in from there before is never held up by somebody guessing', () => {
    const { succeed, failTimes, fail } = begin()
    expect(succeed('li', '10.0.0.1')).toBe(true)
    for (let user = 0; user < 20; user += 1) failTimes(1, `user-${user}`, '10.0.0.1')
    failTimes(5, 'li', '10.9.9.9')
    expect(fail('li', '10.9.9.9')).toBe(1_000)
    expect(succeed('li', '10.0.0.1')).toBe(true)
  })

  test('clears the failures of that user', () => {
    const { fail, succeed, failTimes } = begin()
    failTimes(4, 'wang', '10.0.0.1')
    expect(succeed('wang', '10.0.0.1')).toBe(true)
    failTimes(5, 'wang', '10.0.0.2')
    expect(fail('wang', '10.0.0.2')).toBe(1_000)
  })

  test('does not excuse other failures from its address', () => {
    const { fail, succeed, failTimes } = begin()
    for (let user = 0; user < 19; user += 1) failTimes(1, `user-${user}`, '10.0.0.1')
    expect(succeed('mallory', '10.0.0.1')).toBe(true)
    failTimes(1, 'user-19', '10.0.0.1')
    expect(succeed('mallory', '10.0.0.1')).toBe(true)
    expect(fail('user-20', '10.0.0.1')).toBe(1_000)
  })
})

describe('what is remembered', () => {
  test('is bounded: ten thousand other names push the oldest out', () => {
    const { fail, failTimes } = begin()
    failTimes(5, 'wang', '10.0.0.1')
    for (let user = 0; user < 5_001; user += 1) fail(`user-${user}`, `10.1.${user >> 8}.${user & 255}`)
    expect(fail('wang', '10.0.0.2')).toBe(0)
  })
})

describe('an attempt that is excused', () => {
  test('counts as none', () => {
    const { throttle, failTimes } = begin()
    failTimes(4, 'wang', '10.0.0.1')
    for (let round = 0; round < 50; round += 1) {
      const attempt = throttle.begin('wang', '10.0.0.1')
      if ('excused' in attempt) attempt.excused()
    }
    failTimes(1, 'wang', '10.0.0.1')
    expect(throttle.begin('wang', '10.0.0.1')).toEqual({ retryAfterMs: 1_000 })
  })

  test('leaves the wait of one that failed meanwhile', () => {
    const { clock, throttle, failTimes } = begin()
    failTimes(4, 'wang', '10.0.0.1')
    const slow = throttle.begin('wang', '10.0.0.1')
    clock.advance(1_000)
    failTimes(1, 'wang', '10.0.0.1')
    if ('excused' in slow) slow.excused()
    expect(throttle.begin('wang', '10.0.0.1')).toEqual({ retryAfterMs: 2_000 })
  })
})

describe('an attempt of nobody in particular', () => {
  test('counts for its address only', () => {
    const { throttle, fail } = begin()
    for (let count = 0; count < 20; count += 1) throttle.begin(undefined, '10.0.0.1')
    expect(throttle.begin(undefined, '10.0.0.1')).toEqual({ retryAfterMs: 1_000 })
    expect(throttle.begin(undefined, '10.0.0.2')).toHaveProperty('succeeded')
    expect(fail('wang', '10.0.0.2')).toBe(0)
  })
})

describe('a clock that is set back', () => {
  test('makes no short wait a long one', () => {
    const { clock, fail, failTimes } = begin()
    failTimes(5, 'wang', '10.0.0.1')
    clock.setWall(clock.now() - 86_400_000)
    expect(fail('wang', '10.0.0.1')).toBe(0)
  })
})

describe('whoever has logged in from somewhere before', () => {
  const event = fc.record({
    user: fc.constantFrom('wang', 'li', 'zhao', undefined),
    address: fc.constantFrom('10.0.0.1', '10.0.0.2', '10.9.9.9'),
    does: fc.constantFrom('fails', 'succeeds', 'is excused'),
    times: fc.integer({ min: 1, max: 40 }),
    afterMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 20 * 60_000 })),
  })
  const isThere = ({ user, address }: { user: string | undefined; address: string }): boolean =>
    user === 'wang' && address === '10.0.0.1'

  test('is never kept out there by what others do, under that name elsewhere or other names there', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), fc.boolean(), (events, isRestarted) => {
        const clock = createVirtualClock(1_000_000)
        const there = { username: 'wang', address: '10.0.0.1' }
        const throttle = createThrottle(clock, isRestarted ? [there] : [])
        const first = throttle.begin(there.username, there.address)
        if ('succeeded' in first) first.succeeded()
        for (const one of events.filter(other => !isThere(other))) {
          clock.advance(one.afterMs)
          for (let count = 0; count < one.times; count += 1) {
            const attempt = throttle.begin(one.user, one.address)
            if ('retryAfterMs' in attempt) continue
            if (one.does === 'succeeds') attempt.succeeded()
            if (one.does === 'is excused') attempt.excused()
          }
          const mine = throttle.begin(there.username, there.address)
          expect(mine).toHaveProperty('excused')
          if ('excused' in mine) mine.excused()
        }
      }),
    )
  })

  test('waits a minute at the very most, however often somebody guesses under that name at that place', () => {
    const { clock, throttle } = begin()
    const first = throttle.begin('wang', '10.0.0.1')
    if ('succeeded' in first) first.succeeded()
    for (let count = 0; count < 100; count += 1) {
      throttle.begin('wang', '10.0.0.1')
      clock.advance(30_000)
    }
    clock.advance(30_000)
    expect(throttle.begin('wang', '10.0.0.1')).toHaveProperty('succeeded')
  })
})

describe('an address that floods', () => {
  /** One failure after another: five are let through, the others have to wait. */
  const flood = (fail: (username: string, address: string) => number, address: string): void => {
    for (let count = 0; count < 25; count += 1) fail('wang', address)
  }

  test('is refused whoever it is for the rest of a minute, and no other address is', () => {
    const { clock, throttle, fail } = begin()
    flood(fail, '10.0.0.1')
    expect(throttle.floodMs('10.0.0.1')).toBe(60_000)
    expect(throttle.floodMs('10.0.0.2')).toBe(0)
    clock.advance(59_999)
    expect(throttle.floodMs('10.0.0.1')).toBe(1)
    clock.advance(1)
    expect(throttle.floodMs('10.0.0.1')).toBe(0)
  })

  test('is none while few have to wait: people try again', () => {
    const { throttle, failTimes, fail } = begin()
    failTimes(5, 'wang', '10.0.0.1')
    for (let count = 0; count < 19; count += 1) fail('wang', '10.0.0.1')
    expect(throttle.floodMs('10.0.0.1')).toBe(0)
  })

  test('is read all the same where anybody has logged in from, also before a restart: it may be them', () => {
    const { throttle, succeed, fail } = begin()
    expect(succeed('li', '10.0.0.1')).toBe(true)
    flood(fail, '10.0.0.1')
    expect(throttle.floodMs('10.0.0.1')).toBe(0)
    const later = createThrottle(createVirtualClock(1_000_000), [{ username: 'li', address: '10.0.0.1' }])
    for (let count = 0; count < 50; count += 1) later.begin('wang', '10.0.0.1')
    expect(later.floodMs('10.0.0.1')).toBe(0)
  })
})
