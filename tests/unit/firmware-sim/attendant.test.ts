import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createAttendant } from '../../../firmware-sim/attendant.ts'
import { causes, type Offer, type Reply } from '../../../firmware-sim/codec.ts'
import { createRandom } from '../../../firmware-sim/random.ts'
import { type Strategy, strategies } from '../../../firmware-sim/strategies.ts'
import { createVirtualClock } from '../../support/virtual-clock.ts'

const offer = (alarm: string, epoch = 1): Offer => ({
  alarm,
  epoch,
  kind: 'sos',
  priority: 'high',
  raisedAt: 0,
  repeat: 0,
  level: 1,
})
const longMs = 600_000

const atTheTerminal = (strategy: Strategy, seed = 'a') => {
  const clock = createVirtualClock()
  const replies: (Reply & { at: number })[] = []
  const attendant = createAttendant({
    strategy,
    clock,
    random: createRandom(seed),
    reply: reply => replies.push({ ...reply, at: clock.now() }),
  })
  return { clock, attendant, replies, actions: () => replies.map(({ action }) => action) }
}

describe('whatever the strategy', () => {
  test.each(Object.entries(strategies))(
    '%s: an offer is received at once, before any person acts',
    (_name, strategy) => {
      const { attendant, replies } = atTheTerminal(strategy)
      attendant.offered(offer('x', 3))
      expect(replies).toEqual([{ alarm: 'x', epoch: 3, action: 'received', at: 0 }])
    },
  )

  test.each(Object.entries(strategies))('%s: the same seed behaves in the same way', (_name, strategy) => {
    const live = (seed: string) => {
      const { attendant, clock, replies } = atTheTerminal(strategy, seed)
      for (let n = 0; n < 20; n += 1) attendant.offered(offer(`x${n}`))
      clock.advance(longMs)
      return replies
    }
    fc.assert(
      fc.property(fc.string(), seed => {
        expect(live(seed)).toEqual(live(seed))
      }),
      { numRuns: 20 },
    )
  })

  test.each(Object.entries(strategies))(
    '%s: nothing is ended that was not acknowledged',
    (_name, strategy) => {
      const { attendant, clock, replies } = atTheTerminal(strategy)
      for (let n = 0; n < 100; n += 1) attendant.offered(offer(`x${n}`))
      clock.advance(longMs)
      const claimed = new Set(
        replies.filter(({ action }) => action === 'acknowledge').map(({ alarm }) => alarm),
      )
      const ended = replies.filter(({ action }) => action === 'resolve' || action === 'release')
      expect(ended.filter(({ alarm }) => !claimed.has(alarm))).toEqual([])
    },
  )
})

test('an attentive person acknowledges after seconds, works, and resolves with a cause', () => {
  const { attendant, clock, replies, actions } = atTheTerminal(strategies.attentive)
  attendant.offered(offer('x'))
  clock.advance(longMs)
  expect(actions()).toEqual(['received', 'acknowledge', 'resolve'])
  expect(replies[1]?.at).toBeGreaterThanOrEqual(2_000)
  expect(replies[1]?.at).toBeLessThanOrEqual(12_000)
  const last = replies[2]
  expect(last?.action === 'resolve' && causes.includes(last.cause)).toBe(true)
})

test('a person without hands hands it back', () => {
  const { attendant, clock, actions } = atTheTerminal(strategies.releasing)
  attendant.offered(offer('x'))
  clock.advance(longMs)
  expect(actions()).toEqual(['received', 'acknowledge', 'release'])
})

test('an unwatched terminal receives, and that is all', () => {
  const { attendant, clock, actions } = atTheTerminal(strategies.ignoring)
  attendant.offered(offer('x'))
  clock.advance(longMs)
  expect(actions()).toEqual(['received'])
})

test('among many, some are taken, some handed back and some ignored', () => {
  const { attendant, clock, replies } = atTheTerminal(strategies.mixed)
  const count = 150
  for (let n = 0; n < count; n += 1) attendant.offered(offer(`x${n}`))
  clock.advance(longMs)
  const many = (action: string) => replies.filter(reply => reply.action === action).length
  expect(many('received')).toBe(count)
  expect(many('resolve')).toBeGreaterThan(count / 2)
  expect(many('release')).toBeGreaterThan(0)
  expect(many('acknowledge')).toBeLessThan(count)
})

test('an offer that comes again is received again and does not start a second plan', () => {
  const { attendant, clock, actions } = atTheTerminal(strategies.attentive)
  attendant.offered(offer('x'))
  attendant.offered(offer('x'))
  clock.advance(longMs)
  expect(actions()).toEqual(['received', 'received', 'acknowledge', 'resolve'])
})

test('an alarm offered anew is answered under its new epoch only', () => {
  const { attendant, clock, replies } = atTheTerminal(strategies.attentive)
  attendant.offered(offer('x', 1))
  clock.advance(1_000)
  attendant.offered(offer('x', 2))
  clock.advance(longMs)
  expect(replies.map(({ epoch, action }) => [epoch, action])).toEqual([
    [1, 'received'],
    [2, 'received'],
    [2, 'acknowledge'],
    [2, 'resolve'],
  ])
})

test.each([
  ['somebody else has taken it', { state: 'acknowledged', by: 'point:sp-002' }],
  ['it is over', { state: 'resolved' }],
])('nobody reaches for an alarm when %s', (_why, update) => {
  const { attendant, clock, actions } = atTheTerminal(strategies.attentive)
  attendant.offered(offer('x'))
  attendant.updated({ alarm: 'x', epoch: 1, ...update })
  clock.advance(longMs)
  expect(actions()).toEqual(['received'])
})

test('a person whose claim was refused does not go on as if it had been granted', () => {
  const { attendant, clock, actions } = atTheTerminal(strategies.attentive)
  attendant.offered(offer('x'))
  clock.advance(12_000)
  attendant.updated({
    alarm: 'x',
    epoch: 1,
    state: 'acknowledged',
    by: 'point:sp-002',
    refused: 'already-held',
  })
  clock.advance(longMs)
  expect(actions()).toEqual(['received', 'acknowledge'])
})

test('a person who has taken it goes on when told so', () => {
  const { attendant, clock, actions } = atTheTerminal(strategies.attentive)
  attendant.offered(offer('x'))
  clock.advance(12_000)
  attendant.updated({ alarm: 'x', epoch: 1, state: 'acknowledged', by: 'point:sp-001' })
  clock.advance(longMs)
  expect(actions()).toEqual(['received', 'acknowledge', 'resolve'])
})

test('an update about an alarm that was never offered is let pass', () => {
  const { attendant, clock, actions } = atTheTerminal(strategies.attentive)
  attendant.updated({ alarm: 'y', epoch: 1, state: 'offered' })
  clock.advance(longMs)
  expect(actions()).toEqual([])
})

test('who has left does nothing any more', () => {
  const { attendant, clock, actions } = atTheTerminal(strategies.attentive)
  attendant.offered(offer('x'))
  attendant.leave()
  clock.advance(longMs)
  expect(actions()).toEqual(['received'])
})
