import { expect, test } from 'vitest'
import { createKeeper } from '../../../gateway/keeper.ts'
import { createUsualAddresses } from '../../../gateway/usual-addresses.ts'
import { createMemoryStates } from '../../support/memory-sensing.ts'
import { createVirtualClock } from '../../support/virtual-clock.ts'

const begin = async (states = createMemoryStates()) => {
  const keeper = await createKeeper(states, createVirtualClock())
  return { states, keeper, usual: createUsualAddresses(keeper) }
}

test('the last four addresses of each identity are its usual ones', async () => {
  const { usual } = await begin()
  for (const address of ['1', '2', '3', '1', '4', '5']) usual.add('device:a', address)
  expect(usual.of('device:a')).toEqual(['3', '1', '4', '5'])
  expect(usual.of('device:b')).toEqual([])
})

test('usual addresses outlive a restart, and other states are left to their owners', async () => {
  const before = await begin()
  before.keeper.mark('presence/a', () => '{}')
  before.usual.add('device:a', 'home')
  before.usual.add('point:p', 'office')
  await before.keeper.stop()
  const after = await begin(before.states)
  expect(after.usual.of('device:a')).toEqual(['home'])
  expect(after.usual.of('point:p')).toEqual(['office'])
  expect(after.keeper.names()).toEqual(['presence/a'])
})

test('a login from where the last one came from writes nothing', async () => {
  const marked: string[] = []
  const usual = createUsualAddresses({
    names: () => [],
    take: () => undefined,
    mark: name => void marked.push(name),
  })
  for (const address of ['home', 'home', 'mobile', 'mobile', 'home']) usual.add('device:a', address)
  expect(marked).toEqual(['usual/device:a', 'usual/device:a', 'usual/device:a'])
})

test.for(['', '{', '{"a":1}', '[1]', '["1","2","3","4","5"]'])(
  'a state that cannot be read is as good as none: %s',
  async text => {
    const states = createMemoryStates()
    await states.save(new Map([['usual/device:a', text]]))
    const { usual } = await begin(states)
    expect(usual.of('device:a')).toEqual([])
  },
)
