import { describe, expect, test } from 'vitest'
import { HomeId } from '../../../gateway/model/ids.ts'
import { withTemporaryDirectory } from '../../support/temporary-directory.ts'
import { dayMs, device, document, home, openDepot, otherHome, resident, start, technician } from './depot.ts'

const old = device('old-1')

describe('the way of a button', () => {
  test('leads from the box over claim, flat and test to work, and each step is on record with who', async () => {
    const depot = await openDepot()
    const { lives, registry } = depot
    const { device: button, code } = await depot.boxed('btn-1')
    expect(lives.of(button)).toMatchObject({ state: 'registered', claimUntil: start + 90 * dayMs })

    const { secret } = depot.must(await lives.claim({ device: button, code }, technician))
    expect(depot.logsIn(button, secret)).toBe(true)

    depot.must(await lives.install(button, { home, resident, room: 'bedroom' }, technician))
    expect(registry.get('devices', button)).toMatchObject({ home, resident, room: 'bedroom' })
    expect(lives.untested(button)).toEqual(['sos'])
    expect(lives.enable(button, technician)).toMatchObject({ refused: 'not-tested' })

    depot.test(button)
    expect([lives.of(button)?.state, lives.untested(button)]).toEqual(['tested', []])
    expect(lives.enable(button, technician)).toBeUndefined()
    expect(lives.events(button)).toMatchObject([
      { type: 'registered', by: technician, at: start },
      { type: 'code-made' },
      { type: 'claimed' },
      { type: 'installed', home, resident, room: 'bedroom', by: technician },
      { type: 'trigger-tested', by: { id: 'gateway' } },
      { type: 'tested' },
      { type: 'enabled', by: technician },
    ])
    await depot.close()
  })

  test('begins again where it is moved to: what it was tested for elsewhere does not count', async () => {
    const depot = await openDepot()
    const { device: button } = await depot.claimed('btn-1')
    await depot.lives.install(button, { home, resident, room: 'bedroom' }, technician)
    depot.test(button)
    expect(await depot.lives.install(button, { home: otherHome }, technician)).toMatchObject({
      state: 'installed',
      tests: [],
    })
    expect(depot.registry.get('devices', button)).toEqual({
      id: button,
      model: 'native/call-button',
      home: otherHome,
      transport: { mqtt: {} },
    })
  })

  test('does not lead into a home that is not there', async () => {
    const depot = await openDepot()
    const { device: button } = await depot.claimed('btn-1')
    const install = depot.lives.install(button, { home: HomeId.parse('h-9') }, technician)
    expect(await install).toMatchObject({ refused: 'unknown-reference' })
    expect(depot.lives.of(button)?.state).toBe('claimed')
  })
})

describe('a device that came with the registry document', () => {
  test('is at work as it always was; its triggers are untested until they have come in', async () => {
    const depot = await openDepot()
    expect(depot.lives.of(old)).toBeUndefined()
    expect(depot.lives.untested(old)).toEqual(['sos'])
    expect(depot.logsIn(old, 'old-secret')).toBe(true)
    depot.test(old)
    expect(depot.lives.untested(old)).toEqual([])
    expect(depot.lives.of(old)).toMatchObject({ state: 'enabled', tests: [{ trigger: 'sos' }] })
    expect(depot.eventsOf(old)).toEqual(['adopted', 'trigger-tested'])
  })

  test('begins its life as enabled, or as suspended where the registry says so', async () => {
    const depot = await openDepot()
    depot.must(await depot.lives.makeCode(old, technician))
    expect(depot.eventsOf(old)).toEqual(['adopted', 'code-made'])
    await depot.registry.create('devices', { id: 'old-2', model: 'native/smoke', suspended: true })
    expect(await depot.lives.resume(device('old-2'), technician)).toMatchObject({ state: 'enabled' })
    expect(depot.registry.get('devices', 'old-2')?.suspended).toBeUndefined()
    expect(depot.lives.enable(device('nobody'), technician)).toMatchObject({ refused: 'not-found' })
  })
})

