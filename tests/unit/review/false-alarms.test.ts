import { describe, expect, test } from 'vitest'
import { DeviceRecord } from '../../../gateway/model/records.ts'
import { type AlarmFacts, factsOf } from '../../../gateway/review/alarm-facts.ts'
import { falseAlarmsOf } from '../../../gateway/review/false-alarms.ts'
import { entriesOf, type Given, it, receivedAt } from './entries.ts'

const weekMs = 7 * 86_400_000
const fourWeeks = { from: receivedAt, to: receivedAt + 4 * weekMs }
const device = (id: string, model: string, home: string) => DeviceRecord.parse({ id, model, home })
const devices = [
  device('btn-1', 'native/call-button', 'h-1'),
  device('btn-2', 'native/call-button', 'h-2'),
  device('pad-1', 'native/bed-pad', 'h-1'),
]
const modelOf = (facts: AlarmFacts) => devices.find(({ id }) => id === facts.device)?.model
const ended = (given: Given, cause: Parameters<typeof it.isResolved>[0]): AlarmFacts => {
  const facts = factsOf(entriesOf(given, [9, it.isResolved(cause)]))
  if (!facts) throw new Error('no alarm')
  return facts
}
const found = (rule: 'bed-exit' | 'inactivity') =>
  ({ rule, level: 'high', since: receivedAt, evidence: [] }) as const

describe('false alarms', () => {
  const facts = [
    ended({ device: 'btn-1' }, 'real'),
    ended({ device: 'btn-1' }, 'accidental'),
    ended({ device: 'btn-1' }, 'accidental'),
    ended({ device: 'btn-2' }, 'unclear'),
    ended({ device: 'btn-2', kind: 'test' }, 'test'),
    ended({ device: 'pad-1', kind: 'no-return-to-bed', found: found('bed-exit') }, 'sensor-false'),
    ended({ device: 'pad-1', kind: 'inactivity', found: found('inactivity') }, 'away'),
    ...[factsOf(entriesOf({ device: 'btn-1' }))].filter(one => one !== undefined),
  ]
  const report = falseAlarmsOf(facts, fourWeeks, { devices, modelOf })

  test('are told by device with what they are a share of, worst first, each week of one device', () => {
    expect(report.weeks).toBe(4)
    expect(report.byDevice.map(one => one.device)).toEqual(['btn-1', 'pad-1', 'btn-2'])
    expect(report.byDevice[0]).toMatchObject({
      model: 'native/call-button',
      closed: 3,
      causes: { real: 1, accidental: 2, unclear: 0 },
      false: { numerator: 2, denominator: 3, share: 2 / 3 },
      watched: 1,
      falsePerWeek: 0.5,
    })
    expect(report.byDevice[2]).toMatchObject({ closed: 1, false: { numerator: 0, denominator: 1, share: 0 } })
  })

  test('are told by model for all of that model, also those that never rang', () => {
    expect(report.byModel.find(({ model }) => model === 'native/call-button')).toMatchObject({
      closed: 4,
      false: { numerator: 2, denominator: 4 },
      watched: 2,
      falsePerWeek: 2 / (2 * 4),
    })
  })

  test('are told by rule for what that rule looks at: beds, buttons, or homes', () => {
    const rates = report.byRule.map(({ rule, per, watched, falsePerWeek }) => [
      rule,
      per,
      watched,
      falsePerWeek,
    ])
    expect(rates).toEqual([
      ['sos', 'device', 2, 0.25],
      ['bed-exit', 'device', 1, 0.25],
      ['inactivity', 'home', 2, 0.125],
    ])
  })

  test('of devices that are gone have no rate, and of no alarm at all there is no row', () => {
    const gone = falseAlarmsOf(facts, fourWeeks, { devices: [], modelOf: () => undefined })
    expect(gone.byRule.map(one => one.falsePerWeek)).toEqual([null, null, null])
    expect(gone.byDevice[0]).toMatchObject({ model: 'unknown' })
    expect(falseAlarmsOf([], fourWeeks, { devices, modelOf })).toMatchObject({
      byDevice: [],
      byModel: [],
      byRule: [],
    })
  })
})
