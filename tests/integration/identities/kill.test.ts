import { randomInt } from 'node:crypto'
import { expect, test } from 'vitest'
import { importRegistry, logIn } from '../../support/api-client.ts'
import { startGateway, verifyJournal } from '../../support/gateway-process.ts'
import { bodyOf } from '../../support/installation-steps.ts'
import { seededRandom } from '../../support/seeded-random.ts'
import { withTemporaryDirectory } from '../../support/temporary-directory.ts'
import { twoCounties } from '../../support/two-counties.ts'
import { checkFitting, checkPresses, testModeOf } from './fitting-checks.ts'
import { type FittingLedger, newFittingLedger } from './fitting-ledger.ts'
import { fitUntilKilled } from './fitting-work.ts'

/** One more than it takes to see the end of a minute's test mode. */
const rounds = 8
/** Each start takes 10 s of what is left of a test mode: of a minute nothing is left after so many, whatever the time. */
const startsOfAMinute = 7
/** Several times what it takes on a machine of two cores. */
const limitMs = 240_000

/** Its test mode is set once and left alone. */
const forgottenHome = 'h-forgotten'

const liveOnce = async (ledger: FittingLedger, directory: string, round: number): Promise<void> => {
  const gateway = await startGateway({ directory })
  try {
    const api = await logIn(gateway.httpUrl)
    if (round === 1) {
      await importRegistry(api, twoCounties)
      bodyOf(await api.post('/api/homes', { id: forgottenHome, address: '胜利路九号', area: 'lishan' }))
      bodyOf(await api.post(`/api/homes/${forgottenHome}/test-mode`, { minutes: 1 }))
    }
    await checkFitting({ ledger, gateway, api })
    if (round > startsOfAMinute && (await testModeOf(api, forgottenHome)) !== undefined)
      ledger.faults.push('a test mode outlives its time')
    expect(ledger.faults, `after the kill of round ${round - 1}`).toEqual([])
    await fitUntilKilled(ledger, gateway, api)
  } finally {
    await gateway.kill()
  }
  expect(ledger.faults, `at the kill of round ${round}`).toEqual([])
}

test(
  `killed ${rounds} times while homes are fitted, it keeps what it answered, and the rest is whole or absent`,
  { timeout: limitMs },
  () =>
    withTemporaryDirectory(async directory => {
      const seed = Number(process.env['ANLING_FAULT_SEED'] ?? randomInt(2 ** 32))
      console.info(`kill -9 while fitting: ANLING_FAULT_SEED=${seed}`)
      const ledger = newFittingLedger(seededRandom(seed))
      for (let round = 1; round <= rounds; round += 1) await liveOnce(ledger, directory, round)

      const gateway = await startGateway({ directory })
      const api = await logIn(gateway.httpUrl)
      await checkFitting({ ledger, gateway, api })
      await checkPresses({ ledger, api })
      await gateway.stop()
      expect(await verifyJournal(directory)).toMatchObject({ code: 0 })
      expect(ledger.faults).toEqual([])
      // A run in which little happened would prove little.
      expect(ledger.fitted.length).toBeGreaterThan(rounds)
      expect(ledger.rung.size).toBeGreaterThan(rounds)
      expect(ledger.tried.size).toBeGreaterThan(0)
    }),
)
