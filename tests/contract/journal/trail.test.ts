import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createMemoryJournal } from '../../../gateway/journal/memory.ts'
import { openSqliteJournal } from '../../../gateway/journal/sqlite/adapter.ts'
import { AreaId } from '../../../gateway/model/ids.ts'
import type { TrailQuery } from '../../../gateway/model/trail.ts'
import { describeTrail, person, reveal } from './trail-contract.ts'

let base: string
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'anling-trail-'))
})
afterAll(() => rm(base, { recursive: true }))

const openOnDisk = async () => openSqliteJournal({ directory: await mkdtemp(join(base, 'journal-')) })

describeTrail('the journal in memory', async () => createMemoryJournal())
describeTrail('the journal on disk', openOnDisk)

const actor = fc.constantFrom(person('li'), person('wang'), { kind: 'clock' } as const)
const area = fc.constantFrom('tiedong', 'tiexi', 'anshan').map(id => AreaId.parse(id))
const anyText = fc.string({ unit: 'binary', maxLength: 6 })
const at = fc.nat({ max: 5 })

const entry = fc
  .record(
    {
      at,
      actor,
      address: anyText,
      action: fc.constantFrom('retention', 'POST /api/session', 'POST /api/tokens'),
      subject: fc.constantFrom('residents/r-1', 'residents/r-12', 'tokens/a'),
      reason: anyText,
      outcome: fc.constantFrom('done', 'not-allowed'),
      facts: fc.dictionary(fc.string(), fc.oneof(anyText, fc.integer(), fc.boolean()), { maxKeys: 2 }),
      areas: fc.array(area, { maxLength: 2 }),
    },
    { requiredKeys: ['at', 'actor', 'action', 'outcome'] },
  )
  .map(some => reveal(some))

const query: fc.Arbitrary<TrailQuery> = fc.record(
  {
    actor: fc.constantFrom(person('li').id, person('wang').id),
    action: fc.constantFrom('', 'POST', 'POST /api/session', 'retention'),
    subject: fc.constantFrom('', 'residents/r-1', 'residents/r-12', 'x'),
    text: fc.string({ maxLength: 1 }),
    from: at,
    to: at,
    areas: fc.array(area, { maxLength: 2 }),
    before: fc.nat({ max: 12 }),
    limit: fc.integer({ min: 1, max: 5 }),
  },
  { requiredKeys: ['limit'] },
)

it('both trails answer the same to whatever is recorded and asked', async () => {
  const onDisk = await openOnDisk()
  const inMemory = createMemoryJournal()
  await fc.assert(
    fc.asyncProperty(
      fc.array(entry, { maxLength: 4 }),
      fc.array(query, { maxLength: 6 }),
      async (entries, asked) => {
        for (const one of entries)
          expect(await onDisk.trail.record(one)).toBe(await inMemory.trail.record(one))
        expect(onDisk.trail.head()).toEqual(inMemory.trail.head())
        for (const one of asked)
          expect(await onDisk.trail.search(one)).toEqual(await inMemory.trail.search(one))
      },
    ),
    { numRuns: 60 },
  )
  expect(await onDisk.verify()).toEqual(await inMemory.verify())
  await onDisk.close()
})
