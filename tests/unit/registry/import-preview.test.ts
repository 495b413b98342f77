import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type ImportResult, tables } from '../../../gateway/model/records.ts'
import type { Registry } from '../../../gateway/model/registry.ts'
import { memoryRegistry, town, townRegistry } from './town.ts'

const everything = (registry: Registry): unknown => tables.map(table => [...registry.all(table)])

/** Asks first and does it then; answers what was done, having held it against what was said. */
const previewed = async (
  registry: Registry,
  take: (options: { readonly dryRun: boolean }) => Promise<ImportResult>,
): Promise<ImportResult> => {
  const [before, revision] = [everything(registry), registry.revision]
  const said = await take({ dryRun: true })
  expect(everything(registry)).toEqual(before)
  expect(registry.revision).toBe(revision)
  const done = await take({ dryRun: false })
  expect(said).toEqual({ ...done, secrets: [] })
  for (const table of tables)
    expect(done.imported[table]).toBe(done.added[table] + done.changed[table] + done.unchanged[table])
  return done
}

const none = { areas: 0, servicePoints: 0, responders: 0, homes: 0, residents: 0, devices: 0 }

test('a preview of a document says what is new, what changes and what stays, counting on rows before it', async () => {
  const { registry } = await townRegistry()
  const [area, ...areas] = town.areas
  const document = {
    areas: [
      { ...area, name: '新名' },
      ...areas,
      { id: 'new', name: '新区', level: 'county', parent: 'anshan' },
    ],
    homes: [{ id: 'h-9', address: '新区九号', area: 'new' }],
    residents: [{ id: 'r-9', home: 'h-9', name: '九' }],
    devices: [
      { id: 'btn-9', model: 'native/call-button', home: 'h-9', resident: 'r-9' },
      { id: 'btn-8', model: 'native/call-button', home: 'h-8' },
    ],
  }
  const { secrets, ...done } = await previewed(registry, options =>
    registry.importDocument(document, options),
  )
  expect(done).toMatchObject({
    added: { ...none, areas: 1, homes: 1, residents: 1, devices: 1 },
    changed: { ...none, areas: 1 },
    unchanged: { ...none, areas: 2 },
    rejected: [{ table: 'devices', row: 1, id: 'btn-8', code: 'unknown-reference' }],
  })
  expect(secrets).toMatchObject([{ id: 'btn-9' }])
})

test('a preview tells a new secret from the one that there is', async () => {
  const { registry } = await townRegistry()
  const [button] = town.devices
  for (const secret of ['button secret', 'another secret'])
    await previewed(registry, options =>
      registry.importDocument({ devices: [{ ...button, secret }] }, options),
    )
})

test('whatever a document holds, what its preview says is what happens', async () => {
  const spoiled = fc.tuple(
    fc.constantFrom(...tables),
    fc.nat(3),
    fc.nat(12),
    fc.oneof(
      fc.jsonValue(),
      fc.constantFrom('anshan', 'tiedong', 'h-1', 'h-2', 'r-1', 'btn-1', 'sp-1', 'new'),
    ),
  )
  const documents = fc.array(spoiled, { maxLength: 6 }).map(changes => {
    const copy: Record<string, Record<string, unknown>[]> = structuredClone(town)
    for (const [table, row, field, value] of changes) {
      const target = copy[table]?.[row]
      const fields = Object.keys(target ?? {})
      if (target) target[fields[field % fields.length] ?? 'id'] = value
    }
    return copy
  })
  await fc.assert(
    fc.asyncProperty(documents, fc.boolean(), async (document, isThere) => {
      const registry = isThere ? (await townRegistry()).registry : await memoryRegistry()
      await previewed(registry, options => registry.importDocument(document, options))
    }),
    { numRuns: 200 },
  )
})

test('whatever a CSV file holds, what its preview says is what happens', async () => {
  const cell = fc.constantFrom('h-1', 'h-9', 'h-8', 'tiedong', 'nowhere', '九号', '', '"', '41.1', 'GCJ02')
  const header = 'id,address,area,keyHolder.name,keyHolder.phone,position.lat,position.lon,position.datum'
  const lines = fc.array(fc.array(cell, { minLength: 1, maxLength: 9 }).map(cells => cells.join(',')))
  await fc.assert(
    fc.asyncProperty(lines, async rows => {
      const { registry } = await townRegistry()
      const bytes = Buffer.from([header, 'h-9,九号,tiedong,,,,,', ...rows].join('\n'))
      await previewed(registry, options => registry.importCsv('homes', bytes, options))
    }),
    { numRuns: 200 },
  )
})

test('the file of a resident comes in as CSV like any other field', async () => {
  const { registry } = await townRegistry()
  const text = [
    'id,home,name,allergies,medicines,hearing,bloodType,idNumber,agreement',
    'r-7,h-1,甲,青霉素,"氨氯地平, 5 mg",impaired,A+,210303194101010022,120; 119',
    'r-8,h-1,乙,,,loud,,,',
  ].join('\n')
  const { rejected } = await previewed(registry, options =>
    registry.importCsv('residents', Buffer.from(text), options),
  )
  expect(rejected).toMatchObject([{ row: 1, id: 'r-8', field: 'hearing', code: 'invalid-record' }])
  expect(registry.get('residents', 'r-7')).toEqual({
    ...{ id: 'r-7', home: 'h-1', name: '甲', allergies: '青霉素', medicines: '氨氯地平, 5 mg' },
    ...{ hearing: 'impaired', bloodType: 'A+', idNumber: '210303194101010022', agreement: ['120', '119'] },
    contacts: [],
  })
})
