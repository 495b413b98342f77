import { describe, expect, test } from 'vitest'
import { createKeeper } from '../../../gateway/keeper.ts'
import type { States } from '../../../gateway/model/states.ts'
import { createMemoryStates } from '../../support/memory-sensing.ts'
import { createVirtualClock } from '../../support/virtual-clock.ts'

describe('the keeper of states', () => {
  test('saves what is marked a little later, as it is then', async () => {
    const clock = createVirtualClock()
    const states = createMemoryStates()
    const keeper = await createKeeper(states, clock)
    let count = 1
    keeper.start()
    keeper.mark('counter', () => String(count))
    keeper.mark('exit', () => 'turned', 'soon')
    await clock.pass(1_000)
    expect(states.held).toEqual(new Map([['exit', 'turned']]))
    count = 2
    await clock.pass(20_000)
    expect(states.held.get('counter')).toBe('2')
  })

  test('saves at once where somebody waits for it, and nothing else with it', async () => {
    const states = createMemoryStates()
    const keeper = await createKeeper(states, createVirtualClock())
    keeper.mark('a', () => '1')
    keeper.mark('b', () => '2')
    expect(await keeper.save(['b', 'unknown'])).toBe(true)
    expect([...states.held.keys()]).toEqual(['b'])
  })

  test('answers for a state that is on its way to the disk already', async () => {
    const clock = createVirtualClock()
    const answers: ((isSaved: boolean) => void)[] = []
    const keeper = await createKeeper(
      { load: async () => new Map(), save: () => new Promise(resolve => answers.push(resolve)) },
      clock,
    )
    keeper.mark('a', () => '1')
    keeper.start()
    await clock.pass(1)
    let answer: boolean | undefined
    const saved = keeper.save(['a']).then(isSaved => {
      answer = isSaved
    })
    await clock.pass(1)
    expect(answer).toBeUndefined()
    answers[0]?.(false)
    await saved
    expect(answer).toBe(false)
  })

  test('waits with a state that must not be saved yet', async () => {
    const states = createMemoryStates()
    const keeper = await createKeeper(states, createVirtualClock())
    let ready = false
    keeper.mark('a', () => (ready ? '1' : undefined))
    await keeper.save(['a'])
    expect(states.held.size).toBe(0)
    ready = true
    await keeper.stop()
    expect(states.held.size).toBe(1)
  })

  test('tries again what the disk has refused', async () => {
    const clock = createVirtualClock()
    const held = createMemoryStates()
    let full = true
    const states: States = { load: held.load, save: async changes => !full && held.save(changes) }
    const keeper = await createKeeper(states, clock)
    keeper.start()
    keeper.mark('a', () => '1', 'soon')
    await clock.pass(1_000)
    expect(held.held.size).toBe(0)
    full = false
    await clock.pass(1_000)
    expect(held.held.size).toBe(1)
  })

  test('saves what has turned before what only went on', async () => {
    const clock = createVirtualClock()
    const saved: string[] = []
    const states: States = {
      load: async () => new Map(),
      async save(changes) {
        saved.push(...changes.keys())
        return true
      },
    }
    const keeper = await createKeeper(states, clock)
    for (let device = 0; device < 600; device += 1) keeper.mark(`device/${device}`, () => '1')
    keeper.mark('exit', () => '1', 'soon')
    keeper.start()
    await clock.pass(30_000)
    expect(saved[0]).toBe('exit')
    expect(saved).toHaveLength(601)
  })

  test('saves a whole town in slices', async () => {
    const clock = createVirtualClock()
    const slices: number[] = []
    const states: States = {
      load: async () => new Map(),
      async save(changes) {
        slices.push(changes.size)
        return true
      },
    }
    const keeper = await createKeeper(states, clock)
    for (let device = 0; device < 1_200; device += 1) keeper.mark(`device/${device}`, () => '1')
    keeper.start()
    await clock.pass(30_000)
    expect(slices.reduce((sum, size) => sum + size, 0)).toBe(1_200)
    expect(Math.max(...slices)).toBeLessThanOrEqual(500)
  })
})
