import { randomInt } from 'node:crypto'
import { expect, test } from 'vitest'
import { withTemporaryDirectory } from '../../support/temporary-directory.ts'
import { killRounds } from './kill-rounds.ts'

/** Enough for every moment of the work to be hit now and then; `npm run soak` has 200. */
const rounds = 8
/** Several times what it takes on a machine of two cores. */
const limitMs = 300_000

test(`killed ${rounds} times under load, it keeps every promise it made`, { timeout: limitMs }, async () => {
  const seed = Number(process.env['ANLING_FAULT_SEED'] ?? randomInt(2 ** 32))
  console.info(`kill -9: ANLING_FAULT_SEED=${seed}`)
  const report = await withTemporaryDirectory(directory => killRounds(seed, rounds, directory))
  console.info(JSON.stringify(report))
  // A run in which little happened would prove little.
  expect(report.acknowledgedPresses).toBeGreaterThan(rounds * 5)
  expect(report.offers).toBeGreaterThan(rounds)
  expect(report.claims).toBeGreaterThan(0)
})
