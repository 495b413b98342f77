import { describe, expect, onTestFinished, test } from 'vitest'
import type { createMemoryJournal } from '../../../gateway/journal/memory.ts'
import { UserId } from '../../../gateway/model/ids.ts'
import { openShift } from '../../../gateway/shift/shift.ts'
import { createWatchKeeping } from '../../../gateway/watch-keeping.ts'
import { startCore } from '../../support/core-on-virtual-time.ts'
import { openTestPrivacy } from '../../support/privacy.ts'
import { withTemporaryDirectory } from '../../support/temporary-directory.ts'
import { createVirtualClock, type VirtualClock } from '../../support/virtual-clock.ts'

const evening = Date.UTC(2026, 10, 21, 12)
const minute = 60_000
const li = { id: UserId.parse('li'), name: '李' }
const wang = { id: UserId.parse('wang'), name: '王' }
const document = {
  areas: [{ id: 'anshan', name: '鞍山市', level: 'city' }],
  homes: [{ id: 'h-1', address: '一号', area: 'anshan' }],
  devices: [
    { id: 'btn-1', model: 'native/call-button', home: 'h-1', secret: 'button secret' },
    { id: 'btn-2', model: 'native/call-button', home: 'h-1', secret: 'button secret' },
  ],
}

type Given = {
  readonly clock?: VirtualClock
  readonly directory?: string
  readonly journal?: ReturnType<typeof createMemoryJournal>
}

const keepWatch = async ({
  clock = createVirtualClock(evening),
  directory = ':memory:',
  journal,
}: Given = {}) => {
  const house = await startCore({ clock, document, ...(journal && { journal }) })
  const { registry, care } = house
  const { papers } = openTestPrivacy({ registry, journal: house.journal, care, clock })
  const refs: string[] = []
  const book = openShift({ directory, clock })
  const errors: string[] = []
  const dismissed = new Set<UserId>()
  const keeping = createWatchKeeping({
    book,
    core: house.core,
    papers: {
      ...papers,
      keep(...given) {
        const kept = papers.keep(...given)
        if ('ref' in kept) refs.push(kept.ref)
        return kept
      },
    },
    clock,
    absentMs: minute,
    mayWatch: user => !dismissed.has(user),
    log: { error: (_facts, message) => void errors.push(message) },
  })
  keeping.start()
  const stop = async () => {
    keeping.stop()
    book.close()
    await house.stop()
  }
  const unattended = async () =>
    (await house.alarms()).filter(({ kind }) => kind === 'nobody-on-duty').map(({ state }) => state)
  /** What was written and is kept. */
  const written = () => refs.flatMap(ref => papers.text(ref) ?? [])
  return { ...keeping, house, clock, book, dismissed, stop, errors, unattended, written }
}

/** Lets everything settle that needs no time. */
const settled = ({ clock }: { clock: VirtualClock }) => clock.pass(0)

