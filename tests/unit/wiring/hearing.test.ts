import { describe, expect, test } from 'vitest'
import { createMemoryJournal } from '../../../gateway/journal/memory.ts'
import { createVirtualClock } from '../../support/virtual-clock.ts'
import { createHouse } from './house.ts'

const start = Date.UTC(2026, 10, 21, 18)

const setUp = () => {
  const clock = createVirtualClock(start)
  const journal = createMemoryJournal()
  return { clock, journal, house: createHouse({ journal, clock }) }
}
const at = (ms: number): string => new Date(start + ms).toISOString()

describe('measurements', () => {
  test('are stored and judged at the time that their device gives', async () => {
    const { house } = setUp()
    expect(await house.say('pad-1/measure', { at: at(-5_000), heartRate: 61, inBed: true })).toBe(true)
    const readings = { heartRate: 61, inBed: 1 }
    expect(house.samples).toEqual([{ device: 'pad-1', at: start - 5_000, readings }])
    expect(house.facts).toEqual([{ what: 'readings', device: 'pad-1', at: start - 5_000, readings }])
  })

  test('without a time of their own get times of their own, in the order in which they came', async () => {
    const { house } = setUp()
    await house.say('pad-1/measure', [{ heartRate: 61 }, { heartRate: 62 }])
    await house.say('pad-1/measure', { heartRate: 63 })
    expect(house.samples.map(({ at, readings }) => [at - start, readings['heartRate']])).toEqual([
      [0, 61],
      [1, 62],
      [2, 63],
    ])
  })

  test('from a clock that is ahead happened when they came in', async () => {
    const { house } = setUp()
    await house.say('pad-1/measure', { at: at(3_600_000), heartRate: 61 })
    expect(house.samples.map(sample => sample.at)).toEqual([start])
  })

  test('said twice with the same time are the same point', async () => {
    const { house } = setUp()
    for (let again = 0; again < 2; again += 1) await house.say('pad-1/measure', { at: at(0), heartRate: 61 })
    expect(new Set(house.samples.map(sample => sample.at)).size).toBe(1)
  })

  test('out of range are counted, and the rest of them counts', async () => {
    const { house } = setUp()
    await house.say('pad-1/measure', { heartRate: 999, respirationRate: 14 })
    expect(house.samples.map(sample => sample.readings)).toEqual([{ respirationRate: 14 }])
    expect(house.heard).toContain('discarded: out-of-range')
  })

  test('in a status are stored too', async () => {
    const { house } = setUp()
    await house.say('btn-1/status', { batteryPercent: 80, rssiDbm: -61, online: true })
    expect(house.samples.map(sample => sample.readings)).toEqual([{ batteryPercent: 80, rssiDbm: -61 }])
  })
})

describe('activities', () => {
  test('are kept once and judged once, however often they are sent', async () => {
    const { house } = setUp()
    for (let again = 0; again < 3; again += 1) await house.say('pad-1/event', { id: '7', type: 'bed-exit' })
    expect(house.facts).toEqual([{ what: 'activity', activity: 'bed-exit', device: 'pad-1', at: start }])
    expect(await house.alarms()).toEqual([])
  })

  test('that the journal has, and detection has not seen before the gateway went down, are judged when they come again', async () => {
    const { journal, clock, house } = setUp()
    await house.say('pad-1/event', { id: '7', type: 'bed-exit' })
    const restarted = createHouse({ journal, clock, name: 'b' })
    await restarted.say('pad-1/event', { id: '7', type: 'bed-exit' })
    expect(restarted.facts).toHaveLength(1)
  })

  test('whose finding could not be committed are not acknowledged, and judged when they come again', async () => {
    const { house } = setUp()
    const exit = { id: '7', type: 'bed-exit' }
    house.setCommitting(false)
    expect([await house.say('pad-1/event', exit), await house.say('pad-1/event', exit)]).toEqual([
      false,
      false,
    ])
    house.setCommitting(true)
    expect([await house.say('pad-1/event', exit), await house.say('pad-1/event', exit)]).toEqual([true, true])
    expect(house.facts).toHaveLength(3)
  })
})

describe('a stranger', () => {
  test('measures nothing: it is counted, and acknowledged', async () => {
    const { house } = setUp()
    house.strangers.add('pad-9')
    expect(await house.say('pad-9/measure', { heartRate: 61 })).toBe(true)
    await house.say('pad-9/status', { batteryPercent: 80 })
    expect(house.samples).toEqual([])
    expect(house.facts.filter(fact => fact.what === 'readings')).toEqual([])
    expect(house.heard.filter(line => line === 'discarded: not-read')).toHaveLength(2)
  })

  test('that calls is heard', async () => {
    const { house } = setUp()
    house.strangers.add('btn-9')
    expect(await house.say('btn-9/event', { id: '1', type: 'sos', at: at(-1_000) })).toBe(true)
    expect(await house.alarms()).toHaveLength(1)
    expect(house.facts).toEqual([{ what: 'trigger', trigger: 'sos', device: 'btn-9', at: start }])
  })
})

describe('a press', () => {
  test('is a fact once its alarm is on disk, and ends an absence', async () => {
    const { house } = setUp()
    await house.say('btn-1/event', { id: '1', type: 'sos' })
    await house.say('btn-1/event', { id: '1', type: 'sos' })
    expect(house.facts).toEqual([{ what: 'trigger', trigger: 'sos', device: 'btn-1', at: start }])
    expect(house.heard).toContain('somebody pressed at h-1')
  })

  test('that cannot be committed is no fact', async () => {
    const { journal, house } = setUp()
    journal.setHealth({ writable: false, detail: 'disk full' })
    expect(await house.say('btn-1/event', { id: '1', type: 'sos' })).toBe(false)
    expect(house.facts).toEqual([])
  })
})
