import { describe, expect, test } from 'vitest'
import { factsOf } from '../../../gateway/review/alarm-facts.ts'
import { entriesOf, it, receivedAt } from './entries.ts'

describe('of an alarm', () => {
  test('that somebody took, went to, ended and asked about, every time is counted from when it was received', () => {
    const entries = entriesOf(
      { kind: 'sos', device: 'btn-7' },
      [1, it.isAskedAgain],
      [12, it.isAcknowledgedBy('sp-1')],
      [40, it.isDispatched('rs-1')],
      [600, it.isReached('rs-1')],
      [1_500, it.isResolved('real')],
      [90_000, it.isFollowedUp(true, 4)],
    )
    expect(factsOf(entries)).toEqual({
      alarm: 'a',
      kind: 'sos',
      device: 'btn-7',
      preset: 'urban',
      receivedAt,
      answeredMs: 12_000,
      dispatchedMs: 40_000,
      arrivedMs: 600_000,
      cause: 'real',
      handedTo: [],
      isEscalated: false,
      isOverdue: false,
      followUp: 'reached',
      satisfaction: 4,
      point: 'sp-1',
      responder: 'rs-1',
    })
  })

  test('that was taken, given back and taken again, the first time counts, and the point that took it last', () => {
    const facts = factsOf(
      entriesOf(
        {},
        [20, it.isAcknowledgedBy('sp-1')],
        [300, it.isAcknowledgedBy('sp-2')],
        [400, it.isDispatched()],
      ),
    )
    expect(facts).toMatchObject({ answeredMs: 20_000, point: 'sp-2', dispatchedMs: 400_000 })
    expect(facts).not.toHaveProperty('responder')
  })

  test('that a person ended without taking it first, that was the answer; that ended by itself, there was none', () => {
    expect(factsOf(entriesOf({}, [50, it.isResolved('accidental')]))).toMatchObject({ answeredMs: 50_000 })
    expect(factsOf(entriesOf({}, [50, it.endsByItself]))).not.toHaveProperty('answeredMs')
  })

  test('that was given to somebody, they have it', () => {
    expect(factsOf(entriesOf({}, [9, it.isTransferredTo('sp-3')]))).toMatchObject({
      answeredMs: 9_000,
      point: 'sp-3',
    })
  })

  test('that nobody answered, that took too long, or that went to 120, each is known once', () => {
    const facts = factsOf(
      entriesOf(
        {},
        [30, it.isAskedWider],
        [900, it.isOverdue],
        [1_200, it.isOverdue],
        [910, it.isHandedTo('120')],
        [920, it.isHandedTo('120')],
      ),
    )
    expect(facts).toMatchObject({ isEscalated: true, isOverdue: true, handedTo: ['120'] })
  })

  test('whose resident could not be reached, it was tried, and a later try may reach them', () => {
    expect(factsOf(entriesOf({}, [9, it.isFollowedUp(false)]))).toMatchObject({ followUp: 'tried' })
    expect(factsOf(entriesOf({}, [9, it.isFollowedUp(true)], [10, it.isFollowedUp(false)]))).toMatchObject({
      followUp: 'reached',
    })
  })

  test('that a rule found, the rule is known', () => {
    const found = { rule: 'bed-exit', level: 'high', since: receivedAt, evidence: [] } as const
    expect(factsOf(entriesOf({ kind: 'no-return-to-bed', found }))).toMatchObject({ rule: 'bed-exit' })
  })

  test('whose beginning is missing, nothing is known', () => {
    expect(factsOf([])).toBeUndefined()
    expect(factsOf(entriesOf({}, [1, it.isOverdue]).slice(1))).toBeUndefined()
  })
})
