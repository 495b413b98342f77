import { describe, expect, test } from 'vitest'
import { AreaId, DeviceId, HomeId } from '../../../gateway/model/ids.ts'
import { memoryRegistry, town, townRegistry } from './town.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

describe('creating', () => {
  test('answers the record and the secret that was made for it', async () => {
    const { registry } = await townRegistry()
    const created = await registry.create('devices', { id: 'new', model: 'm', home: 'h-1' })
    expect(created).toEqual({
      record: { id: 'new', model: 'm', home: 'h-1', transport: { mqtt: {} } },
      secret: expect.stringMatching(/^[\w-]{32}$/),
    })
    const secret = 'secret' in created ? created.secret : undefined
    expect(registry.checkSecret({ device: DeviceId.parse('new') }, bytes(secret ?? ''))).toBe(true)
  })

  test('makes no secret where none is needed or one is given', async () => {
    const { registry } = await townRegistry()
    expect(await registry.create('areas', { id: 'a', name: 'A', level: 'city' })).not.toHaveProperty('secret')
    expect(await registry.create('devices', { id: 'd', model: 'm', secret: 's' })).not.toHaveProperty(
      'secret',
    )
  })

  test.each([
    ['duplicate-id', 'homes', town.homes[0]],
    ['unknown-reference', 'homes', { id: 'h-9', address: 'x', area: 'nowhere' }],
    ['area-cycle', 'areas', undefined],
    ['missing-datum', 'homes', { id: 'h-9', address: 'x', area: 'tiedong', position: { lat: 1, lon: 1 } }],
    ['invalid-hours', 'servicePoints', { ...town.servicePoints[0], id: 'sp-9', hours: 'sometimes' }],
    ['invalid-record', 'homes', 'text'],
  ] as const)('is refused as %s', async (code, table, record) => {
    const { registry } = await townRegistry()
    const { revision } = registry
    const refused =
      code === 'area-cycle'
        ? await registry.patch('areas', 'anshan', { parent: 'xiushui' })
        : await registry.create(table, record)
    expect(refused).toMatchObject({ refused: code, detail: expect.stringMatching(/./) })
    expect(registry.revision).toBe(revision)
  })
})

describe('patching', () => {
  test('merges fields, removes those that are null and leaves the others', async () => {
    const { registry } = await townRegistry()
    expect(await registry.patch('residents', 'r-1', { birthYear: 1941, cognition: true })).toMatchObject({
      record: { id: 'r-1', name: '王奶奶', birthYear: 1941, cognition: true },
    })
    await registry.patch('residents', 'r-1', { cognition: null, birthYear: undefined })
    expect(registry.get('residents', 'r-1')).toEqual({ ...town.residents[0], birthYear: 1941 })
  })

  test('sees the merged record as a whole', async () => {
    const { registry } = await townRegistry()
    const refusals = [
      await registry.patch('residents', 'r-1', { name: null }),
      await registry.patch('residents', 'r-1', { home: 'nowhere' }),
      await registry.patch('residents', 'r-1', { id: 'r-3' }),
      await registry.patch('homes', 'h-1', { position: { lat: 1 } }),
      await registry.patch('homes', 'nobody', {}),
      await registry.patch('homes', 'h-1', []),
    ]
    expect(refusals.map(answer => 'refused' in answer && answer.refused)).toEqual([
      'invalid-record',
      'unknown-reference',
      'invalid-record',
      'invalid-record',
      'not-found',
      'invalid-record',
    ])
    expect(registry.get('residents', 'r-1')).toEqual(town.residents[0])
  })

  test('does not shift a position a second time', async () => {
    const { registry } = await townRegistry()
    const before = registry.get('homes', 'h-1')?.position
    await registry.patch('homes', 'h-1', { doorNote: 'key at 2-1' })
    expect(registry.get('homes', 'h-1')).toMatchObject({ doorNote: 'key at 2-1', position: before })
  })

  test('sets a new secret, and takes one away for good', async () => {
    const { registry } = await townRegistry()
    const device = DeviceId.parse('btn-1')
    await registry.patch('devices', 'btn-1', { secret: 'changed' })
    expect(registry.checkSecret({ device }, bytes('changed'))).toBe(true)
    await registry.patch('devices', 'btn-1', { secret: null })
    expect(registry.checkSecret({ device }, bytes('changed'))).toBe(false)
    expect(registry.checkSecret({ device }, bytes(''))).toBe(false)
  })

  test('moves a resident from one home to the other', async () => {
    const { registry } = await townRegistry()
    await registry.patch('residents', 'r-1', { home: 'h-2' })
    const residents = (home: string) => registry.residentsOf(HomeId.parse(home)).map(({ id }) => id)
    expect([residents('h-1'), residents('h-2'), residents('nowhere')]).toEqual([['r-2'], ['r-1'], []])
  })
})

