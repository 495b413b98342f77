import fc from 'fast-check'
import iconv from 'iconv-lite'
import { describe, expect, test } from 'vitest'
import type { Table } from '../../../gateway/model/records.ts'
import { openRegistry } from '../../../gateway/registry/registry.ts'
import { townRegistry } from './town.ts'

const points = [
  'id,name,area,position.lat,position.lon,position.datum,hours,capabilities,suspended,phone',
  'sp-7,"铁东站, 二楼",tiedong,41.1,123,WGS84,Mo-Su 08:00-20:00,emergency; service,否,0412',
  'sp-8,秀水站,xiushui,41.2,123.1,WGS84,,,,',
].join('\r\n')

const importing = async (table: Table, bytes: Uint8Array) => {
  const { registry } = await townRegistry()
  return { registry, result: await registry.importCsv(table, bytes) }
}

describe('a CSV table', () => {
  test.each([
    ['UTF-8', Buffer.from(points)],
    ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${points}`)],
    ['GB18030', iconv.encode(points, 'gb18030')],
  ])('in %s lands with nested fields, lists, numbers and defaults', async (_, bytes) => {
    const { registry, result } = await importing('servicePoints', bytes)
    expect(result.rejected).toEqual([])
    expect(result.imported.servicePoints).toBe(2)
    expect(result.secrets.map(({ id }) => id)).toEqual(['sp-7', 'sp-8'])
    expect(registry.get('servicePoints', 'sp-7')).toEqual({
      id: 'sp-7',
      name: '铁东站, 二楼',
      area: 'tiedong',
      position: { lat: 41.1, lon: 123, datum: 'WGS84' },
      hours: 'Mo-Su 08:00-20:00',
      capabilities: ['emergency', 'service'],
      suspended: false,
      phone: '0412',
    })
    expect(registry.get('servicePoints', 'sp-8')).toMatchObject({
      hours: '24/7',
      capabilities: ['emergency'],
    })
  })

  test('holds contacts as JSON or one by one', async () => {
    const { registry, result } = await importing(
      'residents',
      Buffer.from(
        [
          'id,home,name,birthYear,sex,cognition,contacts,contacts.2.name,contacts.2.phone,contacts.10.name,contacts.10.phone',
          'r-7,h-1,甲,1941,2,是,"[{""name"":""子"",""phone"":""1""}]",,,,',
          'r-8,h-1,乙,,,,,女,2,孙,10',
        ].join('\n'),
      ),
    )
    expect(result.rejected).toEqual([])
    expect(registry.get('residents', 'r-7')).toMatchObject({
      birthYear: 1941,
      sex: 2,
      cognition: true,
      contacts: [{ name: '子', phone: '1' }],
    })
    expect(registry.get('residents', 'r-8')?.contacts).toEqual([
      { name: '女', phone: '2' },
      { name: '孙', phone: '10' },
    ])
  })

  test('holds each kind of transport, and secrets', async () => {
    const { registry, result } = await importing(
      'devices',
      Buffer.from(
        [
          'id,model,secret,transport.mqtt,transport.serial.line,transport.serial.number,transport.espa444.line,transport.espa444.address',
          'd-1,m,given,,,,,',
          'd-2,m,,{},,,,',
          'd-3,m,,,pads,7,,',
          'd-4,m,,,,,panel,0815',
        ].join('\n'),
      ),
    )
    expect(result.rejected).toEqual([])
    expect(result.secrets.map(({ id }) => id)).toEqual(['d-2'])
    expect(['d-1', 'd-2', 'd-3', 'd-4'].map(id => registry.get('devices', id)?.transport)).toEqual([
      { mqtt: {} },
      { mqtt: {} },
      { serial: { line: 'pads', number: 7 } },
      { espa444: { line: 'panel', address: '0815' } },
    ])
  })

  test('names bad rows by the number of the data row, and lands the others', async () => {
    const { result } = await importing(
      'residents',
      Buffer.from(
        [
          'id,home,name,birthYear',
          'r-7,h-1,甲,1941',
          'r-8,h-1,乙,about 1940',
          '',
          'r-9,nowhere,丙,',
          'r-10,h-1,丁,1941,surplus',
          'r-11,h-1,戊',
        ].join('\n'),
      ),
    )
    expect(result.rejected.map(({ row, id, field, code }) => [row, id, field, code])).toEqual([
      [3, null, null, 'invalid-record'],
      [1, 'r-8', 'birthYear', 'invalid-record'],
      [2, 'r-9', 'home', 'unknown-reference'],
    ])
    expect(result.imported.residents).toBe(2)
  })

  test('with a quote that never ends keeps what came before it', async () => {
    const { result } = await importing('areas', Buffer.from('id,name,level\na,A,city\nb,"B,city\nc,C,city\n'))
    expect(result.imported.areas).toBe(1)
    expect(result.rejected).toMatchObject([{ table: 'areas', row: 1, code: 'invalid-record' }])
  })

  test.each([
    ['UTF-16', Buffer.from('\ufeffid,name\n', 'utf16le')],
    ['UTF-16 without a mark', Buffer.from('id,name\n', 'utf16le')],
    ['no text at all', Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0x00, 0x10])],
  ])('in %s is refused as a whole', async (_, bytes) => {
    const { result } = await importing('areas', bytes)
    expect(result.rejected).toMatchObject([{ table: 'areas', row: 0, code: 'undecodable-file' }])
  })

  test('with an unknown column lands, and the log names the column', async () => {
    const notices: string[] = []
    const registry = await openRegistry({
      directory: ':memory:',
      log: { warn: (_, message) => notices.push(message) },
    })
    const { imported } = await registry.importCsv(
      'areas',
      Buffer.from('id,name,level,mayor,__proto__.x\na,A,city,M,1'),
    )
    expect(imported.areas).toBe(1)
    expect(notices).toEqual([
      'areas: the column mayor is not known and was left out',
      'areas: the column __proto__.x is not known and was left out',
    ])
  })

  test('longer than a chunk is not cut inside a character', async () => {
    const names = Array.from({ length: 2_000 }, (_, index) => `${'a'.repeat(index % 7)}铁东区𠀀`)
    const text = ['id,name,level', ...names.map((name, index) => `a${index},${name},county`)].join('\n')
    const { registry, result } = await importing('areas', Buffer.from(text))
    expect(result.rejected).toEqual([])
    expect(names.map((_, index) => registry.get('areas', `a${index}`)?.name)).toEqual(names)
  })

  test('of any bytes never throws', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.uint8Array(),
          fc.string().map(text => Buffer.from(`id,name\n${text}`)),
        ),
        async bytes => {
          const { result } = await importing('areas', bytes)
          expect(result.imported.areas).toBeLessThanOrEqual(bytes.length)
        },
      ),
      { numRuns: 100 },
    )
  })
})
