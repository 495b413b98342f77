import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { createMemoryJournal } from '../../../gateway/journal/memory.ts'
import { openSqliteJournal } from '../../../gateway/journal/sqlite/adapter.ts'
import { describeJournal } from './journal-contract.ts'

let base: string
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'anling-journal-'))
})
afterAll(() => rm(base, { recursive: true }))

describeJournal('the journal in memory', async () => createMemoryJournal())
describeJournal('the journal on disk', async () =>
  openSqliteJournal({ directory: await mkdtemp(join(base, 'journal-')) }),
)
