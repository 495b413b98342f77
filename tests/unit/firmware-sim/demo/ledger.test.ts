import { describe, expect, test } from 'vitest'
import type { Happening } from '../../../../firmware-sim/crowd.ts'
import type { Alarm } from '../../../../firmware-sim/demo/api.ts'
import { createLedger } from '../../../../firmware-sim/demo/ledger.ts'

const alarm = (more: Partial<Alarm> = {}): Alarm => ({
  id: 'x',
  kind: 'sos',
  class: 'call',
  priority: 'high',
  epoch: 1,
  state: 'offered',
  level: 1,
  repeats: 0,
  receivedAt: '2026-11-21T20:18:00.000Z',
  resident: null,
  device: { id: 'btn-1' },
  point: null,
  nextDeadline: { at: '2026-11-21T20:18:30.000Z', kind: 'escalation' },
  timeline: [{ type: 'raised', at: '2026-11-21T20:18:00.000Z', eventId: 'e-1' }],
  ...more,
})

const pressed: Happening = { type: 'pressed', device: 'btn-1', event: 'e-1', kind: 'sos' }
const accepted: Happening = { type: 'accepted', device: 'btn-1', event: 'e-1' }
const told: Happening = {
  type: 'told',
  device: 'btn-1',
  feedback: { event: 'e-1', alarm: 'x', stage: 'accepted' },
}
const offered: Happening = {
  type: 'offered',
  point: 'sp-1',
  offer: { alarm: 'x', epoch: 1, kind: 'sos', priority: 'high', raisedAt: 0, repeat: 0, level: 1 },
}
const all = [pressed, accepted, told, offered]

const account = async (happenings: readonly Happening[], seen: Alarm) => {
  const ledger = createLedger(() => Promise.resolve(seen))
  for (const happening of happenings) ledger.happened(happening)
  await ledger.entered({ seq: 1, alarm: 'x', type: 'raised' })
  return ledger
}

test('a press that was recorded once, shown and answered leaves no problem', async () => {
  const ledger = await account(all, alarm())
  expect(ledger.problems()).toEqual([])
  expect(ledger.totals()).toMatchObject({ pressed: 1, accepted: 1, alarms: 1, open: 1, resolved: 0 })
})

describe('it is a problem', () => {
  const without = (type: Happening['type']) => all.filter(happening => happening.type !== type)
  test.each<[string, readonly Happening[], Alarm, RegExp]>([
    ['that a press got no PUBACK', [pressed, offered], alarm(), /no PUBACK/],
    ['that an acknowledged press is in no timeline', all, alarm({ timeline: [] }), /recorded 0 times/],
    [
      'that one press is recorded twice',
      all,
      alarm({
        timeline: [...alarm().timeline, { type: 'repeated', at: '2026-11-21T20:18:09.000Z', eventId: 'e-1' }],
      }),
      /recorded 2 times/,
    ],
    [
      'that the press of another device is taken for it',
      all,
      alarm({ device: { id: 'btn-2' } }),
      /recorded 0 times/,
    ],
    ['that the caller was told nothing', without('told'), alarm(), /told nothing/],
    ['that no terminal has shown it', without('offered'), alarm(), /no terminal/],
    ['that an open alarm has no deadline', all, alarm({ nextDeadline: null }), /without a deadline/],
  ])('%s', async (_what, happenings, seen, problem) => {
    expect((await account(happenings, seen)).problems().join('\n')).toMatch(problem)
  })
})

test('an alarm that changes while it is looked at is looked at once more', async () => {
  const answers: ((seen: Alarm) => void)[] = []
  const ledger = createLedger(() => new Promise(answer => answers.push(answer)))
  const first = ledger.entered({ seq: 1, alarm: 'x', type: 'raised' })
  const second = ledger.entered({ seq: 2, alarm: 'x', type: 'resolved' })
  answers.shift()?.(alarm())
  await Promise.resolve()
  await Promise.resolve()
  answers.shift()?.(alarm({ state: 'resolved' }))
  await Promise.all([first, second])
  expect(ledger.totals()).toMatchObject({ open: 0, resolved: 1 })
  expect(answers).toEqual([])
})

test('what nobody has taken comes first, then the highest level, then what waits longest', async () => {
  const seen = [
    alarm({ id: 'a', receivedAt: '2026-11-21T20:18:02.000Z' }),
    alarm({ id: 'b', receivedAt: '2026-11-21T20:18:01.000Z' }),
    alarm({ id: 'c', level: 2, receivedAt: '2026-11-21T20:18:03.000Z' }),
    alarm({ id: 'd', state: 'resolved' }),
    alarm({ id: 'e', state: 'acknowledged', level: 3 }),
  ]
  const ledger = createLedger(id => Promise.resolve(seen.find(one => one.id === id) ?? alarm()))
  for (const [seq, { id }] of seen.entries()) await ledger.entered({ seq, alarm: id, type: 'raised' })
  expect(ledger.open.map(({ id }) => id)).toEqual(['c', 'b', 'a', 'e'])
})
