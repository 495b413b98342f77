import { Buffer } from 'node:buffer'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Credentials } from '../../../broker/types.ts'
import { createDeviceLocks } from '../../../gateway/device-locks.ts'
import { createDeviceLogin } from '../../../gateway/device-login.ts'
import { openRegistry } from '../../../gateway/registry/registry.ts'
import { createUsualAddresses } from '../../../gateway/usual-addresses.ts'

const notAuthenticated = { refused: 'not-authenticated' }
const locked = { refused: 'locked' }

const town = {
  areas: [{ id: 'tiedong', name: '铁东区', level: 'county' }],
  servicePoints: [
    {
      id: 'sp-1',
      name: '站',
      area: 'tiedong',
      position: { lat: 41.1, lon: 123, datum: 'WGS84' },
      hours: '24/7',
      capabilities: ['emergency'],
      secret: 'of sp-1',
    },
  ],
  devices: [
    { id: 'btn-1', model: 'native/call-button', secret: 'of btn-1' },
    { id: 'stolen', model: 'native/call-button', secret: 'of stolen', suspended: true },
    { id: 'zb-1', model: 'bridge/zigbee2mqtt', secret: 'of zb-1' },
  ],
}

const begin = async () => {
  const registry = await openRegistry({ directory: ':memory:' })
  onTestFinished(registry.close)
  expect((await registry.importDocument(town)).rejected).toEqual([])
  const usual = createUsualAddresses({ names: () => [], take: () => undefined, mark: () => {} })
  const logIn = createDeviceLogin({
    registry,
    locks: createDeviceLocks({ usual, elapsedMs: () => 0 }),
    firstContact: {
      authenticate: (device, code) => device === 'btn-2' && Buffer.from(code).toString() === 'code',
      onMessage: async () => true,
    },
  })
  return {
    usual,
    bySecret: (username: string, secret: string, more: Partial<Credentials> = {}) =>
      logIn({
        clientId: 'c',
        address: 'home',
        certificateName: undefined,
        username,
        password: Buffer.from(secret),
        ...more,
      }),
    byCertificate: (certificateName: string, more: Partial<Credentials> = {}) =>
      logIn({
        clientId: 'c',
        address: 'home',
        certificateName,
        username: undefined,
        password: undefined,
        ...more,
      }),
  }
}

describe('a secret', () => {
  test.for([
    ['btn-1', 'of btn-1', 'device:btn-1'],
    ['point:sp-1', 'of sp-1', 'point:sp-1'],
    ['bridge:zb-1', 'of zb-1', 'bridge:zb-1'],
    ['claim:btn-2', 'code', 'claim:btn-2'],
  ] as const)('lets %s in', async ([username, secret, identity]) => {
    const { bySecret } = await begin()
    expect(bySecret(username, secret)).toBe(identity)
  })

  test.for([
    ['btn-1', 'of btn-2'],
    ['btn-1', ''],
    ['stolen', 'of stolen'],
    ['bridge:btn-1', 'of btn-1'],
    ['claim:btn-1', 'of btn-1'],
    ['claim:btn-2', 'of btn-2'],
    ['point:btn-1', 'of btn-1'],
    ['device:btn-1', 'of btn-1'],
    ['unknown', 'of unknown'],
    ['', ''],
    ['x'.repeat(60_000), 'of nobody'],
  ] as const)('does not let in %#', async ([username, secret]) => {
    const { bySecret } = await begin()
    expect(bySecret(username, secret)).toEqual(notAuthenticated)
  })

  test('is needed, and so is a name', async () => {
    const { bySecret } = await begin()
    expect(bySecret('btn-1', '', { password: undefined })).toEqual(notAuthenticated)
    expect(bySecret('btn-1', 'of btn-1', { username: undefined })).toEqual(notAuthenticated)
  })

  test('that is guessed too often is not looked at, but for a device that is where it usually is', async () => {
    const { bySecret } = await begin()
    expect(bySecret('btn-1', 'of btn-1', { address: 'home' })).toBe('device:btn-1')
    for (let n = 0; n < 5; n += 1) {
      expect(bySecret('btn-1', 'guess', { address: 'far' })).toEqual(notAuthenticated)
    }
    expect(bySecret('btn-1', 'of btn-1', { address: 'far' })).toEqual(locked)
    expect(bySecret('btn-1', 'guess', { address: 'home' })).toEqual(notAuthenticated)
    expect(bySecret('btn-1', 'of btn-1', { address: 'home' })).toBe('device:btn-1')
  })

  test('guessed for names that nobody can have is counted as one name', async () => {
    const { bySecret } = await begin()
    const answers = Array.from({ length: 6 }, (_, n) => bySecret(`/${n}`, 'guess'))
    expect(answers).toEqual([...Array.from({ length: 5 }, () => notAuthenticated), locked])
  })

  test('of a device that is claimed makes no usual address of where the technician was', async () => {
    const { bySecret, usual } = await begin()
    bySecret('claim:btn-2', 'code')
    expect(usual.of('claim:btn-2')).toEqual([])
  })
})

describe('a certificate', () => {
  test.for([
    ['btn-1', 'device:btn-1'],
    ['point:sp-1', 'point:sp-1'],
    ['bridge:zb-1', 'bridge:zb-1'],
  ] as const)('lets %s in without a secret, with its name or none', async ([name, identity]) => {
    const { byCertificate } = await begin()
    expect(byCertificate(name)).toBe(identity)
    expect(byCertificate(name, { username: name })).toBe(identity)
  })

  test.for([
    'stolen',
    'unknown',
    'point:unknown',
    'bridge:btn-1',
    'bridge:unknown',
    'claim:btn-1',
    'claim:btn-2',
    '',
    'device:btn-1',
  ])('does not let in "%s": it does not say who is ours', async name => {
    const { byCertificate } = await begin()
    expect(byCertificate(name)).toEqual(notAuthenticated)
    expect(byCertificate(name, { password: Buffer.from('code') })).toEqual(notAuthenticated)
  })

  test('does not let in another, not even with the other’s secret', async () => {
    const { byCertificate } = await begin()
    expect(byCertificate('zb-1', { username: 'btn-1', password: Buffer.from('of btn-1') })).toEqual(
      notAuthenticated,
    )
  })

  test('is not slowed down by those who guess', async () => {
    const { bySecret, byCertificate, usual } = await begin()
    for (let n = 0; n < 200; n += 1) bySecret('btn-1', 'guess', { address: 'far' })
    expect(byCertificate('btn-1', { address: 'far' })).toBe('device:btn-1')
    expect(usual.of('device:btn-1')).toEqual(['far'])
  })
})
