import { describe, expect, test } from 'vitest'
import { urgencyRank } from '../../../gateway/journal/ordering.ts'
import type { Alarm } from '../../../gateway/model/alarm.ts'

type Ranked = Pick<Alarm, 'priority' | 'class'>

describe('urgency', () => {
  test('puts what a person or a hazard says before what a machine has inferred, and both before a softer priority', () => {
    const list: readonly Ranked[] = [
      { priority: 'low', class: 'test' },
      { priority: 'medium', class: 'hazard' },
      { priority: 'high', class: 'technical' },
      { priority: 'high', class: 'inferred' },
      { priority: 'high', class: 'call' },
    ]
    const ranked = list.toSorted((a, b) => urgencyRank(a) - urgencyRank(b))
    expect(ranked.map(one => `${one.priority} ${one.class}`)).toEqual([
      'high call',
      'high inferred',
      'high technical',
      'medium hazard',
      'low test',
    ])
  })

  test('ranks a call and a hazard alike: the older one is first', () => {
    expect(urgencyRank({ priority: 'high', class: 'call' })).toBe(
      urgencyRank({ priority: 'high', class: 'hazard' }),
    )
  })
})