describe('nobody on duty', () => {
  test('is no alarm where nobody has ever taken a shift over', async () => {
    const keeping = await keepWatch()
    await keeping.clock.pass(60 * minute)
    keeping.consoles.opened(li.id)()
    await keeping.clock.pass(60 * minute)
    expect(await keeping.unattended()).toEqual([])
  })

  test('rings once the last has left, for every seat, and ends by itself when somebody is back', async () => {
    const keeping = await keepWatch()
    keeping.consoles.opened(li.id)
    await keeping.watch.takeOver(li)
    await keeping.clock.pass(10 * minute)
    expect(await keeping.unattended()).toEqual([])
    await keeping.watch.leave(li, true)
    await settled(keeping)
    const [alarm] = await keeping.house.alarms()
    expect(alarm).toMatchObject({
      kind: 'nobody-on-duty',
      class: 'technical',
      priority: 'high',
      state: 'offered',
      asked: [{ kind: 'county' }],
    })
    expect(alarm?.location).not.toHaveProperty('area')
    await keeping.watch.takeOver(wang)
    await settled(keeping)
    expect(await keeping.unattended()).toEqual(['closed'])
    expect(keeping.book.now().unattendedSince).toBeUndefined()
  })

  test('at any console for longer than is allowed rings as well; a reload of the page does not', async () => {
    const keeping = await keepWatch()
    await keeping.watch.takeOver(li)
    const close = keeping.consoles.opened(li.id)
    close()
    await keeping.clock.pass(minute - 1)
    const closeAgain = keeping.consoles.opened(li.id)
    await keeping.clock.pass(10 * minute)
    expect(await keeping.unattended()).toEqual([])
    closeAgain()
    // What was closed twice is closed once.
    closeAgain()
    await keeping.clock.pass(minute - 1)
    expect(await keeping.unattended()).toEqual([])
    await keeping.clock.pass(1)
    expect(await keeping.unattended()).toEqual(['offered'])
    keeping.consoles.opened(li.id)
    await settled(keeping)
    expect(await keeping.unattended()).toEqual(['closed'])
  })

  test('is not so while one of two consoles of a person, or of two people on duty, is open', async () => {
    const keeping = await keepWatch()
    await keeping.watch.takeOver(li)
    await keeping.watch.takeOver(wang)
    const first = keeping.consoles.opened(li.id)
    keeping.consoles.opened(li.id)
    first()
    await keeping.clock.pass(10 * minute)
    expect(await keeping.unattended()).toEqual([])
  })

  test('is so although somebody looks on who is not on duty', async () => {
    const keeping = await keepWatch()
    await keeping.watch.takeOver(li)
    keeping.consoles.opened(wang.id)
    await keeping.clock.pass(minute)
    expect(await keeping.unattended()).toEqual(['offered'])
  })

  test('rings once over restarts, also when a person has ended it meanwhile, and ends after one', () =>
    withTemporaryDirectory(async directory => {
      const clock = createVirtualClock(evening)
      const first = await keepWatch({ clock, directory })
      await first.watch.takeOver(li)
      await clock.pass(minute)
      expect(await first.unattended()).toEqual(['offered'])
      await first.stop()

      const { journal } = first.house
      const second = await keepWatch({ clock, directory, journal })
      await clock.pass(10 * minute)
      expect(await second.unattended()).toEqual(['offered'])
      const [alarm] = await second.house.alarms()
      if (!alarm) throw new Error('there is no alarm')
      await second.house.core.desk.act(
        alarm.id,
        { type: 'resolve', cause: 'real' },
        { kind: 'user', ...wang },
      )
      await second.stop()

      const third = await keepWatch({ clock, directory, journal })
      await clock.pass(10 * minute)
      expect(await third.unattended()).toEqual(['closed'])
      // Somebody came and went: that is another time.
      const close = third.consoles.opened(li.id)
      await settled(third)
      close()
      await clock.pass(minute)
      expect(await third.unattended()).toEqual(['offered', 'closed'])
      await third.stop()

      const fourth = await keepWatch({ clock, directory, journal })
      fourth.consoles.opened(li.id)
      await settled(fourth)
      expect(await fourth.unattended()).toEqual(['closed', 'closed'])
      await fourth.stop()
    }))

  test('is so once the only one on duty may not work there any more, though their console is still open', async () => {
    const keeping = await keepWatch()
    keeping.consoles.opened(li.id)
    await keeping.watch.takeOver(li)
    keeping.dismissed.add(li.id)
    await keeping.clock.pass(10_000)
    expect(await keeping.unattended()).toEqual(['offered'])
    expect(keeping.watch.now().onDuty).toEqual([])
    expect(keeping.watch.latest(2, () => true)).toMatchObject([
      { by: null, event: { type: 'unattended', why: 'nobody' } },
      { by: null, event: { type: 'struck-off', from: li } },
    ])
    // Allowed again, they are not on duty by that alone.
    keeping.dismissed.delete(li.id)
    await keeping.clock.pass(10 * minute)
    expect(await keeping.unattended()).toEqual(['offered'])
  })

  test('counts the last one as the last, beside somebody who may not work there any more', async () => {
    const { watch, dismissed } = await keepWatch()
    await watch.takeOver(li)
    await watch.takeOver(wang)
    dismissed.add(wang.id)
    expect(await watch.leave(li, false)).toMatchObject({ refused: 'last-on-duty' })
  })

  test('ends by itself also when the gateway was killed before it had written down that it rings', () =>
    withTemporaryDirectory(async directory => {
      const clock = createVirtualClock(evening)
      const first = await keepWatch({ clock, directory })
      await first.watch.takeOver(li)
      first.book.found = () => {
        throw new Error('killed')
      }
      await clock.pass(minute)
      expect(await first.unattended()).toEqual(['offered'])
      await first.stop()
      const second = await keepWatch({ clock, directory, journal: first.house.journal })
      second.consoles.opened(li.id)
      await settled(second)
      expect(await second.unattended()).toEqual(['closed'])
      await second.stop()
    }))

  test('rings as soon as the journal takes it again', async () => {
    const keeping = await keepWatch()
    await keeping.watch.takeOver(li)
    keeping.house.journal.setHealth({ writable: false })
    await keeping.clock.pass(minute)
    expect(await keeping.unattended()).toEqual([])
    expect(keeping.book.now().unattendedSince).toBeUndefined()
    keeping.house.journal.setHealth({ writable: true })
    await keeping.clock.pass(10_000)
    expect(await keeping.unattended()).toEqual(['offered'])
  })
})

