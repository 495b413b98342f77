/** What was promised, held against what was measured. Each answers the sentences of what falls short. */
import type { Contender } from './alarm-rows.ts'
import type { CoreTime } from './core-rows.ts'
import type { Idle, Return } from './crowd-rows.ts'
import type { Measured } from './fleet.ts'
import type { Import } from './import-row.ts'
import type { Start } from './start-row.ts'
import type { Web } from './web-rows.ts'
import type { WrongLogins } from './wrong-login-row.ts'

export const ms = (value: number): string => `${value.toFixed(2)} ms`

export const over = (
  what: string,
  value: number,
  limit: number,
  unit: (value: number) => string,
): string[] => (value <= limit ? [] : [`${what}: ${unit(value)}, target ${unit(limit)}`])

export const alarmShortfalls = (contender: Contender, run: Measured): string[] => {
  if (contender !== 'gateway') return []
  const name = `gateway at ${run.ratePerSecond}/s`
  const lost = run.sent - Math.min(run.delivered, run.acknowledged)
  const always = [
    ...(lost > 0
      ? [`${name}: ${lost} of ${run.sent} presses not delivered or not acknowledged in time`]
      : []),
    ...(run.misrouted > 0 ? [`${name}: ${run.misrouted} offers went past the nearest point`] : []),
  ]
  if (run.ratePerSecond !== 1_000) return always
  return [
    ...always,
    ...over(`${name}, press → terminal p50`, run.toTerminal.p50Ms, 0.5, ms),
    ...over(`${name}, press → terminal p99`, run.toTerminal.p99Ms, 3, ms),
  ]
}

const wantedFactor = 20

/** The flow tool's median against the gateway's at 100/s. */
export const factorShortfalls = (runs: readonly { contender: Contender; run: Measured }[]): string[] => {
  const p50 = (contender: Contender) =>
    runs.find(row => row.contender === contender && row.run.ratePerSecond === 100)?.run.toTerminal.p50Ms
  const [flow, gateway] = [p50('node-red'), p50('gateway')]
  if (flow === undefined || gateway === undefined || flow / gateway >= wantedFactor) return []
  return [`p50 at 100/s is ${(flow / gateway).toFixed(1)} times below Node-RED's, target ${wantedFactor}`]
}

const micro = (value: number): string => `${value.toFixed(1)} µs`

export const coreShortfalls = (row: CoreTime): string[] =>
  over(`decide + route with ${row.points} points, p99`, row.p99Micros, row.points > 200 ? 50 : 20, micro)

export const mebi = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(0)} MiB`

export const idleShortfalls = (row: Idle): string[] =>
  over(`resident memory with ${row.devices} devices`, row.connectedBytes, 400_000_000, mebi)

export const returnShortfalls = (row: Return): string[] => [
  ...over('press → terminal p99 while devices return', row.presses.toTerminal.p99Ms, 50, ms),
  ...over('time until all devices are back', row.returnedInMs, 60_000, ms),
]

/** "Do not slow a press down": what people cannot tell from nothing. */
const unfeltMs = 50

export const guessShortfalls = (
  { over: protocol, presses, guesses, logins }: WrongLogins,
  attempts: number,
): string[] => [
  ...over(
    `press → terminal p99 while logins are guessed over ${protocol}`,
    presses.toTerminal.p99Ms,
    unfeltMs,
    ms,
  ),
  ...(guesses.tried < attempts
    ? [`${guesses.tried} of ${attempts} wrong logins over ${protocol} fitted in`]
    : []),
  ...(logins.letIn < logins.tried ? [`a device was kept out ${logins.tried - logins.letIn} times`] : []),
]

export const startShortfalls = (row: Start): string[] =>
  over(`start on ${row.entries} entries`, row.startedInMs, 2_000, ms)

export const importShortfalls = (row: Import): string[] => [
  ...over(`import of ${row.rows} rows`, row.documentMs, 5_000, ms),
  ...over(`registration of ${row.rows} devices`, row.devicesMs, 5_000, ms),
]

const kibi = (bytes: number): string => `${(bytes / 2 ** 10).toFixed(0)} KiB`

/** Growth that is no leak: what a heap wavers by. */
const heapNoiseBytes = 5 * 2 ** 20

export const webShortfalls = ({ bytes, ready, together, apart, longestTask, heap }: Web): string[] => [
  ...over('first load of the console', bytes, 250_000, kibi),
  ...over('console ready from an empty cache', ready.p50Ms, 1_000, ms),
  ...Object.entries({ together, apart }).flatMap(([how, { visible, sounded }]) => [
    ...over(`consoles ${how}, on disk → visible p50`, visible.p50Ms, 50, ms),
    ...over(`consoles ${how}, on disk → visible p99`, visible.p99Ms, 150, ms),
    ...over(`consoles ${how}, on disk → sounding p50`, sounded.p50Ms, 50, ms),
    ...over(`consoles ${how}, on disk → sounding p99`, sounded.p99Ms, 150, ms),
  ]),
  ...over('longest task while scrolling', longestTask.scrollingMs, 50, ms),
  ...over('longest task on a new alarm', longestTask.newAlarmMs, 50, ms),
  ...over('growth of the heap', heap.afterBytes - heap.beforeBytes, heapNoiseBytes, mebi),
]
