/**
 * Takes: what people decide about how a resident is watched, each with who and why; the resident's level of ability.
 * Gives: the thresholds that count for a resident, who is away, and the history of both.
 * Never: changes or forgets a decision on disk; takes part of a change; makes a reader wait for the disk.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { openDatabase } from '../kit/sqlite.ts'
import type { Care, PresetLevel } from '../model/care.ts'
import type { Clock } from '../model/clock.ts'
import type { ResidentId } from '../model/ids.ts'
import { createAbsences } from './absences.ts'
import { createTables } from './schema.ts'
import { createThresholdTable } from './threshold-table.ts'
import { createThresholds } from './thresholds.ts'

export type CareOptions = {
  /** Where `care.db` lies, or `:memory:`. */
  readonly directory: string
  readonly clock: Clock
  /** The level of ability that the registry has now. Undefined: nobody has assessed it. */
  readonly presetOf: (resident: ResidentId) => PresetLevel | undefined
  readonly log: { warn(facts: object, message: string): void }
}

const fileIn = (directory: string): string => {
  if (directory === ':memory:') return directory
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  return join(directory, 'care.db')
}

/** Throws when the file cannot be opened or is of a later version. Changes throw when the disk refuses them. */
export const openCare = ({ directory, clock, presetOf, log }: CareOptions): Care => {
  const database = openDatabase(fileIn(directory), { durability: 'full' })
  createTables(database)
  return {
    ...createThresholds({ table: createThresholdTable(database), clock, presetOf, log }),
    ...createAbsences(database, clock),
    close: () => database.close(),
  }
}
