import { randomInt } from 'node:crypto'
import { expect, test } from 'vitest'
import { killRounds } from '../integration/faults/kill-rounds.ts'
import { withTemporaryDirectory } from '../support/temporary-directory.ts'

const rounds = 200
const limitMs = 3_600_000

test(`killed ${rounds} times under load, it keeps every promise it made`, { timeout: limitMs }, async () => {
  const seed = Number(process.env['ANLING_FAULT_SEED'] ?? randomInt(2 ** 32))
  console.info(`kill -9: ANLING_FAULT_SEED=${seed}`)
  const report = await withTemporaryDirectory(directory => killRounds(seed, rounds, directory))
  console.info(JSON.stringify(report))
  expect(report.acknowledgedPresses).toBeGreaterThan(rounds * 5)
  expect(report.claims).toBeGreaterThan(rounds / 2)
})
