/**
 * Kills the gateway again and again in the middle of its work and checks, from outside, that it kept its word.
 * Takes a seed and a number of rounds; gives what was checked; throws with the seed and everything that was broken.
 */
import { type ApiClient, importRegistry, logIn } from '../../support/api-client.ts'
import { type GatewayProcess, startGateway, verifyJournal } from '../../support/gateway-process.ts'
import { layOutTown } from '../../support/load-town.ts'
import { seededRandom } from '../../support/seeded-random.ts'
import { connectTerminal, type Terminal } from '../../support/town-clients.ts'
import { checkEverything, checkSinceLast, expectOffersOfOpen } from './kill-checks.ts'
import { type Ledger, newLedger, noteOffer } from './kill-ledger.ts'
import { workUntilKilled } from './kill-load.ts'

const homes = 40
const points = 8
const terminalsAtOnce = 6
/** The chain only grows: a break is still there some rounds later, and starting a process is what takes the time. */
const roundsBetweenVerifying = 5

export type KillReport = {
  readonly seed: number
  readonly rounds: number
  readonly acknowledgedPresses: number
  readonly offers: number
  readonly claims: number
  readonly alarms: number
}

const connectSomeTerminals = async (
  ledger: Ledger,
  gateway: GatewayProcess,
  mayAct: () => boolean,
): Promise<Terminal[]> => {
  const { random, town } = ledger
  const chosen = town.points
    .map(point => ({ point, key: random.next() }))
    .sort((a, b) => a.key - b.key)
    .slice(0, terminalsAtOnce)
  return await Promise.all(
    chosen.map(async ({ point }) => {
      const subscribedAt = performance.now()
      return await connectTerminal(gateway.mqttUrl, point, (offer, reply) => {
        noteOffer(ledger, offer, subscribedAt)
        if (!mayAct() || !random.chance(0.3)) return
        reply(offer, 'acknowledge')
        if (random.chance(0.5)) reply(offer, 'resolve', { cause: 'real' })
      })
    }),
  )
}

const stopOnFault = (ledger: Ledger, where: string): void => {
  if (ledger.faults.length === 0) return
  throw new Error([`seed ${ledger.seed}, ${where}:`, ...ledger.faults.slice(0, 20)].join('\n  '))
}

const expectSoundChain = async (ledger: Ledger, directory: string): Promise<void> => {
  const { code, output } = await verifyJournal(directory)
  if (code !== 0) ledger.faults.push(`verify ended with ${code}: ${output}`)
}

/** One life: checked, given work, killed at a moment that the seed chooses. */
const liveOnce = async (ledger: Ledger, directory: string, round: number): Promise<void> => {
  const gateway = await startGateway({ directory })
  try {
    const api = await logIn(gateway.httpUrl)
    if (round === 1) await importRegistry(api, ledger.town.document)
    const open = await checkSinceLast(ledger, api)
    let working = false
    const terminals = await connectSomeTerminals(ledger, gateway, () => working)
    await expectOffersOfOpen(ledger, api, { open, terminals })
    stopOnFault(ledger, `after the kill of round ${round - 1}`)
    working = true
    await workUntilKilled(ledger, gateway, api)
    await Promise.all(terminals.map(terminal => terminal.client.closed))
  } finally {
    await gateway.kill()
  }
  if (round % roundsBetweenVerifying === 0) await expectSoundChain(ledger, directory)
  stopOnFault(ledger, `at the kill of round ${round}`)
}

const checkAtTheEnd = async (ledger: Ledger, directory: string): Promise<number> => {
  const gateway = await startGateway({ directory })
  try {
    const api: ApiClient = await logIn(gateway.httpUrl)
    await checkSinceLast(ledger, api)
    const alarms = await checkEverything(ledger, api)
    await gateway.stop()
    await expectSoundChain(ledger, directory)
    stopOnFault(ledger, 'at the end')
    return alarms
  } finally {
    await gateway.kill()
  }
}

/** `directory` must be empty. */
export const killRounds = async (seed: number, rounds: number, directory: string): Promise<KillReport> => {
  const ledger = newLedger(seed, seededRandom(seed), layOutTown(points, homes))
  for (let round = 1; round <= rounds; round++) await liveOnce(ledger, directory, round)
  const alarms = await checkAtTheEnd(ledger, directory)
  return {
    seed,
    rounds,
    acknowledgedPresses: ledger.acknowledged.size,
    offers: ledger.offerCount,
    claims: ledger.claims.size,
    alarms,
  }
}
