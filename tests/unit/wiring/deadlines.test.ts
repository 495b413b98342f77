import { describe, expect, test } from 'vitest'
import { createMemoryJournal } from '../../../gateway/journal/memory.ts'
import type { Alarm } from '../../../gateway/model/alarm.ts'
import { ResponderId } from '../../../gateway/model/ids.ts'
import type { Journal } from '../../../gateway/model/journal.ts'
import { createVirtualClock } from '../../support/virtual-clock.ts'
import { start } from '../alarm/given-when-then.ts'
import { createHouse, operator } from './house.ts'

const setUp = async () => {
  const journal = createMemoryJournal()
  const clock = createVirtualClock(start)
  const house = createHouse({ journal, clock })
  await house.start()
  await house.say('btn-1/event', { id: '1', type: 'sos' })
  const alarm = async (): Promise<Alarm> => {
    const [one] = await house.alarms()
    if (!one) throw new Error('no alarm')
    return one
  }
  return { journal, clock, house, alarm }
}

describe('deadlines', () => {
  test('an alarm that nobody answers is asked wider on time, and then for ever', async () => {
    const { clock, alarm } = await setUp()
    await clock.pass(29_999)
    expect((await alarm()).level).toBe(1)
    await clock.pass(1)
    expect((await alarm()).level).toBe(2)
    await clock.pass(90_000)
    expect((await alarm()).level).toBe(4)
    const { version } = await alarm()
    await clock.pass(600_000)
    expect((await alarm()).version).toBe(version + 10)
  })

  test('an answer stops the asking, and the lease begins', async () => {
    const { clock, house, alarm } = await setUp()
    await clock.pass(10_000)
    await house.desk.act((await alarm()).id, { type: 'acknowledge', epoch: 1 }, operator)
    await clock.pass(119_999)
    expect(await alarm()).toMatchObject({ state: 'acknowledged', level: 1 })
    await clock.pass(1)
    expect(await alarm()).toMatchObject({ state: 'offered', epoch: 2, level: 4 })
  })

  test('a responder who does not answer has said no, and when nobody moves after that, all are asked anew', async () => {
    const { clock, house, alarm } = await setUp()
    const { id } = await alarm()
    await house.desk.act(id, { type: 'acknowledge', epoch: 1 }, operator)
    const responder = ResponderId.parse('rs-1')
    await house.desk.act(id, { type: 'dispatch', responder, ask: true }, operator)
    await clock.pass(119_999)
    expect(await alarm()).toMatchObject({ state: 'dispatched', dispatchedTo: responder })
    await clock.pass(1)
    expect(await alarm()).toMatchObject({ state: 'acknowledged', declined: [responder] })
    await clock.pass(120_000)
    expect(await alarm()).toMatchObject({ state: 'offered', epoch: 2 })
  })

  test('a question to a responder outlives a restart', async () => {
    const { journal, clock, house, alarm } = await setUp()
    const { id } = await alarm()
    await house.desk.act(id, { type: 'acknowledge', epoch: 1 }, operator)
    const responder = ResponderId.parse('rs-1')
    await house.desk.act(id, { type: 'dispatch', responder, ask: true }, operator)
    house.deadlines.stop()
    await clock.pass(60_000)
    const next = createHouse({ journal, clock, name: 'b' })
    await next.start()
    await clock.pass(60_000)
    expect(await alarm()).toMatchObject({ state: 'acknowledged', declined: [responder] })
  })

  test('a gateway that was down when a deadline came due makes up for it at once', async () => {
    const { journal, clock, house, alarm } = await setUp()
    house.deadlines.stop()
    await clock.pass(3_600_000)
    expect((await alarm()).level).toBe(1)
    const next = createHouse({ journal, clock, name: 'b' })
    await next.start()
    await clock.pass(0)
    expect((await alarm()).level).toBe(2)
  })

  test('while the journal cannot be written a due deadline is tried until it can', async () => {
    const { journal, clock, house, alarm } = await setUp()
    journal.setHealth({ writable: false })
    await clock.pass(60_000)
    expect((await alarm()).level).toBe(1)
    journal.setHealth({ writable: true })
    await clock.pass(1_000)
    expect((await alarm()).level).toBe(2)
    expect(house.heard).toContain('auditor: not-committed a-1')
  })

  test('a clock that is set forward is noticed by the auditor', async () => {
    const { clock, house, alarm } = await setUp()
    clock.setWall(start + 3_600_000)
    await clock.pass(10_000)
    expect((await alarm()).level).toBe(2)
    expect(house.heard).toContain('auditor: overdue a-1')
  })

  test('a clock that is set back delays nothing: timers run on elapsed time', async () => {
    const { clock, alarm } = await setUp()
    clock.setWall(start - 3_600_000)
    await clock.pass(30_000)
    expect((await alarm()).level).toBe(2)
  })
})

