import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createDeviceLocks } from '../../../gateway/device-locks.ts'
import { createUsualAddresses } from '../../../gateway/usual-addresses.ts'

const begin = () => {
  let nowMs = 1_000
  const usual = createUsualAddresses({ names: () => [], take: () => undefined, mark: () => {} })
  const locks = createDeviceLocks({ usual, elapsedMs: () => nowMs })
  return {
    locks,
    advance(ms: number) {
      nowMs += ms
    },
    /** How many of these wrong secrets were looked at. */
    guess(times: number, identity: string, address: string): number {
      let lookedAt = 0
      for (let n = 0; n < times; n += 1) {
        if (!locks.mayTry(identity, address)) continue
        locks.failed(identity, address)
        lookedAt += 1
      }
      return lookedAt
    },
    /** Milliseconds until a secret from there is looked at again. */
    waitOf(identity: string, address: string): number {
      const startMs = nowMs
      while (!locks.mayTry(identity, address)) nowMs += 1
      return nowMs - startMs
    },
  }
}

describe('guessing secrets of devices', () => {
  test('of one identity, from ever new addresses, waits after five, each time twice as long', () => {
    const { guess, waitOf } = begin()
    expect(guess(50, 'device:a', '10.0.0.1')).toBe(5)
    const waits = Array.from({ length: 4 }, (_, round) => {
      const waitMs = waitOf('device:a', `10.0.1.${round}`)
      guess(1, 'device:a', `10.0.1.${round}`)
      return waitMs
    })
    expect(waits[0]).toBe(1_000)
    for (const [round, waitMs] of waits.slice(1).entries()) {
      // Time has forgiven a part of a failure meanwhile.
      expect(waitMs / (waits[round] ?? 0)).toBeGreaterThan(1.8)
      expect(waitMs / (waits[round] ?? 0)).toBeLessThanOrEqual(2)
    }
  })

  test('never gets more than one try a minute at an identity in the long run', () => {
    const { guess, advance } = begin()
    guess(100, 'device:a', 'far')
    let lookedAt = 0
    for (let second = 0; second < 86_400; second += 1) {
      lookedAt += guess(1, 'device:a', `far-${second % 7}`)
      advance(1_000)
    }
    expect(lookedAt).toBeLessThanOrEqual(1_440 + 10)
    expect(lookedAt).toBeGreaterThan(100)
  })

  test('from one address waits after a hundred, whatever names are tried', () => {
    const { guess } = begin()
    const lookedAt = Array.from({ length: 300 }, (_, n) => guess(1, `device:${n}`, '10.0.0.1'))
    expect(lookedAt.reduce((sum, one) => sum + one)).toBe(100)
    expect(guess(1, 'device:another', '10.0.0.2')).toBe(1)
  })

  test('by sixty devices with a wrong secret does not lock out their neighbours behind one address', () => {
    const { locks, advance } = begin()
    for (let second = 0; second < 7_200; second += 1) {
      const device = `device:${second % 60}`
      if (locks.mayTry(device, 'district')) locks.failed(device, 'district')
      advance(1_000)
    }
    expect(locks.mayTry('device:new', 'district')).toBe(true)
  })

  test('is forgotten of whoever proves who it is', () => {
    const { locks, guess } = begin()
    guess(4, 'device:a', '10.0.0.1')
    locks.succeeded('device:a', '10.0.0.2')
    expect(guess(50, 'device:a', '10.0.0.3')).toBe(5)
  })

  test('at very many names forgets those of longest ago, and nobody else', () => {
    const { locks, guess } = begin()
    guess(5, 'device:old', 'x')
    for (let n = 0; n < 10_000; n += 1) locks.failed(`device:${n}`, `address-${n}`)
    expect(locks.mayTry('device:old', 'y')).toBe(true)
    guess(5, 'device:new', 'z')
    expect(locks.mayTry('device:new', 'y')).toBe(false)
  })
})

describe('a device that comes from one of its usual addresses', () => {
  const identities = ['device:a', 'device:b', 'point:p', ''] as const
  const addresses = ['home', 'mobile', '10.0.0.9', 'far'] as const
  const step = fc.record({
    what: fc.constantFrom('failed', 'succeeded', 'passed' as const),
    identity: fc.constantFrom(...identities),
    address: fc.constantFrom(...addresses),
    times: fc.integer({ min: 1, max: 300 }),
  })

  test('is let through to the check of its secret, whatever anybody has tried before', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), steps => {
        const { locks, advance } = begin()
        locks.succeeded('device:a', 'home')
        for (const { what, identity, address, times } of steps) {
          if (what === 'passed') advance(times * 100)
          // Only who has the secret succeeds: of ours, itself, from anywhere it likes.
          else if (what === 'succeeded')
            locks.succeeded(identity === 'device:a' ? 'device:b' : identity, address)
          else for (let n = 0; n < times; n += 1) locks.failed(identity, address)
          expect(locks.mayTry('device:a', 'home')).toBe(true)
        }
      }),
    )
  })

  test('is refused with a wrong secret, but slows nobody down by it', () => {
    const { locks, guess } = begin()
    locks.succeeded('device:a', 'district')
    expect(guess(1_000, 'device:a', 'district')).toBe(1_000)
    expect(locks.mayTry('device:b', 'district')).toBe(true)
    expect(locks.mayTry('device:a', 'elsewhere')).toBe(true)
  })
})