describe('a stolen device', () => {
  test('is suspended at once: its connections end, and neither secret nor code lets it in', async () => {
    const depot = await openDepot()
    const { device: button, secret } = await depot.claimed('btn-1')
    const { code } = depot.must(await depot.lives.makeCode(button, technician))
    depot.ended.length = 0
    expect(await depot.lives.suspend(button, '失窃', technician)).toMatchObject({ state: 'suspended' })
    expect(new Set(depot.ended)).toEqual(new Set([button]))
    expect(depot.logsIn(button, secret)).toBe(false)
    expect(depot.lives.opensClaim({ device: button, code })).toMatchObject({ refused: 'wrong-life-state' })
    expect(await depot.lives.claim({ device: button, code }, technician)).toHaveProperty('refused')

    expect(await depot.lives.resume(button, technician)).toMatchObject({ state: 'claimed' })
    expect(depot.logsIn(button, secret)).toBe(true)
  })

  test('loses its connection also when it is suspended in the registry, by hand or by a document, and once', async () => {
    const depot = await openDepot()
    const { device: button } = await depot.claimed('btn-1')
    depot.ended.length = 0
    await depot.registry.patch('devices', button, { suspended: true })
    expect(depot.ended).toEqual([button])
    await depot.registry.importDocument({ devices: [{ id: old, model: 'native/smoke', suspended: true }] })
    expect(depot.ended).toEqual([button, old])
    await depot.registry.patch('devices', button, { room: 'hall' })
    await depot.registry.patch('devices', button, { suspended: null })
    expect(depot.ended).toHaveLength(2)
    await depot.registry.patch('devices', button, { suspended: true })
    expect(depot.ended).toEqual([button, old, button])
  })

  test('stays out when somebody imports the document again, or lets it in by hand', async () => {
    const depot = await openDepot()
    await depot.lives.suspend(old, 'stolen', technician)
    await depot.registry.importDocument(document)
    expect(depot.logsIn(old, 'old-secret')).toBe(false)
    await depot.registry.patch('devices', old, { suspended: null })
    expect(depot.logsIn(old, 'old-secret')).toBe(false)
    await depot.lives.retire(old, 'gone for good', technician)
    await depot.registry.importDocument(document)
    expect(depot.logsIn(old, 'old-secret')).toBe(false)
    expect(depot.registry.get('devices', old)).not.toHaveProperty('home')
    expect(depot.errors).toEqual([])
  })

  test('stays out when the process ended between its life and the registry', () =>
    withTemporaryDirectory(async directory => {
      const depot = await openDepot(directory)
      await depot.lives.retire(old, 'broken', technician)
      await depot.lives.close()
      await depot.registry.patch('devices', old, { suspended: null, secret: 'old-secret' })
      expect(depot.logsIn(old, 'old-secret')).toBe(true)
      await depot.registry.close()
      const again = await openDepot(directory, depot.clock)
      expect(again.logsIn(old, 'old-secret')).toBe(false)
      await again.close()
    }))
})

test('a reset device is as if in its box: unbound, without a secret, with a new code', async () => {
  const depot = await openDepot()
  const { device: button, secret, code } = await depot.claimed('btn-1')
  await depot.lives.install(button, { home }, technician)
  await depot.lives.suspend(button, 'lost', technician)
  const made = depot.must(await depot.lives.reset(button, technician))
  expect(depot.registry.get('devices', button)).toEqual({
    id: button,
    model: 'native/call-button',
    transport: { mqtt: {} },
  })
  expect(depot.logsIn(button, secret)).toBe(false)
  expect(depot.lives.opensClaim({ device: button, code })).toMatchObject({ refused: 'claim-void' })
  expect(await depot.lives.claim(made, technician)).toHaveProperty('secret')
  expect(depot.lives.of(button)).toMatchObject({ state: 'claimed', tests: [] })
})

