/** The heads of both chains, from outside the gateway. */
import { join } from 'node:path'
import { openDatabase } from '../kit/sqlite.ts'
import type { Heads } from '../model/journal.ts'
import { createReader } from './sqlite/reader.ts'
import { assertCurrent, journalFileName } from './sqlite/schema.ts'
import { createTrailReader } from './sqlite/trail-reader.ts'

/** Throws when there is no journal of this program's version in `directory`. */
export const headsIn = (directory: string): Heads => {
  const database = openDatabase(join(directory, journalFileName), { readOnly: true, durability: 'full' })
  try {
    assertCurrent(database)
    return { events: createReader(database).head(), trail: createTrailReader(database).trailHead() }
  } finally {
    database.close()
  }
}