describe('looking up', () => {
  test('an area knows its county, its city and the nearest preset above it', async () => {
    const { registry } = await townRegistry()
    const path = (area: string) => registry.areaPath(AreaId.parse(area))
    expect(path('xiushui')).toEqual({ preset: 'urban', county: 'tiedong', city: 'anshan' })
    expect(path('anshan')).toEqual({ preset: 'rural', city: 'anshan' })
    expect(path('nowhere')).toEqual({ preset: 'urban' })
    expect(registry.areaPath(undefined)).toEqual({ preset: 'urban' })
  })

  test('lists go by id, page after page, with nothing left out or given twice', async () => {
    const registry = await memoryRegistry()
    const ids = Array.from({ length: 25 }, (_, index) => `a-${String(index).padStart(2, '0')}`)
    await registry.importDocument({ areas: ids.toReversed().map(id => ({ id, name: id, level: 'city' })) })
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = registry.list('areas', { limit: 10, ...(cursor !== undefined && { cursor }) })
      expect(page.items.length).toBeLessThanOrEqual(10)
      seen.push(...page.items.map(({ id }) => id))
      cursor = page.nextCursor ?? undefined
      // A record that comes in between is found in its place.
      if (seen.length === 10) await registry.create('areas', { id: 'a-245', name: 'late', level: 'city' })
    } while (cursor !== undefined)
    expect(seen).toEqual([...ids, 'a-245'].sort())
  })

  test('lists keep to what is asked for', async () => {
    const { registry } = await townRegistry()
    const ids = (query: object) =>
      registry.list('residents', { limit: 10, ...query }).items.map(({ id }) => id)
    expect(ids({ where: { home: 'h-1' } })).toEqual(['r-1', 'r-2'])
    expect(ids({ where: { home: 'h-1', name: '李爷爷' } })).toEqual(['r-2'])
    expect(ids({ where: { home: 'h-2' } })).toEqual([])
    expect(ids({ text: '王' })).toEqual(['r-1'])
    expect(ids({ text: 'R-2' })).toEqual(['r-2'])
    expect(ids({ limit: 2 })).toEqual(['r-1', 'r-2'])
    expect(registry.list('residents', { limit: 2 }).nextCursor).toBeNull()
  })
})

describe('changes', () => {
  test('are told to whoever listens, until they stop, and to the others even if one fails', async () => {
    const { registry } = await townRegistry()
    const heard: unknown[] = []
    registry.onChange(() => {
      throw new Error('a listener that fails')
    })
    const stop = registry.onChange(changes => heard.push(registry.revision, ...changes))
    const { revision } = registry
    expect(await registry.patch('homes', 'h-1', { doorNote: 'x' })).toHaveProperty('record')
    await registry.patch('homes', 'h-1', { doorNote: 'x' })
    stop()
    await registry.patch('homes', 'h-1', { doorNote: 'y' })
    expect(heard).toEqual([revision + 1, { table: 'homes', id: 'h-1' }])
    expect(registry.revision).toBe(revision + 2)
  })
})
