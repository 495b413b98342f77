import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { errors } from '../../../gateway/model/errors.ts'
import { AreaId, DeviceId, HomeId, PointId } from '../../../gateway/model/ids.ts'
import { tables } from '../../../gateway/model/records.ts'
import { openRegistry } from '../../../gateway/registry/registry.ts'
import { memoryRegistry, town, townRegistry } from './town.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const named = (rejected: readonly { table: string; row: number; code: string; field: string | null }[]) =>
  rejected.map(({ table, row, code, field }) => [table, row, code, field])

describe('a right document', () => {
  test('lands whole, with secrets made where none was given and one is needed', async () => {
    const { registry, result } = await townRegistry()
    expect(result.rejected).toEqual([])
    expect(result.imported).toEqual({
      areas: 3,
      servicePoints: 1,
      responders: 1,
      homes: 2,
      residents: 2,
      devices: 3,
    })
    expect(result.secrets).toEqual([
      { table: 'devices', id: 'btn-2', secret: expect.stringMatching(/^[\w-]{32}$/) },
    ])
    expect(registry.get('servicePoints', 'sp-1')).toEqual({
      id: 'sp-1',
      name: '铁东站',
      area: 'tiedong',
      position: { lat: 41.11, lon: 122.99, datum: 'WGS84' },
      hours: '24/7',
      capabilities: ['emergency'],
    })
    expect(registry.get('homes', 'h-1')?.position?.datum).toBe('WGS84')
    expect(registry.get('homes', 'h-1')?.position?.lat).not.toBe(41.12)
  })

  test('changes nothing the second time, and makes no new secret', async () => {
    const { registry, result } = await townRegistry()
    const { revision } = registry
    const made = result.secrets[0]?.secret ?? ''
    const second = await registry.importDocument(town)
    const { imported, added } = result
    expect(result).toMatchObject({ added: imported })
    expect(second).toEqual({ ...result, added: result.changed, unchanged: added, secrets: [] })
    expect(registry.revision).toBe(revision)
    expect(registry.checkSecret({ device: DeviceId.parse('btn-2') }, bytes(made))).toBe(true)
  })

  test('lands whatever the order of its areas is', async () => {
    const registry = await memoryRegistry()
    const { rejected } = await registry.importDocument({ areas: town.areas.toReversed() })
    expect(rejected).toEqual([])
    expect(registry.areasWithin(AreaId.parse('anshan'))).toEqual(['anshan', 'tiedong', 'xiushui'])
  })

  test('replaces a record and takes over a secret that it names', async () => {
    const { registry } = await townRegistry()
    const device = DeviceId.parse('btn-1')
    await registry.importDocument({ devices: [{ id: 'btn-1', model: 'x/y', home: 'h-2' }] })
    expect(registry.get('devices', 'btn-1')).toEqual({
      id: 'btn-1',
      model: 'x/y',
      home: 'h-2',
      transport: { mqtt: {} },
    })
    expect(registry.checkSecret({ device }, bytes('button secret'))).toBe(true)
    expect(registry.devicesOf(HomeId.parse('h-1')).map(({ id }) => id)).toEqual(['pad-1'])
    expect(registry.devicesOf(HomeId.parse('h-2')).map(({ id }) => id)).toEqual(['btn-1', 'btn-2'])

    await registry.importDocument({ devices: [{ id: 'btn-1', model: 'x/y', home: 'h-2', secret: 'new' }] })
    expect(registry.checkSecret({ device }, bytes('new'))).toBe(true)
    expect(registry.checkSecret({ device }, bytes('button secret'))).toBe(false)
  })

  test('may carry fields that are not known: the row lands and the log says what was left out', async () => {
    const notices: [object, string][] = []
    const log = { warn: (facts: object, message: string) => notices.push([facts, message]) }
    const registry = await openRegistry({ directory: ':memory:', log })
    const { rejected } = await registry.importDocument({
      areas: [
        { id: 'a', name: 'A', level: 'city', mayor: 'x' },
        { id: 'b', name: 'B', level: 'city', mayor: 'y' },
      ],
    })
    expect(rejected).toEqual([])
    expect(notices).toEqual([[{ count: 2 }, 'areas: the field mayor is not known and was left out']])
  })
})

