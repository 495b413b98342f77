import { expect, test } from 'vitest'
import { DeviceId } from '../../../gateway/model/ids.ts'
import { openRegistry } from '../../../gateway/registry/registry.ts'
import { withTemporaryDirectory } from '../../support/temporary-directory.ts'
import { createTestVault } from '../../support/test-vault.ts'

const vault = createTestVault()
const button = DeviceId.parse('btn-1')
const bytes = (text: string) => new TextEncoder().encode(text)

const withButton = async (directory = ':memory:') => {
  const registry = await openRegistry({ directory, vault })
  await registry.importDocument({ devices: [{ id: button, model: 'native/call-button', secret: 'old' }] })
  return { registry, opens: (secret: string) => registry.checkSecret({ device: button }, bytes(secret)) }
}

test('both secrets let the device in until it has used the new one; then the old one is void, also after a restart', () =>
  withTemporaryDirectory(async directory => {
    const { registry, opens } = await withButton(directory)
    expect(registry.offersSecret(button)).toBe(false)
    expect(registry.offerSecret(button, 'new')).toBeUndefined()
    expect(registry.offersSecret(button)).toBe(true)
    expect([opens('old'), opens('wrong'), opens('old')]).toEqual([true, false, true])
    await registry.close()

    const reopened = await openRegistry({ directory, vault })
    const checks = (secret: string) => reopened.checkSecret({ device: button }, bytes(secret))
    expect([checks('old'), checks('new'), checks('old')]).toEqual([true, true, false])
    await reopened.close()
  }))

test('a further new secret takes the place of the one that was not used', async () => {
  const { registry, opens } = await withButton()
  registry.offerSecret(button, 'second')
  registry.offerSecret(button, 'third')
  expect([opens('second'), opens('old'), opens('third'), opens('old')]).toEqual([false, true, true, false])
})

test('promoting needs the very secret, where one is named', async () => {
  const { registry, opens } = await withButton()
  expect(registry.promoteSecret(button)).toBe(false)
  registry.offerSecret(button, 'new')
  expect(registry.promoteSecret(button, bytes('other'))).toBe(false)
  expect(registry.promoteSecret(button, bytes('new'))).toBe(true)
  expect([opens('old'), opens('new')]).toEqual([false, true])
})

test('a document from before the change, imported again and again, keeps no device out that has its new secret', async () => {
  const { registry, opens } = await withButton()
  registry.offerSecret(button, 'new')
  expect(opens('new')).toBe(true)
  const document = { devices: [{ id: button, model: 'native/call-button', secret: 'old' }] }
  for (const _ of ['once', 'twice'])
    expect(await registry.importDocument(document)).toMatchObject({ rejected: [] })
  expect([opens('new'), opens('wrong'), opens('new')]).toEqual([true, false, true])
  expect([opens('old'), opens('new')]).toEqual([true, false])
})

test('a secret that is set by hand ends both', async () => {
  const { registry, opens } = await withButton()
  registry.offerSecret(button, 'new')
  await registry.patch('devices', button, { secret: 'by hand' })
  expect([opens('old'), opens('new'), opens('by hand')]).toEqual([false, false, true])
  registry.offerSecret(button, 'new')
  await registry.patch('devices', button, { secret: null })
  expect([opens('by hand'), opens('new')]).toEqual([false, false])
})

test('whoever had no secret has only the new one; who is suspended has none that counts', async () => {
  const { registry, opens } = await withButton()
  await registry.patch('devices', button, { secret: null, suspended: true })
  registry.offerSecret(button, 'new')
  expect([opens(''), opens('new')]).toEqual([false, false])
  await registry.patch('devices', button, { suspended: null })
  expect(opens('new')).toBe(true)
  expect(registry.offerSecret(DeviceId.parse('nobody'), 'x')).toMatchObject({ refused: 'not-found' })
})

test('a whole box is registered at once; what is there already is named and left as it is', async () => {
  const { registry, opens } = await withButton()
  const { added, rejected } = await registry.registerDevices([
    { id: 'btn-2', model: 'native/call-button', secret: 'mine', suspended: true },
    { id: 'btn-1', model: 'native/smoke' },
    { id: 'btn-3' },
    { id: 'btn-2', model: 'native/smoke' },
    { id: 'btn-4', model: 'native/smoke', home: 'nowhere' },
    'text',
  ])
  expect(added).toEqual([
    { row: 0, record: { id: 'btn-2', model: 'native/call-button', transport: { mqtt: {} } } },
  ])
  expect(rejected.map(({ row, id, code }) => [row, id, code])).toEqual([
    [1, 'btn-1', 'already-registered'],
    [2, 'btn-3', 'invalid-record'],
    [3, 'btn-2', 'duplicate-id'],
    [4, 'btn-4', 'unknown-reference'],
    [5, null, 'invalid-record'],
  ])
  expect(registry.checkSecret({ device: DeviceId.parse('btn-2') }, bytes('mine'))).toBe(false)
  expect(opens('old')).toBe(true)
  expect((await registry.registerDevices({ id: 'btn-9' })).rejected).toMatchObject([{ row: 0 }])
})
