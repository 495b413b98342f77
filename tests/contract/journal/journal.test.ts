import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { createMemoryJournal } from '../../../gateway/journal/memory.ts'
import { openSqliteJournal } from '../../../gateway/journal/sqlite/adapter.ts'
import { describeJournal } from './journal-contract.ts'
import { describeLists } from './list-contract.ts'
import { describeReview } from './review-contract.ts'
import { describeWithin } from './within-contract.ts'

let base: string
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'anling-journal-'))
})
afterAll(() => rm(base, { recursive: true }))

const inMemory = async () => createMemoryJournal()
const onDisk = async () => openSqliteJournal({ directory: await mkdtemp(join(base, 'journal-')) })

describeJournal('the journal in memory', inMemory)
describeJournal('the journal on disk', onDisk)
describeLists('lists of the journal in memory', inMemory)
describeLists('lists of the journal on disk', onDisk)
describeWithin('a list of what somebody may see, in memory', inMemory)
describeWithin('a list of what somebody may see, on disk', onDisk)
describeReview('what reports ask of the journal in memory', inMemory)
describeReview('what reports ask of the journal on disk', onDisk)
