import { describe, expect, test } from 'vitest'
import { createBridge } from '../../../gateway/bridge.ts'
import type { Said } from '../../../gateway/hearing.ts'
import { createKeeper } from '../../../gateway/keeper.ts'
import { DeviceId } from '../../../gateway/model/ids.ts'
import { createStrangers } from '../../../gateway/strangers.ts'
import { createMemoryStates } from '../../support/memory-sensing.ts'
import { createVirtualClock } from '../../support/virtual-clock.ts'

const base = 'zigbee2mqtt'

const setUp = async (take: (said: Said) => Promise<boolean>) => {
  const clock = createVirtualClock(1_795_000_000_000)
  const states = createMemoryStates()
  const keeper = await createKeeper(states, clock)
  const discarded: string[] = []
  const bridge = createBridge({
    base,
    addresses: {
      onLine: () => undefined,
      onZigbee: name => DeviceId.parse(name),
      onlyBridge: () => undefined,
      lineOf: () => undefined,
    },
    strangers: createStrangers(() => false),
    hearing: { take, takeMeasurements: async () => true },
    keeper,
    clock,
    alive: () => undefined,
    countDiscarded: (_reason, _origin, detail) => discarded.push(detail),
  })
  const say = (name: string, payload: object) =>
    bridge.accept({
      bridge: undefined,
      topic: `${base}/${name}`,
      payload: Buffer.from(JSON.stringify(payload)),
      stored: false,
      toBeStored: false,
    })
  return { bridge, clock, states, keeper, discarded, say }
}

describe('a press that a bridge tells of', () => {
  test('is not on disk as heard before it is committed: after a kill it must be news', async () => {
    let commit = (_isCommitted: boolean): void => undefined
    const { say, keeper, states, bridge } = await setUp(
      () =>
        new Promise(resolve => {
          commit = resolve
        }),
    )
    const said = say('btn-1', { action: 'emergency' })
    await keeper.save([`bridge/${base}`])
    expect(states.held.size).toBe(0)
    commit(true)
    expect(await said).toBe(true)
    await keeper.save([`bridge/${base}`])
    expect(states.held.size).toBe(1)
    bridge.stop()
  })

  test('is tried again until it is committed', async () => {
    let isWritable = false
    const taken: string[] = []
    const { say, clock } = await setUp(async ({ device }) => {
      if (isWritable) taken.push(device)
      return isWritable
    })
    expect(await say('btn-1', { action: 'emergency' })).toBe(false)
    await clock.pass(3_000)
    isWritable = true
    await clock.pass(3_000)
    expect(taken).toEqual(['btn-1'])
  })

  test('is the last to go where too much waits to be committed', async () => {
    const { say, discarded, bridge } = await setUp(async () => false)
    await say('btn-1', { action: 'emergency' })
    for (let press = 0; press < 1_000; press += 1) await say('switch', { action: `turn-${press}` })
    expect(discarded).toEqual(['an event of switch was given up'])
    bridge.stop()
  })
})
