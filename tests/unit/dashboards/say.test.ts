import { describe, expect, test } from 'vitest'
import { sayIn } from '../../../dashboards/words/say.ts'

const say = sayIn('en', 'queue', {
  calm: 'no open alarms',
  asks: '→ {{name}}, {{minutes}} min',
  repeats_one: 'pressed once more',
  repeats_other: 'pressed {{count}} more times',
})

describe('words', () => {
  test('are said with values in their places', () => {
    expect(say('calm')).toBe('no open alarms')
    expect(say('asks', { name: '王秀英', minutes: 7 })).toBe('→ 王秀英, 7 min')
  })

  test('take a value as it is, whatever it looks like', () => {
    expect(say('asks', { name: '$& {{minutes}}', minutes: 0 })).toBe('→ $& {{minutes}}, 0 min')
  })

  test('have another form for one', () => {
    expect(say('repeats', { count: 1 })).toBe('pressed once more')
    expect(say('repeats', { count: 0 })).toBe('pressed 0 more times')
    expect(say('repeats', { count: 3 })).toBe('pressed 3 more times')
  })
})
