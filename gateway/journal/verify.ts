/** Checks a journal on disk from outside, also while a gateway writes it. Opens it read-only. */
import { join } from 'node:path'
import { setImmediate as breathe } from 'node:timers/promises'
import { openDatabase } from '../kit/sqlite.ts'
import type { Verification } from '../model/journal.ts'
import { type CheckProgress, checkJournal } from './sqlite/check.ts'
import { assertCurrent, journalFileName } from './sqlite/schema.ts'

/** `onProgress` hears of every batch. Rejects when there is no journal of this program's version in `directory`. */
export const verifyJournal = async (
  directory: string,
  onProgress: (progress: CheckProgress) => void,
): Promise<Verification> => {
  const database = openDatabase(join(directory, journalFileName), { readOnly: true, durability: 'full' })
  try {
    assertCurrent(database)
    const check = checkJournal(database)
    for (;;) {
      const step = check.next()
      if (step.done) return step.value
      onProgress(step.value)
      await breathe()
    }
  } finally {
    database.close()
  }
}
