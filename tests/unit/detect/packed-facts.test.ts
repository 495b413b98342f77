import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { append, judgedMetrics, noFacts, pack, unpack } from '../../../gateway/detect/packed-facts.ts'
import type { Fact } from '../../../gateway/model/detection.ts'
import { alarmKinds, isAlarmKind } from '../../../gateway/model/kinds.ts'
import { activities } from '../../../gateway/model/observation.ts'
import { fact, readings, time } from './play.ts'

const kinds = Object.keys(alarmKinds).filter(isAlarmKind)
const percent = fc.integer({ min: 0, max: 100 })
const said = fc.oneof(
  fc.record({
    what: fc.constant('readings' as const),
    readings: fc.dictionary(fc.constantFrom(...judgedMetrics), fc.double({ noNaN: true }), { minKeys: 1 }),
  }),
  fc.record({
    what: fc.constant('status' as const),
    status: fc.record(
      { online: fc.boolean(), batteryPercent: percent, batteryLow: fc.boolean(), tamper: fc.boolean() },
      { requiredKeys: ['online'] },
    ),
  }),
  fc.constantFrom(...activities).map(activity => ({ what: 'activity' as const, activity })),
  fc.constantFrom(...kinds).map(trigger => ({ what: 'trigger' as const, trigger })),
  fc.constantFrom('cancel', 'alive', 'connected', 'disconnected').map(what => ({ what })),
)
const facts = fc.array(
  fc
    .tuple(fc.integer({ min: 0, max: 9_999 }), said, fc.constantFrom('d-1', 'd-2', 'd-3'))
    .map(([second, one, device]) => fact(time('00:00:00') + second * 1_000, one, device)),
)

describe('packed facts', () => {
  test('come out as they went in', () => {
    fc.assert(
      fc.property(facts, some => {
        expect(unpack(pack(some))).toEqual(some)
      }),
    )
  })

  test('come out without what no rule reads', () => {
    const packed = pack([readings('10:00:00', { heartRate: 60, temperature: 21, ownMetric: 3 })])
    expect(unpack(packed)).toEqual([readings('10:00:00', { heartRate: 60 })])
  })

  test('leave what was packed before as it was, whoever appends to it', () => {
    const [first, second, third]: readonly Fact[] = ['10:00:00', '10:00:01', '10:00:02'].map(at =>
      fact(at, { what: 'alive' }),
    )
    if (!first || !second || !third) throw new Error('three facts')
    const one = append(noFacts, first)
    const two = append(one, second)
    const other = append(one, third)
    expect([one, two, other, noFacts].map(unpack)).toEqual([[first], [first, second], [first, third], []])
  })
})
