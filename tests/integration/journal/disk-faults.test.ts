import { describe, expect, it } from 'vitest'
import { openSqliteJournal } from '../../../gateway/journal/sqlite/adapter.ts'
import type { AlarmId } from '../../../gateway/model/ids.ts'
import type { Journal } from '../../../gateway/model/journal.ts'
import { follow, message, raise } from '../../support/alarm-samples.ts'
import { mayMount, withSmallDisk } from '../../support/small-disk.ts'
import { withTemporaryDirectory } from '../../support/temporary-directory.ts'
import { whyNoExt4Image, withExt4Image } from './ext4-image.ts'

const request = (id: string) => ({ ...raise(id), inbox: message(`btn-${id}`, id) })

/** Appends until one is refused. Answers the ids that were acknowledged, and the one that was not. */
const appendUntilRefused = async (journal: Journal, name: string, most: number) => {
  const acknowledged: AlarmId[] = []
  for (let number = 0; number < most; number += 1) {
    const one = request(`${name}-${number}`)
    const result = await journal.append(one)
    if (!result.ok) {
      if (result.why !== 'unavailable') throw new Error(result.why)
      return { acknowledged, refused: one, result }
    }
    acknowledged.push(one.alarm.id)
  }
  throw new Error(`${most} appends, and none was refused`)
}

/** Resolves when it can be written: now, or after the change that says so. */
const writable = (journal: Journal) =>
  new Promise<void>(resolve => {
    if (journal.health().writable) return resolve()
    const stop = journal.onHealth(health => {
      if (!health.writable) return
      stop()
      resolve()
    })
  })

const expectExactly = async (journal: Journal, acknowledged: readonly AlarmId[]) => {
  const entries = await journal.entriesAfter(0, 1_000_000)
  const raised = entries.filter(entry => entry.event.type === 'raised').map(entry => entry.alarm)
  expect(raised).toEqual(acknowledged)
  expect(await journal.verify()).toMatchObject({ ok: true, entries: entries.length, head: journal.head() })
}

/** Everything is refused, nothing of it is there, questions are still answered, and health says why. */
const expectRefusal = async (journal: Journal, acknowledged: readonly AlarmId[]) => {
  const [owed] = await journal.pendingDeliveries()
  const unavailable = { ok: false, why: 'unavailable', detail: expect.any(String) }
  expect(journal.health()).toEqual({ writable: false, detail: expect.any(String) })
  const head = journal.head()
  const late = request('late')
  expect(await Promise.all([journal.append(late), journal.append(request('later'))])).toEqual([
    unavailable,
    unavailable,
  ])
  expect(await journal.keep(message('btn-1', 'late'))).toEqual(unavailable)
  expect(await journal.settle([{ id: owed?.id ?? '', state: 'delivered', attempts: 1 }])).toBe(false)
  expect(journal.head()).toEqual(head)
  expect(await journal.load(late.alarm.id)).toBeUndefined()
  await expectExactly(journal, acknowledged)
}

describe.skipIf(!mayMount())('on a full disk (needs root, to mount a small one)', () => {
  it('an append is refused whole; when there is space again it goes on without being opened again', () =>
    withTemporaryDirectory(parent =>
      withSmallDisk(parent, 4, async disk => {
        const journal = await openSqliteJournal({ directory: disk.directory })
        const acknowledged: AlarmId[] = []
        // Three times over: what a refused commit leaves behind must not spoil the next.
        for (const round of ['one', 'two', 'three']) {
          await disk.fill()
          const { result, refused, ...before } = await appendUntilRefused(journal, round, 2_000)
          expect(result).toEqual({ ok: false, why: 'unavailable', detail: expect.stringContaining('full') })
          expect(journal.health()).toEqual({ writable: false, detail: result.detail })
          acknowledged.push(...before.acknowledged)
          expect(await journal.load(refused.alarm.id)).toBeUndefined()
          await expectExactly(journal, acknowledged)
          await disk.free()
          await writable(journal)
          // The device sends again what was not acknowledged.
          expect(await journal.append(refused)).toMatchObject({ ok: true })
          acknowledged.push(refused.alarm.id)
          await expectExactly(journal, acknowledged)
        }
        await journal.close()
        const again = await openSqliteJournal({ directory: disk.directory })
        await expectExactly(again, acknowledged)
        await again.close()
      }),
    ))

  it('of many appends at once, those that were acknowledged are there and no others', () =>
    withTemporaryDirectory(parent =>
      withSmallDisk(parent, 4, async disk => {
        const journal = await openSqliteJournal({ directory: disk.directory })
        const acknowledged: AlarmId[] = []
        for (let round = 0; acknowledged.length === round * 100; round += 1) {
          const results = await Promise.all(
            Array.from({ length: 100 }, (_, number) => journal.append(request(`${round}-${number}`))),
          )
          const entries = results.flatMap(result => (result.ok ? result.entries.slice(0, 1) : []))
          acknowledged.push(...entries.map(entry => entry.alarm))
        }
        await expectExactly(journal, acknowledged)
        await journal.close()
      }),
    ))
})

const noImage = whyNoExt4Image()

describe.skipIf(noImage !== undefined)(
  `on a disk that refuses writes (${noImage ?? 'ext4 in a file'})`,
  () => {
    it('an append is refused whole; when it can be written again it goes on without being opened again', () =>
      withTemporaryDirectory(parent =>
        withExt4Image(parent, async image => {
          const journal = await openSqliteJournal({ directory: image.directory })
          const first = request('first')
          expect(await journal.append(first)).toMatchObject({ ok: true })
          image.protect('journal.db-wal', true)
          const { refused, acknowledged } = await appendUntilRefused(journal, 'protected', 1)
          expect(acknowledged).toEqual([])
          await expectRefusal(journal, [first.alarm.id])
          image.protect('journal.db-wal', false)
          await writable(journal)
          expect(await journal.append(refused)).toMatchObject({ ok: true })
          expect(await journal.append(follow(first.alarm, { type: 'noted', text: '恢复' }))).toMatchObject({
            ok: true,
          })
          await expectExactly(journal, [first.alarm.id, refused.alarm.id])
          await journal.close()
        }),
      ))

    it('that its kernel has made read-only after an error, nothing acknowledged is lost', () =>
      withTemporaryDirectory(parent =>
        withExt4Image(parent, async image => {
          const journal = await openSqliteJournal({ directory: image.directory })
          const first = request('first')
          expect(await journal.append(first)).toMatchObject({ ok: true })
          await image.breakDown()
          const { refused } = await appendUntilRefused(journal, 'broken', 1)
          await expectRefusal(journal, [first.alarm.id])
          await journal.close()
          // Such a file system takes no writes until it is mounted anew, for which the journal must be closed.
          image.mountAnew()
          const again = await openSqliteJournal({ directory: image.directory })
          expect(await again.append(refused)).toMatchObject({ ok: true })
          await expectExactly(again, [first.alarm.id, refused.alarm.id])
          await again.close()
        }),
      ))
  },
)
