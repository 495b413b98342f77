import { describe, expect, test } from 'vitest'
import { createMemoryJournal } from '../../../gateway/journal/memory.ts'
import { DeviceId } from '../../../gateway/model/ids.ts'
import { createVirtualClock } from '../../support/virtual-clock.ts'
import { start } from '../alarm/given-when-then.ts'
import { createHouse, firstPoint, operator } from './house.ts'

const setUp = () => {
  const journal = createMemoryJournal()
  const clock = createVirtualClock(start)
  return { journal, clock, house: createHouse({ journal, clock }) }
}
const press = (id: string, type = 'sos') => ({ id, type })

describe('the door', () => {
  test('a press is an alarm, a second press its repetition, a retransmission neither', async () => {
    const { house } = setUp()
    expect(await house.say('btn-1/event', press('1'))).toBe(true)
    expect(await house.say('btn-1/event', press('1'))).toBe(true)
    expect(await house.say('btn-1/event', press('2'))).toBe(true)
    expect(await house.alarms()).toMatchObject([{ kind: 'sos', repeats: 1, location: { device: 'btn-1' } }])
    expect(house.heard.filter(word => word.startsWith('sos'))).toEqual([
      'sos: new',
      'sos: duplicate',
      'sos: new',
    ])
  })

  test('an old id of another type is another message: the call is heard', async () => {
    const { house } = setUp()
    await house.say('btn-1/event', press('1', 'test'))
    await house.say('btn-1/event', press('1', 'sos'))
    expect((await house.alarms()).map(alarm => alarm.kind).sort()).toEqual(['sos', 'test'])
  })

  test('a press after the alarm was resolved raises a new one, its retransmission does not', async () => {
    const { house } = setUp()
    await house.say('btn-1/event', press('1'))
    const [first] = await house.alarms()
    if (!first) throw new Error('no alarm')
    await house.desk.act(first.id, { type: 'resolve', cause: 'real' }, operator)
    await house.say('btn-1/event', press('1'))
    expect(await house.alarms()).toHaveLength(1)
    await house.say('btn-1/event', press('2'))
    expect(await house.alarms()).toHaveLength(2)
  })

  test('two gateways on one journal never raise two alarms for one button', async () => {
    const { journal, clock, house } = setUp()
    const other = createHouse({ journal, clock, name: 'b' })
    await Promise.all([house.say('btn-1/event', press('1')), other.say('btn-1/event', press('2'))])
    expect(await house.alarms()).toMatchObject([{ repeats: 1 }])
  })

  test('two gateways on one journal never give one alarm to two people', async () => {
    const { journal, clock, house } = setUp()
    const other = createHouse({ journal, clock, name: 'b' })
    await house.say('btn-1/event', press('1'))
    await other.door.load()
    const [alarm] = await house.alarms()
    if (!alarm) throw new Error('no alarm')
    const answers = await Promise.all([
      house.desk.act(alarm.id, { type: 'acknowledge', epoch: 1 }, operator),
      other.desk.act(alarm.id, { type: 'acknowledge', epoch: 1 }, { kind: 'point', id: firstPoint }),
    ])
    expect(answers[0]).toMatchObject({ state: 'acknowledged' })
    expect(answers[1]).toMatchObject({ refused: 'already-held', facts: { holder: operator } })
  })

  test('two hundred messages at once keep the order of their device', async () => {
    const { journal, house } = setUp()
    const ids = Array.from({ length: 200 }, (_, index) => String(index))
    await Promise.all(ids.map(id => house.say('btn-1/event', press(id))))
    const [alarm] = await house.alarms()
    if (!alarm) throw new Error('no alarm')
    const occurrences = (await journal.timeline(alarm.id)).flatMap(({ event }) =>
      'occurrence' in event ? [event.occurrence.eventId] : [],
    )
    expect(occurrences).toEqual(ids)
  })

  test('what cannot be committed is not acknowledged, leaves no trace, and goes through when it comes again', async () => {
    const { journal, house } = setUp()
    journal.setHealth({ writable: false, detail: 'disk full' })
    expect(await house.say('btn-1/event', press('1'))).toBe(false)
    expect(await house.say('btn-1/event', press('x', 'earthquake'))).toBe(false)
    expect(house.committed).toEqual([])
    expect([...house.door.open()]).toEqual([])
    journal.setHealth({ writable: true })
    expect(await house.say('btn-1/event', press('1'))).toBe(true)
    expect(await house.alarms()).toHaveLength(1)
  })

  test('a restart takes up the open alarms: the next press is a repetition', async () => {
    const { journal, clock, house } = setUp()
    await house.say('btn-1/event', press('1'))
    const next = createHouse({ journal, clock, name: 'b' })
    await next.start()
    await next.say('btn-1/event', press('2'))
    expect(await next.alarms()).toMatchObject([{ repeats: 1 }])
  })
})

