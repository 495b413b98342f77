import { describe, expect, test } from 'vitest'
import { openDatabase } from '../../../gateway/kit/sqlite.ts'
import { AlarmId, UserId } from '../../../gateway/model/ids.ts'
import type { ShiftCommand } from '../../../gateway/model/shift.ts'
import { openShift } from '../../../gateway/shift/shift.ts'
import { withTemporaryDirectory } from '../../support/temporary-directory.ts'
import { createVirtualClock } from '../../support/virtual-clock.ts'

const evening = Date.UTC(2026, 10, 21, 12)
const li = { id: UserId.parse('li'), name: '李' }
const wang = { id: UserId.parse('wang'), name: '王' }
const zhao = { id: UserId.parse('zhao'), name: '赵' }
const alarms = [AlarmId.parse('alarm-1'), AlarmId.parse('alarm-2')]

const takeOver: ShiftCommand = { type: 'take-over' }
const toWang: ShiftCommand = { type: 'hand-over', id: 'h-1', to: wang, alarms, note: 'paper:1' }
const accept: ShiftCommand = { type: 'accept', id: 'h-1', transferred: alarms, kept: [] }
const leave: ShiftCommand = { type: 'leave', leaveEmpty: false }
const leaveEmpty: ShiftCommand = { type: 'leave', leaveEmpty: true }

const openBook = (directory = ':memory:') => {
  const clock = createVirtualClock(evening)
  const book = openShift({ directory, clock })
  const act = (command: ShiftCommand, by = li) => {
    clock.advance(1_000)
    return book.act(command, by)?.refused
  }
  const onDuty = () => book.now().onDuty.map(({ user }) => user.id)
  return { ...book, act, onDuty, clock }
}

describe('a shift', () => {
  test('begins with nobody, and is taken over by one or more', () => {
    const book = openBook()
    expect(book.now()).toEqual({ onDuty: [], pending: [], isUsed: false })
    expect(book.act(takeOver)).toBeUndefined()
    expect(book.act(takeOver, wang)).toBeUndefined()
    expect(book.now()).toMatchObject({
      isUsed: true,
      onDuty: [
        { user: li, since: evening + 1_000 },
        { user: wang, since: evening + 2_000 },
      ],
    })
  })

  test('taken over twice by the same person is as it was', () => {
    const book = openBook()
    book.act(takeOver)
    expect(book.act(takeOver)).toBeUndefined()
    expect(book.now().onDuty).toEqual([{ user: li, since: evening + 1_000 }])
    expect(book.latest(10, () => true)).toHaveLength(1)
  })

  test('is left by whoever is on duty, but by the last only if that is said', () => {
    const book = openBook()
    expect(book.act(leave)).toBe('wrong-shift-state')
    book.act(takeOver)
    book.act(takeOver, wang)
    expect(book.act(leave)).toBeUndefined()
    expect(book.act(leave, wang)).toBe('last-on-duty')
    expect(book.onDuty()).toEqual(['wang'])
    expect(book.act(leaveEmpty, wang)).toBeUndefined()
    expect(book.onDuty()).toEqual([])
    expect(book.latest(1, () => true)[0]?.event).toEqual({ type: 'left', empty: true })
  })
})

describe('a hand-over', () => {
  test('names a colleague and the alarms; accepted, the one is on duty and the other is not', () => {
    const book = openBook()
    book.act(takeOver)
    expect(book.act(toWang)).toBeUndefined()
    expect(book.onDuty()).toEqual(['li'])
    expect(book.now().pending).toEqual([
      { id: 'h-1', from: li, to: wang, alarms, note: 'paper:1', offeredAt: evening + 2_000 },
    ])
    expect(book.act(accept, wang)).toBeUndefined()
    expect(book.now()).toMatchObject({ onDuty: [{ user: wang, since: evening + 3_000 }], pending: [] })
  })

  test('to a colleague who is on duty already leaves that colleague there, since then', () => {
    const book = openBook()
    book.act(takeOver, wang)
    book.act(takeOver)
    book.act(toWang)
    book.act(accept, wang)
    expect(book.now().onDuty).toEqual([{ user: wang, since: evening + 1_000 }])
  })

  test('is refused to who is not on duty, to oneself, and a second time', () => {
    const book = openBook()
    expect(book.act(toWang)).toBe('wrong-shift-state')
    book.act(takeOver)
    expect(book.act({ ...toWang, to: li })).toBe('wrong-shift-state')
    book.act(toWang)
    expect(book.act({ ...toWang, id: 'h-2', to: zhao })).toBe('wrong-shift-state')
    expect(book.now().pending).toHaveLength(1)
  })

  test('is accepted by nobody but whom it names, and once', () => {
    const book = openBook()
    book.act(takeOver)
    book.act(toWang)
    expect(book.act(accept, zhao)).toBe('not-found')
    expect(book.act(accept, li)).toBe('not-found')
    expect(book.act(accept, wang)).toBeUndefined()
    expect(book.act(accept, wang)).toBe('not-found')
  })

  test('is void once it is withdrawn, or whoever offered it has left', () => {
    const book = openBook()
    expect(book.act({ type: 'withdraw' })).toBe('wrong-shift-state')
    book.act(takeOver)
    book.act(toWang)
    expect(book.act({ type: 'withdraw' })).toBeUndefined()
    expect(book.act(accept, wang)).toBe('not-found')
    book.act(toWang)
    book.act(takeOver, zhao)
    book.act(leave)
    expect(book.now().pending).toEqual([])
    expect(book.act(accept, wang)).toBe('not-found')
  })
})

describe('what happened', () => {
  test('is told newest first, with who and when, as much of it as is wanted', () => {
    const book = openBook()
    book.act(takeOver)
    book.act(takeOver, wang)
    book.found('no-console')
    book.found(undefined)
    book.act(leave)
    expect(book.latest(10, () => true).map(({ by, event }) => [by?.id ?? null, event.type])).toEqual([
      ['li', 'left'],
      [null, 'attended'],
      [null, 'unattended'],
      ['wang', 'taken-over'],
      ['li', 'taken-over'],
    ])
    expect(book.latest(1, ({ by }) => by?.id === 'li')[0]?.at).toBe(evening + 3_000)
    expect(book.latest(10, ({ by }) => by?.id === 'wang')).toHaveLength(1)
  })

  test('is on disk: who is on duty, what is offered and whether nobody is there outlive a restart', () =>
    withTemporaryDirectory(async directory => {
      const before = openBook(directory)
      before.act(takeOver)
      before.act(toWang)
      before.found('no-console')
      const was = before.now()
      before.close()
      const after = openBook(directory)
      expect(after.now()).toEqual(was)
      expect(was.unattendedSince).toBe(evening + 2_000)
      expect(after.latest(10, () => true)).toHaveLength(3)
      after.close()
    }))

  test('in a file of a later version is not touched', () =>
    withTemporaryDirectory(async directory => {
      openBook(directory).close()
      const database = openDatabase(`${directory}/shift.db`, { durability: 'full' })
      database.exec('PRAGMA user_version = 99')
      database.close()
      expect(() => openBook(directory)).toThrow(/later version/)
    }))

  test('is not so where the disk refuses it', () =>
    withTemporaryDirectory(async directory => {
      const book = openBook(directory)
      const other = openDatabase(`${directory}/shift.db`, { durability: 'full' })
      other.exec("CREATE TRIGGER full BEFORE INSERT ON happening BEGIN SELECT RAISE(ABORT, 'disk full'); END")
      other.close()
      expect(() => book.act(takeOver)).toThrow(/disk full/)
      expect(book.onDuty()).toEqual([])
      book.close()
    }))
})