describe('bad rows', () => {
  const area = { id: 'a', name: 'A', level: 'city' }
  const position = { lat: 41, lon: 123, datum: 'WGS84' }
  const point = { id: 'p', name: 'P', area: 'a', position }
  const home = { id: 'h', address: 'H', area: 'a' }

  test.each([
    [
      'no datum',
      { servicePoints: [{ ...point, position: { lat: 41, lon: 123 } }] },
      'missing-datum',
      'position.datum',
    ],
    [
      'an unknown datum',
      { homes: [{ ...home, position: { ...position, datum: 'CGCS' } }] },
      'missing-datum',
      'position.datum',
    ],
    [
      'an impossible latitude',
      { homes: [{ ...home, position: { ...position, lat: 91 } }] },
      'invalid-record',
      'position.lat',
    ],
    [
      'a latitude that leaves the world when it is shifted',
      { homes: [{ ...home, position: { lat: -90, lon: 0, datum: 'BD09' } }] },
      'invalid-record',
      'position.lat',
    ],
    ['unreadable hours', { servicePoints: [{ ...point, hours: '每天' }] }, 'invalid-hours', 'hours'],
    [
      'hours by the sun',
      { servicePoints: [{ ...point, hours: 'sunrise-sunset' }] },
      'invalid-hours',
      'hours',
    ],
    ['school holidays', { servicePoints: [{ ...point, hours: 'SH off' }] }, 'invalid-hours', 'hours'],
    ['an id that is no topic level', { homes: [{ ...home, id: 'h/1' }] }, 'invalid-record', 'id'],
    ['no object', { homes: ['h'] }, 'invalid-record', null],
    ['an unknown area', { homes: [{ ...home, area: 'b' }] }, 'unknown-reference', 'area'],
    [
      'an unknown parent',
      { areas: [area, { ...area, id: 'b', parent: 'c' }] },
      'unknown-reference',
      'parent',
    ],
    ['a lonely circle', { areas: [area, { ...area, id: 'b', parent: 'b' }] }, 'area-cycle', 'parent'],
    [
      'an unknown transport',
      { devices: [{ id: 'd', model: 'm', transport: { x: 1 } }] },
      'invalid-record',
      'transport',
    ],
    [
      'a secret that is no text',
      { devices: [{ id: 'd', model: 'm', secret: 5 }] },
      'invalid-record',
      'secret',
    ],
  ])('with %s are named with their field and code, in both languages', async (_, document, code, field) => {
    const registry = await memoryRegistry()
    const { rejected } = await registry.importDocument({ areas: [area], ...document })
    expect(rejected).toMatchObject([
      {
        code,
        field,
        message: expect.stringMatching(/./),
        messageZh: expect.stringMatching(/\p{Script=Han}/u),
      },
    ])
  })

  test('do not keep their neighbours out, but take those along that refer to them', async () => {
    const registry = await memoryRegistry()
    const { imported, rejected } = await registry.importDocument({
      areas: [area],
      homes: [home, { ...home, id: 'bad', area: 'nowhere' }, { ...home, id: 'h3' }],
      devices: [
        { id: 'd1', model: 'm', home: 'h' },
        { id: 'd2', model: 'm', home: 'bad' },
        { id: 'd3', model: 'm', home: 'h3' },
      ],
    })
    expect(named(rejected)).toEqual([
      ['homes', 1, 'unknown-reference', 'area'],
      ['devices', 1, 'unknown-reference', 'home'],
    ])
    expect(rejected[1]).toMatchObject({ id: 'd2' })
    expect(imported).toMatchObject({ homes: 2, devices: 2 })
  })

  test('may fail on what is there already and leave it standing', async () => {
    const { registry } = await townRegistry()
    const { rejected } = await registry.importDocument({
      homes: [{ id: 'h-2', address: '', area: 'tiedong' }],
    })
    expect(named(rejected)).toEqual([['homes', 0, 'invalid-record', 'address']])
    expect(registry.get('homes', 'h-2')?.address).toBe('铁东区二号')
  })

  test('with an id that came before are refused, the first one stands', async () => {
    const registry = await memoryRegistry()
    const { rejected } = await registry.importDocument({ areas: [area, { ...area, name: 'other' }] })
    expect(named(rejected)).toEqual([['areas', 1, 'duplicate-id', 'id']])
    expect(registry.get('areas', 'a')?.name).toBe('A')
  })

  test('cannot put areas into each other, within one document or across two', async () => {
    const registry = await memoryRegistry()
    const inside = (id: string, parent?: string) => ({
      id,
      name: id,
      level: 'street',
      ...(parent && { parent }),
    })
    const circle = await registry.importDocument({
      areas: [inside('x', 'y'), inside('y', 'z'), inside('z', 'x'), inside('hanging', 'x')],
    })
    expect(circle.rejected.map(({ code }) => code)).toEqual(Array(4).fill('area-cycle'))

    await registry.importDocument({ areas: [inside('x'), inside('y'), inside('p', 'y'), inside('q', 'x')] })
    const crossed = await registry.importDocument({ areas: [inside('x', 'p'), inside('y', 'q')] })
    expect(named(crossed.rejected)).toEqual([['areas', 1, 'area-cycle', 'parent']])
    expect(registry.areasWithin(AreaId.parse('y'))).toEqual(['y', 'p', 'x', 'q'])
  })

  test('swapped areas land: the circle was only in between', async () => {
    const registry = await memoryRegistry()
    const inside = (id: string, parent?: string) => ({
      id,
      name: id,
      level: 'street',
      ...(parent && { parent }),
    })
    await registry.importDocument({ areas: [inside('a', 'b'), inside('b')] })
    expect((await registry.importDocument({ areas: [inside('a'), inside('b', 'a')] })).rejected).toEqual([])
  })
})

