import { stripVTControlCharacters, styleText } from 'node:util'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Alarm } from '../../../../firmware-sim/demo/api.ts'
import { type BoardState, type Paint, renderBoard } from '../../../../firmware-sim/demo/board.ts'
import type { NightView } from '../../../../firmware-sim/demo/night.ts'
import { displayWidth, fit, flow } from '../../../../firmware-sim/demo/width.ts'

const plain: Paint = (_style, text) => text
const coloured: Paint = (style, text) => styleText(style, text, { validateStream: false })

const alarm = (n: number, more: Partial<Alarm> = {}): Alarm => ({
  id: `x${n}`,
  kind: 'sos',
  class: 'call',
  priority: 'high',
  epoch: 1,
  state: 'offered',
  level: 1,
  repeats: 0,
  receivedAt: '2026-11-21T20:18:00.000Z',
  resident: { id: `r-${n}`, name: '王桂兰' },
  device: { id: `btn-${n}` },
  point: { id: 'sp-001', name: '铁东区胜利路养老服务中心' },
  nextDeadline: { at: '2026-11-21T20:18:30.000Z', kind: 'escalation' },
  timeline: [],
  ...more,
})

const night: NightView = {
  now: '02:27:13',
  sleeper: '马国华',
  inBed: false,
  heart: [52, 60, 64.4, undefined, undefined],
  respiration: [12, 14.6, 13, undefined, undefined],
  steps: [
    '02:10 离床 left the bed',
    '02:30 待核实 suspected',
    '02:31 中级 medium → 铁东区胜利路养老服务中心',
  ],
  heard: 7,
  sensors: 8,
  samples: 1_234,
  counts: { protected: 298, degraded: 1, unprotected: 1 },
}

const state = (open: readonly Alarm[], log: readonly string[] = []): BoardState => ({
  now: Date.parse('2026-11-21T20:18:12.000Z'),
  elapsedMs: 72_000,
  night,
  httpUrl: 'http://127.0.0.1:1',
  login: 'admin / once',
  totals: { pressed: 9, accepted: 8, alarms: 7, taken: 6, resolved: 5, escalated: 4, open: open.length },
  p50: 0.42,
  p99: Number.NaN,
  open,
  log,
})

test('the board shows who waits, for how long, at which point, and what comes next', () => {
  const text = renderBoard(
    state([alarm(1, { repeats: 2, level: 2 })]),
    { columns: 160, rows: 40 },
    plain,
  ).join('\n')
  const row =
    /0:12 .*王桂兰 .*求助 SOS ×3 .*待受理 offered .*2 ▲▲ .*升级 escalate 0:18 .*铁东区胜利路养老服务中心/
  expect(text).toMatch(row)
  expect(text).toContain('p50 0.4 ms  p99 –')
  expect(text).toContain('http://127.0.0.1:1')
})

test('an open alarm without a deadline stands out', () => {
  const [row] = renderBoard(
    state([alarm(1, { nextDeadline: null })]),
    { columns: 160, rows: 40 },
    plain,
  ).filter(line => line.includes('王桂兰'))
  expect(row).toMatch(/ ! /)
})

test('no board is larger than its screen, whatever is open, in colour or without', () => {
  const sizes = fc.record({
    columns: fc.integer({ min: 20, max: 200 }),
    rows: fc.integer({ min: 3, max: 60 }),
  })
  fc.assert(
    fc.property(sizes, fc.nat({ max: 80 }), fc.boolean(), (size, count, colour) => {
      const open = Array.from({ length: count }, (_, n) => alarm(n))
      const lines = renderBoard(state(open, ['一', '二']), size, colour ? coloured : plain)
      expect(lines.length).toBeLessThanOrEqual(size.rows)
      for (const line of lines)
        expect(displayWidth(stripVTControlCharacters(line))).toBeLessThanOrEqual(size.columns)
    }),
  )
})

test('alarms that do not fit are counted', () => {
  const open = Array.from({ length: 50 }, (_, n) => alarm(n))
  const lines = renderBoard(state(open), { columns: 120, rows: 24 }, plain)
  const shown = lines.filter(line => line.includes('王桂兰')).length
  expect(shown).toBeGreaterThan(0)
  expect(lines.join('\n')).toContain(`and ${50 - shown} more`)
})

test('Chinese characters take two columns, others one', () => {
  expect(['安铃', '，', 'ab', '①', ''].map(displayWidth)).toEqual([4, 2, 2, 1, 0])
})

test('fitted text is exactly as wide as asked for', () => {
  const text = fc.string({ unit: fc.constantFrom('安', '，', 'a', ' ', '0') })
  fc.assert(
    fc.property(text, fc.nat({ max: 60 }), (any, columns) => {
      expect(displayWidth(fit(any, columns))).toBe(columns)
    }),
  )
})

test.each([80, 120])(
  'at %d columns the night is told in full: time, sensors, curves, bed, and each step',
  columns => {
    const lines = renderBoard(state([]), { columns, rows: 40 }, plain)
    const text = lines.join('\n')
    for (const part of [
      '02:27:13',
      'Sensors heard 7/8',
      'Samples stored 1234',
      'Protected 298',
      'Unprotected 1',
      '马国华 离床 out of bed',
      'Heart ▁▃▅   64/min',
      'Resp. ▂▄▃   13/min',
      '非医疗器械',
      ...night.steps,
    ])
      expect(text).toContain(part)
    expect(text.slice(0, text.indexOf('Open alarms'))).not.toContain('…')
  },
)

test('segments flow into as few lines as fit, and none is torn', () => {
  const segment = fc.string({ unit: fc.constantFrom('安', 'a', '0'), minLength: 1, maxLength: 12 })
  fc.assert(
    fc.property(
      fc.array(segment, { minLength: 1, maxLength: 12 }),
      fc.integer({ min: 30, max: 90 }),
      (all, columns) => {
        const lines = flow(all, columns)
        expect(lines.join('   ').split('   ')).toEqual(all)
        for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(columns)
      },
    ),
  )
  expect(flow([], 80)).toEqual([''])
})