describe('replacing a device', () => {
  test('gives its place to the new one, which has to be tested; each names the other', async () => {
    const depot = await openDepot()
    const { device: button, secret } = await depot.claimed('btn-1')
    depot.test(old)
    const replaced = await depot.lives.replace(old, { by: button, reason: '按键损坏' }, technician)
    expect(replaced).toMatchObject({ state: 'installed', replaces: old, tests: [] })
    expect(depot.lives.of(old)).toMatchObject({ state: 'retired', replacedBy: button })
    expect(depot.registry.get('devices', button)).toMatchObject({ home, resident, room: 'bedroom' })
    expect(depot.registry.get('devices', old)).toEqual({
      id: old,
      model: 'native/call-button',
      transport: { mqtt: {} },
      suspended: true,
    })
    expect([depot.logsIn(old, 'old-secret'), depot.logsIn(button, secret)]).toEqual([false, true])
    expect(depot.ended.at(-1)).toBe(old)
    expect(depot.lives.events(old).at(-1)).toMatchObject({ type: 'retired', reason: '按键损坏' })
  })

  test('is refused, and changes nothing, where the new one is not ready or would be missed elsewhere', async () => {
    const depot = await openDepot()
    const { device: boxed } = await depot.boxed('btn-1')
    const { device: elsewhere } = await depot.claimed('btn-2')
    await depot.lives.install(elsewhere, { home: otherHome }, technician)
    const tried = [boxed, elsewhere, old, device('nobody')].map(by =>
      depot.lives.replace(old, { by, reason: 'broken' }, technician),
    )
    expect((await Promise.all(tried)).map(answer => 'refused' in answer && answer.refused)).toEqual([
      'wrong-life-state',
      'wrong-life-state',
      'wrong-life-state',
      'not-found',
    ])
    expect(await depot.lives.replace(boxed, { by: old, reason: 'x' }, technician)).toHaveProperty('refused')
    expect(depot.registry.get('devices', old)).toMatchObject({ home, resident })
    expect(depot.registry.get('devices', boxed)).not.toHaveProperty('home')
    expect(depot.logsIn(old, 'old-secret')).toBe(true)
  })
})

describe('a changed secret', () => {
  test('is told to a device that is connected; the old one is good until the new one is used', async () => {
    const depot = await openDepot()
    const { device: button, secret } = await depot.claimed('btn-1')
    const changed = depot.must(await depot.lives.changeSecret(button, technician))
    expect(changed).toMatchObject({ sent: true, oldUntil: start + dayMs })
    expect(depot.sent).toEqual([{ device: button, secret: changed.secret }])
    expect([depot.logsIn(button, secret), depot.logsIn(button, changed.secret)]).toEqual([true, true])
    expect(depot.logsIn(button, secret)).toBe(false)
  })

  test('that the device was told is the only one after a day, whatever the clock says', async () => {
    const depot = await openDepot()
    const { device: button, secret } = await depot.claimed('btn-1')
    const first = depot.must(await depot.lives.changeSecret(button, technician))
    const second = depot.must(await depot.lives.changeSecret(button, technician, 'forced'))
    depot.clock.setWall(start - 30 * dayMs)
    await depot.clock.pass(dayMs - 1)
    expect(depot.logsIn(button, secret)).toBe(true)
    await depot.clock.pass(1)
    const checks = [secret, first.secret, second.secret].map(one => depot.logsIn(button, one))
    expect(checks).toEqual([false, false, true])
    expect(depot.lives.of(button)).not.toHaveProperty('oldSecretUntil')
  })

  test('that a device without power has not heard of keeps it from ringing never, however long that takes', () =>
    withTemporaryDirectory(async directory => {
      const depot = await openDepot(directory)
      const { device: button, secret } = await depot.claimed('btn-1')
      depot.reach.isConnected = false
      const changed = depot.must(await depot.lives.changeSecret(button, technician))
      expect(changed.sent).toBe(false)
      await depot.clock.pass(3 * dayMs)
      expect(depot.logsIn(button, secret)).toBe(true)
      await depot.close()
      const again = await openDepot(directory, depot.clock)
      await again.clock.pass(3 * dayMs)
      expect([again.logsIn(button, secret), again.logsIn(button, changed.secret)]).toEqual([true, true])
      expect(again.logsIn(button, secret)).toBe(false)
      await again.clock.pass(dayMs)
      expect(again.lives.of(button)).not.toHaveProperty('oldSecretUntil')
      await again.close()
    }))

  test('is not changed again before it was used: the device may hold it though it could not say so', async () => {
    const depot = await openDepot()
    const { device: button, secret } = await depot.claimed('btn-1')
    depot.reach.isConnected = false
    const first = depot.must(await depot.lives.changeSecret(button, technician))
    expect(await depot.lives.changeSecret(button, technician)).toMatchObject({
      refused: 'wrong-life-state',
      facts: { unconfirmed: true },
    })
    expect([depot.logsIn(button, secret), depot.logsIn(button, first.secret)]).toEqual([true, true])
    // Used: from now on it may be changed again.
    const second = depot.must(await depot.lives.changeSecret(button, technician))
    expect([depot.logsIn(button, first.secret), depot.logsIn(button, second.secret)]).toEqual([true, true])
  })

  test('is not waited for by anybody else, and not for ever', async () => {
    const depot = await openDepot()
    const { device: button } = await depot.claimed('btn-1')
    const changing = depot.lives.changeSecret(button, technician)
    expect(await depot.lives.suspend(button, 'lost', technician)).toMatchObject({ state: 'suspended' })
    await depot.clock.pass(5_000)
    expect(await changing).toHaveProperty('secret')
  })
})

