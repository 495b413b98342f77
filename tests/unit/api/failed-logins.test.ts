import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createFailedLogins } from '../../../gateway/api/failed-logins.ts'
import { UserId } from '../../../gateway/model/ids.ts'
import type { TrailEntry } from '../../../gateway/model/trail.ts'
import { createVirtualClock } from '../../support/virtual-clock.ts'

const open = () => {
  const clock = createVirtualClock(1_000)
  const written: TrailEntry[] = []
  const failedLogins = createFailedLogins(async entry => written.push(entry), clock)
  const fail = (username: string, address: string): Promise<void> =>
    failedLogins.told({
      at: clock.now(),
      actor: { kind: 'user', id: UserId.parse('nobody'), name: '' },
      action: 'POST /api/session',
      subject: `users/${username}`,
      address,
      outcome: 'wrong-credentials',
    })
  const attempts = (): number => written.reduce((sum, { facts }) => sum + Number(facts?.['attempts']), 0)
  return { clock, written, failedLogins, fail, attempts }
}

test('100,000 wrong logins from one address write two entries a minute at most, and each is counted', async () => {
  const { clock, written, fail, attempts } = open()
  for (let attempt = 0; attempt < 100_000; attempt += 1) {
    await fail('wang', '10.0.0.1')
    if (attempt % 1_000 === 0) clock.advance(1_000)
  }
  clock.advance(60_000)
  expect(attempts()).toBe(100_000)
  expect(written.length).toBeLessThanOrEqual(3)
})

test('100,000 wrong logins, each from another address, write about a thousand entries, and each is counted', async () => {
  const { clock, written, fail, attempts } = open()
  for (let attempt = 0; attempt < 100_000; attempt += 1) await fail('wang', `address-${attempt}`)
  clock.advance(60_000)
  expect(attempts()).toBe(100_000)
  expect(written).toHaveLength(1_002)
  const last = written.at(-1)
  expect(last).toMatchObject({ facts: { attempts: 98_999 } })
  // Of many addresses it names none.
  expect(last).not.toHaveProperty('address')
})

test('none is lost or counted twice, whenever they come and whenever the gateway stops', async () => {
  const step = fc.oneof(
    fc.record({ user: fc.constantFrom('wang', 'li'), address: fc.constantFrom('a', 'b') }),
    fc.integer({ min: 1, max: 90_000 }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async steps => {
      const { clock, failedLogins, fail, attempts } = open()
      for (const one of steps) {
        if (typeof one === 'number') clock.advance(one)
        else await fail(one.user, one.address)
      }
      await failedLogins.close()
      expect(attempts()).toBe(steps.filter(one => typeof one !== 'number').length)
    }),
  )
})
