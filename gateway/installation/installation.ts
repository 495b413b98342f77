/**
 * Takes: what people do on the way from a request to a home that is watched: surveys, checks, photos, signatures, beds,
 * institutions, test modes; what devices have proved; what residents have consented to.
 * Gives: jobs, beds and institutions as they are, every step with who and when, and what a trigger counts as.
 * Never: accepts a home with a trigger that has not come in end to end; enables a bed without that and without consent;
 * leaves a test mode on for longer than it was set; keeps a text or picture in clear.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { openDatabase } from '../kit/sqlite.ts'
import type { Installation } from '../model/installation.ts'
import { createBeds } from './beds.ts'
import { createInstitutions } from './institutions.ts'
import { createJobs } from './jobs.ts'
import { createTables } from './schema.ts'
import type { StagePorts } from './stage-ports.ts'
import { createSteps } from './steps.ts'
import { createTestModes } from './test-modes.ts'

export type InstallationOptions = StagePorts & {
  /** Where `installation.db` lies, or `:memory:`. */
  readonly directory: string
  readonly log: { error(facts: object, message: string): void }
}

const fileIn = (directory: string): string => {
  if (directory === ':memory:') return directory
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  return join(directory, 'installation.db')
}

/** Throws when the file cannot be opened or is of a later version. */
export const openInstallation = (options: InstallationOptions): Installation & { close(): void } => {
  const { directory, clock, log } = options
  const database = openDatabase(fileIn(directory), { durability: 'full' })
  createTables(database)
  const steps = createSteps(database)
  const jobs = createJobs(database, steps, options)
  const institutions = createInstitutions(database, steps, clock)
  const beds = createBeds(database, { steps, jobs, institutions }, options)
  const testModes = createTestModes({ database, clock, log })
  return {
    jobs,
    institutions,
    beds,
    testModes,
    close() {
      testModes.close()
      database.close()
    },
  }
}
