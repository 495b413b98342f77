import { expect, test } from 'vitest'
import { logInOperator, openWorld } from './world.ts'

test('who speaks and is not in the registry is shown as it came in, with what it says of itself', async () => {
  const world = await openWorld()
  const operator = await logInOperator(world)
  expect((await operator.get('/api/strangers')).body).toEqual({ items: [] })
  world.strangers.push({
    source: 'zigbee2mqtt',
    line: 'zigbee2mqtt',
    address: '0x00158d0001abcdef',
    firstSeenAt: Date.parse('2026-11-21T11:00:00Z'),
    lastSeenAt: Date.parse('2026-11-21T12:00:00Z'),
    messages: 12,
    facts: { model: 'SOS 按钮', vendor: 'Aqara' },
  })
  expect((await operator.get('/api/strangers')).body).toEqual({
    items: [
      {
        source: 'zigbee2mqtt',
        line: 'zigbee2mqtt',
        address: '0x00158d0001abcdef',
        firstSeenAt: '2026-11-21T11:00:00.000Z',
        lastSeenAt: '2026-11-21T12:00:00.000Z',
        messages: 12,
        facts: { model: 'SOS 按钮', vendor: 'Aqara' },
      },
    ],
  })
  expect(world.mismatches).toEqual([])
  await world.close()
})
