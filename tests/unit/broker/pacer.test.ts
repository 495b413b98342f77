import { describe, expect, it } from 'vitest'
import { costs, createPacer } from '../../../broker/pacer.ts'

const nextTurn = () => new Promise<void>(resolve => setImmediate(resolve))

/** Asks for `names` at once; `done` says in which turn of the event loop each was let through. */
const askAll = async (names: readonly string[], cost: number) => {
  const pacer = createPacer()
  const done: { readonly name: string; readonly turn: number }[] = []
  let turn = 0
  const again = new Map<string, () => void>()
  for (const name of names) {
    const ask = (): void => {
      if (pacer.mayGo(ask, cost)) done.push({ name, turn })
    }
    again.set(name, ask)
    ask()
  }
  const passTurns = async (count: number) => {
    for (let passed = 0; passed < count; passed += 1) {
      turn += 1
      await nextTurn()
    }
  }
  return { pacer, done, again, passTurns }
}

const names = (count: number): string[] => Array.from({ length: count }, (_, n) => String(n))

describe('the pacer', () => {
  it('lets everybody through in the order in which they came, and only so many in a turn', async () => {
    const { done, passTurns } = await askAll(names(100), costs.login)
    expect(done.length).toBeGreaterThan(0)
    await passTurns(100)
    expect(done.map(({ name }) => name)).toEqual(names(100))
    const inTurn = new Map<number, number>()
    for (const { turn } of done) inTurn.set(turn, (inTurn.get(turn) ?? 0) + 1)
    expect(Math.max(...inTurn.values())).toBe(4)
  })

  it('lets one handshake through in a turn, and sixteen ends of connections cost as much as two of them', async () => {
    const handshakes = await askAll(names(10), costs.handshake)
    expect(handshakes.done).toHaveLength(1)
    const ends = await askAll(names(100), costs.end)
    expect(ends.done).toHaveLength(8)
  })

  it('does not let somebody who has just come overtake those who wait', async () => {
    const { pacer, done } = await askAll(names(20), costs.bulk)
    expect(done).toHaveLength(16)
    expect(pacer.mayGo(() => {}, costs.bulk)).toBe(false)
  })

  it('forgets who has left', async () => {
    const { pacer, done, again, passTurns } = await askAll(names(20), costs.bulk)
    const last = again.get('19')
    if (last) pacer.leave(last)
    await passTurns(5)
    expect(done.map(({ name }) => name)).toEqual(names(19))
  })
})