describe('a clock that is set back', () => {
  test('delays nothing, also when something else happens to the alarm meanwhile', async () => {
    const { clock, house, alarm } = await setUp()
    clock.setWall(start - 8 * 3_600_000)
    await house.desk.act((await alarm()).id, { type: 'note', text: 'x' }, operator)
    await clock.pass(30_000)
    expect((await alarm()).level).toBe(2)
  })

  test('delays nothing for longer than its plan, also over a restart', async () => {
    const { journal, clock, house, alarm } = await setUp()
    house.deadlines.stop()
    clock.setWall(start - 24 * 3_600_000)
    const next = createHouse({ journal, clock, name: 'b' })
    await next.start()
    await clock.pass(120_000)
    expect((await alarm()).level).toBe(2)
  })
})

describe('the auditor', () => {
  test('leaves the timer alone that was set while it looked', async () => {
    const journal = createMemoryJournal()
    const clock = createVirtualClock(start)
    let look: () => void = () => {}
    const house = createHouse({
      journal: {
        ...journal,
        audit: async dueBefore => {
          const found = await journal.audit(dueBefore)
          await new Promise<void>(resolve => {
            look = resolve
          })
          return found
        },
      },
      clock,
    })
    await house.say('btn-1/event', { id: '1', type: 'sos' })
    clock.setWall(start + 3_600_000)
    const audited = house.deadlines.audit()
    await clock.pass(30_000)
    look()
    await audited
    await clock.pass(30_000)
    expect((await house.alarms())[0]).toMatchObject({ level: 3 })
  })

  test('reports and mends an open alarm without a deadline', async () => {
    const journal = createMemoryJournal()
    const clock = createVirtualClock(start)
    // A journal whose deadline of this alarm got lost, as after a fault of the disk or of the program.
    let lost = true
    const forgetful: Journal & Pick<typeof journal, 'setHealth'> = {
      ...journal,
      audit: async dueBefore => ({
        ...(await journal.audit(dueBefore)),
        ...(lost && { withoutDeadline: (await journal.unfinished()).map(alarm => alarm.id) }),
      }),
    }
    const house = createHouse({ journal: forgetful, clock })
    await house.say('btn-1/event', { id: '1', type: 'sos' })
    await house.deadlines.audit()
    lost = false
    const [alarm] = await house.alarms()
    if (!alarm) throw new Error('no alarm')
    const last = (await journal.timeline(alarm.id)).at(-1)
    expect(last).toMatchObject({ actor: { kind: 'auditor' }, event: { type: 'deadline-mended' } })
    expect(house.heard).toContain('auditor: without-deadline a-1')
    await clock.pass(30_000)
    expect((await house.alarms())[0]).toMatchObject({ level: 2 })
  })

  test('goes on after a round in which the journal could not be read', async () => {
    const journal = createMemoryJournal()
    const clock = createVirtualClock(start)
    let rounds = 0
    const house = createHouse({
      journal: {
        ...journal,
        audit: async dueBefore => {
          rounds += 1
          if (rounds === 2) throw new Error('cannot read')
          return journal.audit(dueBefore)
        },
      },
      clock,
    })
    await house.start()
    await clock.pass(30_000)
    expect(rounds).toBe(4)
    expect(house.heard).toEqual(['auditor: failed undefined'])
  })
})
