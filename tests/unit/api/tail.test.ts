import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createTail } from '../../../gateway/api/tail.ts'
import { createFeed } from '../../../gateway/feed.ts'
import { AlarmId } from '../../../gateway/model/ids.ts'
import type { Entry } from '../../../gateway/model/journal.ts'

const alarm = AlarmId.parse('alarm-1')
const entry = (seq: number): Entry => ({
  seq,
  alarm,
  version: seq,
  recordedAt: seq,
  actor: { kind: 'clock' },
  event: { type: 'noted', text: String(seq) },
  hash: '',
})
const entries = (from: number, to: number): Entry[] =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => entry(from + index))

const seqs = (read: readonly Entry[] | undefined) => read?.map(({ seq }) => seq)

const begin = (head: number) => {
  const feed = createFeed(head)
  return { feed, tail: createTail(feed, head) }
}

describe('the tail of the journal', () => {
  test('answers what came since it began, and leaves the rest to the journal', () => {
    const { feed, tail } = begin(10)
    expect(tail.after(10, 100)).toEqual([])
    expect(tail.after(9, 100)).toBeUndefined()
    feed.push(entries(11, 13))
    expect(seqs(tail.after(10, 100))).toEqual([11, 12, 13])
    expect(seqs(tail.after(12, 100))).toEqual([13])
    expect(seqs(tail.after(10, 2))).toEqual([11, 12])
    expect(tail.after(13, 100)).toEqual([])
    expect(tail.after(9, 100)).toBeUndefined()
  })

  test('remembers two thousand entries and no more', () => {
    const { feed, tail } = begin(0)
    for (let seq = 1; seq <= 5_000; seq += 1) feed.push([entry(seq)])
    expect(tail.after(2_999, 1)).toBeUndefined()
    expect(seqs(tail.after(3_000, 1))).toEqual([3_001])
  })

  test('begun while the feed was behind the journal never answers what it did not see', () => {
    const feed = createFeed(5)
    const tail = createTail(feed, 8)
    feed.push(entries(6, 8))
    feed.push(entries(9, 10))
    expect(seqs(tail.after(8, 100))).toEqual([9, 10])
  })

  test('tells its listeners of each commit until they stop or it stops', () => {
    const { feed, tail } = begin(0)
    let calls = 0
    const stop = tail.onMore(() => {
      calls += 1
    })
    feed.push([entry(1)])
    expect(calls).toBe(1)
    stop()
    feed.push([entry(2)])
    expect(calls).toBe(1)
    tail.stop()
    feed.push([entry(3)])
    expect(tail.after(2, 100)).toEqual([])
  })

  test('and the journal together give a reader every entry once and in order, wherever it starts', () => {
    fc.assert(
      fc.property(
        fc.nat(50),
        fc.array(fc.integer({ min: 1, max: 900 }), { maxLength: 8 }),
        fc.nat(),
        fc.integer({ min: 1, max: 700 }),
        (head, commits, start, page) => {
          const { feed, tail } = begin(head)
          let last = head
          for (const size of commits) {
            feed.push(entries(last + 1, last + size))
            last += size
          }
          const from = start % (last + 1)
          const read: number[] = []
          for (let place = from; place < last; place = read.at(-1) ?? last) {
            const next = tail.after(place, page) ?? entries(place + 1, Math.min(last, place + page))
            expect(next.length).toBeGreaterThan(0)
            read.push(...next.map(({ seq }) => seq))
          }
          expect(read).toEqual(entries(from + 1, last).map(({ seq }) => seq))
        },
      ),
    )
  })
})