describe('a stranger', () => {
  const seen = (source: 'serial' | 'espa444' | 'zigbee2mqtt', line: string, address: string) => ({
    source,
    line,
    address,
    firstSeenAt: start,
    lastSeenAt: start,
    messages: 1,
    facts: {},
  })

  test.each([
    ['native/call-button', seen('serial', 'pads', '7'), { serial: { line: 'pads', number: 7 } }, 'installed'],
    ['r60/bed', seen('serial', 'radar-1', ''), { serial: { line: 'radar-1' } }, 'tested'],
    [
      'espa444/panel',
      seen('espa444', 'panel', '0815'),
      { espa444: { line: 'panel', address: '0815' } },
      'installed',
    ],
    [
      'zigbee2mqtt/sos',
      seen('zigbee2mqtt', 'zigbee2mqtt', '0x1'),
      { zigbee2mqtt: { name: '0x1' } },
      'installed',
    ],
  ] as const)(
    'becomes a %s of a home, by the way that it came in',
    async (model, stranger, transport, state) => {
      const depot = await openDepot()
      const adopt = (id: string) =>
        depot.lives.adopt(stranger, { id: device(id), model, home, room: '卧室' }, technician)
      expect(await adopt('new-1')).toMatchObject({ refused: 'not-found' })
      depot.strangers.push(stranger)
      expect(await adopt('new-1')).toEqual({ id: 'new-1', model, home, room: '卧室', transport })
      expect(depot.lives.of(device('new-1'))?.state).toBe(state)
      expect(depot.eventsOf(device('new-1'))).toEqual([
        'adopted',
        'installed',
        ...(state === 'tested' ? [state] : []),
      ])
      expect(await adopt('new-2')).toMatchObject({ refused: 'already-registered' })
    },
  )

  test('that was adopted has no secret and no code', async () => {
    const depot = await openDepot()
    depot.strangers.push(seen('serial', 'pads', '7'))
    const id = device('new-1')
    await depot.lives.adopt(
      seen('serial', 'pads', '7'),
      { id, model: 'native/call-button', home },
      technician,
    )
    for (const refused of [
      await depot.lives.makeCode(id, technician),
      await depot.lives.changeSecret(id, technician),
      await depot.lives.reset(id, technician),
    ])
      expect(refused).toMatchObject({ refused: 'wrong-life-state' })
    const taken = await depot.lives.adopt(
      { source: 'serial', line: 'pads', address: '8' },
      { id, model: 'native/call-button', home },
      technician,
    )
    expect(taken).toMatchObject({ refused: 'not-found' })
  })
})