describe('the intake', () => {
  test('what nobody can ever understand is counted and acknowledged', async () => {
    const { house } = setUp()
    expect(await house.say('btn-1/event', 'no json')).toBe(true)
    expect(await house.say('btn-1/event', '[]')).toBe(true)
    expect(await house.say('points/sp-1/reply', '{}')).toBe(true)
    expect(await house.say('btn-1/measure', '{"heartRate":"fast"}')).toBe(true)
    expect(await house.say('btn-1/elsewhere', '{}')).toBe(true)
    expect(house.heard.filter(word => word.startsWith('discarded'))).toEqual([
      'discarded: not-json',
      'discarded: wrong-shape',
      'discarded: wrong-shape',
      'discarded: wrong-shape',
      'discarded: not-read',
    ])
  })

  test('what is not known, and what is life and no alarm, is kept once', async () => {
    const { journal, house } = setUp()
    for (const type of ['earthquake', 'earthquake', 'motion'])
      await house.say('btn-1/event', press('1', type))
    const kept = await journal.inboxOf(DeviceId.parse('btn-1'), 10)
    expect(kept.map(entry => entry.type).sort()).toEqual(['earthquake', 'motion'])
    expect(house.heard).toContain('earthquake: duplicate')
  })

  test('status is heard and raises nothing', async () => {
    const { house } = setUp()
    await house.say('btn-1/status', { batteryPercent: 80 })
    expect(house.heard).toEqual(['btn-1: {"kind":"status","batteryPercent":80}'])
    expect(await house.alarms()).toEqual([])
  })

  test('"I am fine" ends a suspected fall of the same home, and does not end a call', async () => {
    const { house } = setUp()
    await house.say('radar-1/event', press('1', 'fall'))
    await house.say('btn-1/event', press('1'))
    await house.say('btn-1/event', press('2', 'cancel'))
    await house.say('btn-1/event', press('2', 'cancel'))
    const states = (await house.alarms()).map(alarm => [alarm.kind, alarm.state])
    expect(Object.fromEntries(states)).toEqual({ fall: 'resolved', sos: 'offered' })
  })

  test('"I am fine", sent again after a fall, does not take back the fall', async () => {
    const { house } = setUp()
    await house.say('btn-1/event', press('c1', 'cancel'))
    await house.say('btn-1/event', press('f2', 'fall'))
    await house.say('btn-1/event', press('c1', 'cancel'))
    await house.say('btn-1/event', press('f2', 'fall'))
    expect(await house.alarms()).toMatchObject([{ kind: 'fall', state: 'suspected', repeats: 0 }])
  })

  test('a device that has begun its ids anew rings, a message that comes again within a day does not', async () => {
    const { clock, house } = setUp()
    const ring = async () => {
      await house.say('btn-1/event', press('1'))
      for (const { id, state } of await house.alarms()) {
        if (state === 'offered') await house.desk.act(id, { type: 'resolve', cause: 'real' }, operator)
      }
      return (await house.alarms()).length
    }
    expect(await ring()).toBe(1)
    await clock.pass(23 * 3_600_000)
    expect(await ring()).toBe(1)
    await clock.pass(2 * 3_600_000)
    expect(await ring()).toBe(2)
  })

  test('"I am fine" with nothing open, and "cleared" of nothing, are kept', async () => {
    const { journal, house } = setUp()
    await house.say('btn-1/event', press('1', 'cancel'))
    await house.say('btn-1/event', { id: '2', type: 'cleared', data: { of: 'smoke' } })
    expect(await journal.inboxOf(DeviceId.parse('btn-1'), 10)).toHaveLength(2)
  })

  test('a terminal takes an alarm, and one that was not asked learns why it cannot', async () => {
    const { house } = setUp()
    await house.say('btn-1/event', press('1'))
    await house.say('points/sp-1/reply', { alarm: 'a-1', epoch: 1, action: 'received' })
    await house.say('points/sp-2/reply', { alarm: 'a-1', epoch: 1, action: 'acknowledge' })
    await house.say('points/sp-1/reply', { alarm: 'a-1', epoch: 1, action: 'acknowledge' })
    await house.say('points/sp-1/reply', { alarm: 'nowhere', epoch: 1, action: 'acknowledge' })
    expect(await house.alarms()).toMatchObject([
      { state: 'acknowledged', holder: { kind: 'point', id: 'sp-1' } },
    ])
    expect(house.heard).toContain('sp-1 has a-1')
    expect(house.heard).toContain('sp-2 not-asked a-1')
    expect(house.heard).toContain('sp-1 alarm-not-found nowhere')
  })
})
