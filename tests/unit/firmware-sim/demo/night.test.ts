import { describe, expect, test } from 'vitest'
import type { Offer } from '../../../../firmware-sim/codec.ts'
import type { Alarm, SeriesQuery } from '../../../../firmware-sim/demo/api.ts'
import { createNight } from '../../../../firmware-sim/demo/night.ts'
import { createSeat } from '../../../../firmware-sim/demo/seat.ts'
import { createVirtualClock } from '../../../support/virtual-clock.ts'

const at = (time: string): number => Date.parse(`2026-11-22T${time}+08:00`)
const minute = 60_000

const alarm = (more: Partial<Alarm> = {}): Alarm => ({
  id: 'x',
  kind: 'no-return-to-bed',
  class: 'inferred',
  priority: 'high',
  state: 'acknowledged',
  epoch: 3,
  level: 1,
  repeats: 0,
  receivedAt: '2026-11-21T18:30:00.000Z',
  home: { id: 'h-0001' },
  resident: null,
  device: null,
  point: null,
  found: { since: '2026-11-21T18:10:00.000Z' },
  timeline: [
    { type: 'raised', at: '2026-11-21T18:30:00.000Z' },
    { type: 'suspected', at: '2026-11-21T18:30:00.000Z' },
    { type: 'repeated', at: '2026-11-21T18:40:00.000Z', priority: 'high' },
  ],
  ...more,
})

const offer = (more: Partial<Offer> = {}): Offer => ({
  alarm: 'x',
  epoch: 1,
  kind: 'no-return-to-bed',
  priority: 'medium',
  home: { id: 'h-0001' },
  raisedAt: at('02:30:00'),
  repeat: 0,
  level: 1,
  found: { rule: 'bed-exit', since: at('02:10:00'), evidence: 1 },
  ...more,
})

/** A gateway that has stored one value a minute from 02:02 to 02:09, 0 after it, and knows two of three devices. */
const api = {
  series: ({ metric, from, to, everySeconds }: SeriesQuery) => {
    const moments = Array.from(
      { length: (to - from) / (everySeconds * 1_000) },
      (_, n) => from + n * everySeconds * 1_000,
    )
    const value = (moment: number) => (moment >= at('02:10:00') ? 0 : metric === 'inBed' ? 1 : 62)
    return Promise.resolve(
      moments
        .filter(moment => moment >= at('02:02:00'))
        .map(moment => ({ at: new Date(moment).toISOString(), mean: value(moment) })),
    )
  },
  heardIn: (home: string) => Promise.resolve(home === 'h-0001' ? ['radar-0001', 'btn-0001'] : ['pad-0002']),
  samplesStored: () => Promise.resolve(4_869),
  supervision: () => Promise.resolve({ protected: 299, degraded: 1, unprotected: 0 }),
}

const aNight = (alarms: readonly Alarm[] = []) => {
  const clock = createVirtualClock(at('02:05:00'))
  const night = createNight({
    api,
    clock,
    startAt: clock.now(),
    home: 'h-0001',
    sleeper: '马国华',
    bedSensor: 'radar-0001',
    homes: ['h-0001', 'h-0002'],
    sensors: ['radar-0001', 'pad-0002', 'panel-0003'],
    alarms: () => alarms,
  })
  const until = (time: string) => clock.advance(at(time) - clock.now())
  return { clock, night, until }
}

describe('the night', () => {
  test('shows what the gateway has stored, minute by minute, and a gap where it has nothing', async () => {
    const { night, until } = aNight()
    until('02:12:30')
    await night.look()
    const { heart, inBed, heard, sensors, samples, counts, now } = night.view()
    expect(heart).toHaveLength(60)
    expect(heart.slice(-12)).toEqual([
      undefined,
      ...Array.from({ length: 8 }, () => 62),
      undefined,
      undefined,
      undefined,
    ])
    expect({ inBed, heard, sensors, samples, counts, now }).toEqual({
      inBed: false,
      heard: 2,
      sensors: 3,
      samples: 4_869,
      counts: { protected: 299, degraded: 1, unprotected: 0 },
      now: '02:12:30',
    })
  })

  test('tells the steps of its own alarm in order, and who was asked', () => {
    const { night, until } = aNight([alarm(), alarm({ home: { id: 'h-0009' } }), alarm({ kind: 'sos' })])
    until('02:31:00')
    night.offered('铁东区养老服务站', offer())
    night.offered('铁西区养老服务站', offer({ kind: 'sos' }))
    expect(night.view().steps).toEqual([
      '02:10 离床 left the bed',
      '02:30 待核实 suspected',
      '02:31 中级 medium → 铁东区养老服务站',
      '02:40 升为 now 高级 high',
    ])
  })

  test('is in order when a terminal had the alarm with its evidence before 02:41, and it became high', () => {
    const { night, until } = aNight([alarm()])
    until('02:40:59')
    night.offered('p', offer())
    until('02:50:00')
    expect(night.problems()).toEqual([])
  })

  test.each([
    ['nobody was asked', [], '02:31:00', [alarm()], /no terminal/],
    ['it came late', [offer()], '02:41:00', [alarm()], /no terminal/],
    ['it came for another home', [offer({ home: { id: 'h-0009' } })], '02:31:00', [alarm()], /no terminal/],
    [
      'it came without evidence',
      [offer({ found: { rule: 'bed-exit', since: 0, evidence: 0 } })],
      '02:31:00',
      [alarm()],
      /without its evidence/,
    ],
    ['it stayed medium', [offer()], '02:31:00', [alarm({ priority: 'medium' })], /did not become high/],
  ])('names it as a problem that %s, once it is due', (_what, offers, time, alarms, problem) => {
    const { night, until } = aNight(alarms)
    until(time)
    for (const one of offers) night.offered('p', one)
    until('02:50:00')
    expect(night.problems().join('\n')).toMatch(problem)
  })

  test('is no problem as long as it is too early to say', () => {
    const { night, until } = aNight()
    until('02:40:59')
    expect([night.isDue(), night.problems()]).toEqual([false, []])
  })
})

test('the duty officer sends somebody after a minute, hears of the arrival, and ends it, each under its epoch', async () => {
  const clock = createVirtualClock(at('02:31:00'))
  const done: string[] = []
  const states: Record<string, string> = { dispatch: 'dispatched', arrive: 'arrived', resolve: 'resolved' }
  let current = alarm()
  const seat = createSeat({
    clock,
    api: {
      work: (id, command, body) => {
        done.push(`${clock.now() - at('02:31:00')} ${id} ${command} ${JSON.stringify(body)}`)
        current = { ...current, state: states[command] ?? current.state }
        return Promise.resolve(true)
      },
    },
  })
  for (let n = 0; n < 30; n += 1) {
    await seat.see([current])
    clock.advance(minute)
  }
  expect(done).toEqual([
    `${1 * minute} x dispatch {"epoch":3,"etaMinutes":12}`,
    `${14 * minute} x arrive {"epoch":3}`,
    `${20 * minute} x resolve {"epoch":3,"cause":"real"}`,
  ])
})