describe('a shift that is handed over', () => {
  const press = async ({ house }: Awaited<ReturnType<typeof keepWatch>>, device: string) => {
    await house.say(`${device}/event`, { id: `e-${device}`, type: 'sos' })
    const alarm = (await house.alarms()).find(({ location }) => location.device === device)
    if (!alarm) throw new Error('nobody heard it')
    return alarm
  }

  const heldBy = async (by: typeof li) => {
    const keeping = await keepWatch()
    onTestFinished(keeping.stop)
    await keeping.watch.takeOver(by)
    const { desk } = keeping.house.core
    const held = [await press(keeping, 'btn-1'), await press(keeping, 'btn-2')]
    for (const { id, epoch } of held) {
      await desk.act(id, { type: 'acknowledge', epoch }, { kind: 'user', ...by })
    }
    return { ...keeping, held, desk }
  }

  test('takes the alarms along that the leaver still holds, and names the others', async () => {
    const { watch, held, desk, house } = await heldBy(li)
    const offered = await watch.handOver(li, wang, '二号楼家属已联系')
    if ('refused' in offered) throw new Error(offered.refused)
    expect(offered.alarms.toSorted()).toEqual(held.map(({ id }) => id).toSorted())
    expect(watch.noteOf(offered)).toBe('二号楼家属已联系')
    const [first, second] = held
    if (!first || !second) throw new Error('there are no alarms')
    await desk.act(first.id, { type: 'resolve', cause: 'accidental' }, { kind: 'user', ...li })

    expect(await watch.accept(wang, offered.id)).toEqual({
      transferred: [second.id],
      kept: [{ alarm: first.id, why: 'already-resolved' }],
    })
    expect(await house.core.door.find(second.id)).toMatchObject({
      state: 'acknowledged',
      holder: { kind: 'user', ...wang },
      epoch: second.epoch + 1,
    })
    expect(watch.now()).toMatchObject({ onDuty: [{ user: wang }], pending: [] })
  })

  test('takes along what the leaver has taken on since it was offered', async () => {
    const keeping = await keepWatch()
    onTestFinished(keeping.stop)
    const { watch, house } = keeping
    await watch.takeOver(li)
    const offered = await watch.handOver(li, wang)
    if ('refused' in offered) throw new Error(offered.refused)
    expect(offered.alarms).toEqual([])
    const { id, epoch } = await press(keeping, 'btn-1')
    await house.core.desk.act(id, { type: 'acknowledge', epoch }, { kind: 'user', ...li })
    expect(await watch.accept(wang, offered.id)).toEqual({ transferred: [id], kept: [] })
    expect(await house.core.door.find(id)).toMatchObject({ holder: wang })
  })

  test('can be accepted though its giver may not work there any more', async () => {
    const { watch, held, dismissed, clock } = await heldBy(li)
    const offered = await watch.handOver(li, wang)
    if ('refused' in offered) throw new Error(offered.refused)
    dismissed.add(li.id)
    await clock.pass(10_000)
    expect(watch.now()).toMatchObject({ onDuty: [], pending: [{ id: offered.id }] })
    expect(await watch.accept(wang, offered.id)).toMatchObject({ transferred: held.map(({ id }) => id) })
  })

  test('leaves an alarm where it is that somebody else has taken on since', async () => {
    const { watch, held, desk } = await heldBy(li)
    const offered = await watch.handOver(li, wang)
    if ('refused' in offered) throw new Error(offered.refused)
    const [first] = held
    if (!first) throw new Error('there is no alarm')
    const zhao = { kind: 'user', id: UserId.parse('zhao'), name: '赵' } as const
    await desk.act(first.id, { type: 'transfer', to: zhao }, zhao)
    const accepted = await watch.accept(wang, offered.id)
    expect(accepted).toMatchObject({ kept: [{ alarm: first.id, why: 'not-holder' }] })
  })

  test('stays offered while the journal is not writable, and goes over whole at the next try', async () => {
    const { watch, held, house } = await heldBy(li)
    const offered = await watch.handOver(li, wang)
    if ('refused' in offered) throw new Error(offered.refused)
    house.journal.setHealth({ writable: false })
    expect(await watch.accept(wang, offered.id)).toMatchObject({ refused: 'journal-unavailable' })
    expect(watch.now()).toMatchObject({ onDuty: [{ user: li }], pending: [{ id: offered.id }] })
    house.journal.setHealth({ writable: true })
    expect(await watch.accept(wang, offered.id)).toMatchObject({ transferred: held.map(({ id }) => id) })
  })

  test('cannot be withdrawn while it is being accepted', async () => {
    const { watch } = await heldBy(li)
    const offered = await watch.handOver(li, wang)
    if ('refused' in offered) throw new Error(offered.refused)
    const [accepted, withdrawn] = await Promise.all([watch.accept(wang, offered.id), watch.withdraw(li)])
    expect(accepted).toMatchObject({ kept: [] })
    expect(withdrawn).toMatchObject({ refused: 'wrong-shift-state' })
  })

  test('drops what was written with it when it is refused', async () => {
    const keeping = await keepWatch()
    onTestFinished(keeping.stop)
    expect(await keeping.watch.handOver(li, wang, '不在班')).toMatchObject({ refused: 'wrong-shift-state' })
    expect(keeping.written()).toEqual([])
    await keeping.watch.takeOver(li)
    await keeping.watch.handOver(li, wang, '一切正常')
    expect(keeping.written()).toEqual(['一切正常'])
  })
})