describe('any document', () => {
  test.each([
    [null, ''],
    [[], ''],
    ['text', ''],
    [{ Devices: [] }, 'Devices'],
    [{ devices: {} }, 'devices'],
  ])('%j is answered with what is wrong with it', async (document, table) => {
    const registry = await memoryRegistry()
    const { rejected } = await registry.importDocument(document)
    expect(rejected).toMatchObject([{ table, row: 0, id: null, code: 'invalid-record' }])
  })

  test('never throws, names each row that did not land, with a known code, and counts each that did', async () => {
    const spoiled = fc.tuple(fc.constantFrom(...tables), fc.nat(3), fc.string(), fc.jsonValue())
    const anything = fc.oneof(
      fc.jsonValue(),
      fc.dictionary(fc.constantFrom(...tables, '__proto__', 'other'), fc.jsonValue()),
      fc.array(spoiled, { maxLength: 5 }).map(changes => {
        const copy: Record<string, Record<string, unknown>[]> = structuredClone(town)
        for (const [table, row, field, value] of changes) {
          const fields = Object.keys(copy[table]?.[row] ?? {})
          const target = copy[table]?.[row]
          if (target) target[fields[field.length % fields.length] ?? field] = value
        }
        return copy
      }),
    )
    await fc.assert(
      fc.asyncProperty(anything, async document => {
        const registry = await memoryRegistry()
        const { imported, rejected } = await registry.importDocument(document)
        for (const { code } of rejected) expect(Object.keys(errors)).toContain(code)
        for (const table of tables) {
          const rows =
            document !== null && typeof document === 'object' && !Array.isArray(document)
              ? Object.entries(document).find(([name]) => name === table)?.[1]
              : undefined
          if (!Array.isArray(rows)) continue
          expect(imported[table] + rejected.filter(row => row.table === table).length).toBe(rows.length)
          expect([...registry.all(table)]).toHaveLength(imported[table])
        }
        await registry.close()
      }),
      { numRuns: 300 },
    )
  })
})

describe('secrets', () => {
  test('open only to whom they belong', async () => {
    const { registry } = await townRegistry()
    const check = (who: { device: string } | { point: string }, secret: string): boolean =>
      registry.checkSecret(
        'device' in who ? { device: DeviceId.parse(who.device) } : { point: PointId.parse(who.point) },
        bytes(secret),
      )
    expect(check({ device: 'btn-1' }, 'button secret')).toBe(true)
    expect(check({ device: 'btn-1' }, 'button secret ')).toBe(false)
    expect(check({ device: 'btn-1' }, '')).toBe(false)
    expect(check({ device: 'btn-2' }, 'button secret')).toBe(false)
    expect(check({ device: 'nobody' }, 'button secret')).toBe(false)
    expect(check({ device: 'pad-1' }, '')).toBe(false)
    expect(check({ point: 'sp-1' }, 'terminal secret')).toBe(true)
    expect(check({ device: 'sp-1' }, 'terminal secret')).toBe(false)
    await registry.patch('devices', 'btn-1', { suspended: true })
    expect(check({ device: 'btn-1' }, 'button secret')).toBe(false)
  })
})
