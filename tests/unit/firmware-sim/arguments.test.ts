import { expect, test } from 'vitest'
import { helpFor, parseOptions, wholeNumber } from '../../../firmware-sim/arguments.ts'

const facts = {
  what: 'does it',
  options: {
    homes: { what: 'how many', example: 'N', check: wholeNumber(1, 10) },
    seed: { what: 'which', example: 'S', default: '1' },
  },
}

test.each([
  [['--homes', '3'], { homes: '3', seed: '1' }],
  [['--homes=10', '--seed', 'x'], { homes: '10', seed: 'x' }],
])('%j is read', (args, values) => {
  expect(parseOptions(facts, args)).toEqual({ ok: true, values })
})

test.each([
  [[], ['--homes: 必填']],
  [['--homes', '0'], ['--homes: 须为']],
  [['--homes', '11'], ['--homes: 须为']],
  [['--homes', '3.5'], ['--homes: 须为']],
  [['--homes'], ['--homes: 缺少值']],
  [['--homes', '3', 'more'], ['more: 多余']],
  [
    ['--homes', '3', '--constructor', 'x'],
    ['--constructor: 未知', 'x: 多余'],
  ],
  [
    ['--hoems', '3', '--homes', 'x', 'y'],
    ['--hoems: 未知', '3: 多余', '--homes: 须为', 'y: 多余'],
  ],
])('%j is answered with all of its mistakes', (args, beginnings) => {
  const parsed = parseOptions(facts, args)
  const mistakes = parsed.ok ? [] : parsed.mistakes
  expect(mistakes.map((mistake, index) => mistake.startsWith(beginnings[index] ?? '?'))).toEqual(
    beginnings.map(() => true),
  )
})

test('a first word stands for its option, and a second one is too many', () => {
  const withFirst = { ...facts, first: 'homes' }
  expect(parseOptions(withFirst, ['3', '--seed', 'x'])).toEqual({
    ok: true,
    values: { homes: '3', seed: 'x' },
  })
  expect(parseOptions(withFirst, ['11'])).toMatchObject({
    mistakes: [expect.stringContaining('--homes: 须为')],
  })
  expect(parseOptions(withFirst, ['3', '4'])).toMatchObject({
    mistakes: [expect.stringContaining('4: 多余')],
  })
  expect(helpFor('town', withFirst)).toContain('town N')
})

test('the help names every option and what it is without one', () => {
  const help = helpFor('town', facts)
  expect(help).toContain('--homes N')
  expect(help).toMatch(/--seed S .*default: 1/)
})
