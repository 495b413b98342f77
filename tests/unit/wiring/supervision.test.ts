import { describe, expect, test } from 'vitest'
import { createAddresses } from '../../../gateway/addresses.ts'
import type { Condition } from '../../../gateway/model/detection.ts'
import { DeviceId, HomeId } from '../../../gateway/model/ids.ts'
import type { DevicePresence } from '../../../gateway/model/presence.ts'
import { openRegistry } from '../../../gateway/registry/registry.ts'
import { createSupervision } from '../../../gateway/supervision.ts'

const device = (id: string, model: string, transport: object = { mqtt: {} }) => ({
  id,
  model,
  home: 'h-1',
  transport,
  secret: `secret of ${id}`,
})

const setUp = async (devices: readonly object[]) => {
  const registry = await openRegistry({ directory: ':memory:' })
  const { rejected } = await registry.importDocument({
    areas: [{ id: 'anshan', name: '鞍山', level: 'city' }],
    homes: [{ id: 'h-1', address: '一号', area: 'anshan' }],
    devices,
  })
  expect(rejected).toEqual([])
  const heard = new Map<string, DevicePresence>()
  const conditions = new Map<string, readonly Condition[]>()
  const lost = new Set<string>()
  const supervision = createSupervision({
    registry,
    presence: { of: id => heard.get(id) },
    addresses: createAddresses(registry),
    conditions: id => conditions.get(id) ?? [],
    isLineLost: line => lost.has(line),
  })
  return {
    conditions,
    lost,
    hear: (...ids: readonly string[]) => {
      for (const id of ids) heard.set(id, { lastSeenAt: 1_000, status: {}, battery: [] })
    },
    home: () => supervision.of(HomeId.parse('h-1')),
  }
}
const silent = (since: number): Condition => ({ rule: 'device-silent', level: 'high', since })

describe('a home', () => {
  test('without a device is unprotected', async () => {
    const { home } = await setUp([])
    expect(home()).toMatchObject({ state: 'unprotected', weaknesses: [{ reason: 'no-device' }] })
  })

  test('whose device nobody has heard of yet is unprotected', async () => {
    const { home } = await setUp([device('btn-1', 'native/call-button')])
    expect(home()).toMatchObject({
      state: 'unprotected',
      weaknesses: [{ reason: 'no-way-to-call' }, { reason: 'never-seen', device: 'btn-1' }],
    })
  })

  test('whose devices are all well is protected', async () => {
    const { home, hear } = await setUp([
      device('btn-1', 'native/call-button'),
      device('pad-1', 'native/bed-pad'),
    ])
    hear('btn-1', 'pad-1')
    expect(home()).toEqual({ home: 'h-1', state: 'protected', weaknesses: [] })
  })

  test('with a weak device is degraded, since the first weakness', async () => {
    const { home, hear, conditions } = await setUp([
      device('btn-1', 'native/call-button'),
      device('pad-1', 'native/bed-pad'),
    ])
    hear('btn-1', 'pad-1')
    conditions.set('btn-1', [{ rule: 'battery-low', level: 'low', since: 9_000 }])
    conditions.set('pad-1', [silent(5_000)])
    expect(home()).toMatchObject({ state: 'degraded', since: 5_000 })
  })

  test('whose button is dead is unprotected, however many sensors watch', async () => {
    const { home, hear, conditions } = await setUp([
      device('btn-1', 'native/call-button'),
      device('pad-1', 'native/bed-pad'),
    ])
    hear('btn-1', 'pad-1')
    conditions.set('btn-1', [silent(5_000)])
    expect(home()).toMatchObject({ state: 'unprotected', since: 5_000 })
  })

  test('with two buttons is unprotected when the second one dies', async () => {
    const { home, hear, conditions } = await setUp([
      device('btn-1', 'native/call-button'),
      device('btn-2', 'native/call-button'),
    ])
    hear('btn-1', 'btn-2')
    conditions.set('btn-1', [silent(5_000)])
    expect(home().state).toBe('degraded')
    conditions.set('btn-2', [silent(7_000)])
    expect(home()).toMatchObject({ state: 'unprotected', since: 7_000 })
  })

  test('on a lost line is unprotected', async () => {
    const { home, hear, lost } = await setUp([
      device('pad-1', 'native/bed-pad', { serial: { line: 'pads', number: 7 } }),
    ])
    hear('pad-1')
    expect(home().state).toBe('protected')
    lost.add('pads')
    expect(home()).toMatchObject({
      state: 'unprotected',
      weaknesses: [{}, { reason: 'line-lost', device: 'pad-1' }],
    })
  })

  test('is not weaker for what its resident does', async () => {
    const { home, hear, conditions } = await setUp([device('pad-1', 'native/bed-pad')])
    hear('pad-1')
    conditions.set(DeviceId.parse('pad-1'), [{ rule: 'bed-exit', level: 'high', since: 5_000 }])
    expect(home().state).toBe('protected')
  })
})
