import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createFeed } from '../../../gateway/feed.ts'
import { createInOrder } from '../../../gateway/kit/in-order.ts'
import { AlarmId } from '../../../gateway/model/ids.ts'
import type { Entry } from '../../../gateway/model/journal.ts'

const entry = (seq: number): Entry => ({
  seq,
  alarm: AlarmId.parse('a-1'),
  version: seq,
  recordedAt: 0,
  actor: { kind: 'clock' },
  event: { type: 'noted', text: '' },
  hash: '',
})

describe('the feed', () => {
  test('passes entries on in order and without a gap, in whatever order commits are answered', () => {
    const orders = fc.shuffledSubarray(
      Array.from({ length: 20 }, (_, index) => index),
      { minLength: 20 },
    )
    fc.assert(
      fc.property(orders, order => {
        const feed = createFeed(100)
        const seen: number[] = []
        feed.subscribe(entries => seen.push(...entries.map(one => one.seq)))
        for (const index of order) feed.push([entry(101 + index)])
        expect(seen).toEqual(Array.from({ length: 20 }, (_, index) => 101 + index))
      }),
    )
  })

  test('a listener that has left hears nothing', () => {
    const feed = createFeed(0)
    const seen: number[] = []
    const leave = feed.subscribe(entries => seen.push(...entries.map(one => one.seq)))
    feed.push([entry(1)])
    leave()
    feed.push([entry(2)])
    expect(seen).toEqual([1])
  })
})

describe('tasks in order', () => {
  test('of one key wait for each other, also after a failure; other keys do not wait', async () => {
    const inOrder = createInOrder()
    const done: string[] = []
    let release: () => void = () => {}
    const gate = new Promise<void>(resolve => {
      release = resolve
    })
    const first = inOrder('a', async () => {
      await gate
      done.push('a1')
      throw new Error('broken')
    })
    const second = inOrder('a', async () => done.push('a2'))
    await inOrder('b', async () => done.push('b1'))
    expect(done).toEqual(['b1'])
    release()
    await expect(first).rejects.toThrow('broken')
    await second
    expect(done).toEqual(['b1', 'a1', 'a2'])
  })
})
