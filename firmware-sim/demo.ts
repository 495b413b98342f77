/**
 * `npm run demo`: the main job at a glance. Starts the real gateway, gives it a town, lets people press and answer, and a
 * night pass in which somebody leaves the bed and does not return.
 * Takes: nothing, or `--seconds N`, `--seed S` and `--speed N`. Gives: what happens, live; at the end a summary, and exit
 * code 1 if any press was lost or answered wrongly, or the night's alarm was late. Never does: pretend. Every time and every
 * escalation is the gateway's own.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CommandFacts, helpFor, parseOptions, wholeNumber } from './arguments.ts'
import { createFastClock, systemClock } from './clock.ts'
import { logIn } from './demo/api.ts'
import { type GatewayProcess, startGatewayProcess } from './demo/gateway-process.ts'
import { play } from './demo/play.ts'
import { midnightBefore, parseTimeOfDay } from './local-time.ts'
import { createPlayer, type PlayerOptions } from './scenarios/player.ts'
import { createScenarioTown } from './scenarios/registry.ts'
import { loadScenario, type Scenario } from './scenarios/scenario.ts'
import { createTown } from './town.ts'

const facts: CommandFacts = {
  what: '安铃演示 the main job at a glance: a gateway, a town, presses and answers, and a night of sensors',
  options: {
    seconds: {
      what: '运行秒数 how long; 0: 直到 until Ctrl-C',
      example: 'N',
      default: '0',
      check: wholeNumber(0, 1_000_000),
    },
    seed: { what: '随机种子 the same seed gives the same town', example: 'S', default: 'anshan' },
    speed: {
      what: '夜间时钟倍速 how many times faster the night passes; 1: 真实 real',
      example: 'N',
      default: '60',
      check: wholeNumber(1, 1_000),
    },
  },
}

const homes = 300
/** Soon after this the sleeper leaves the bed. */
const nightBegins = parseTimeOfDay('02:05') ?? 0
/** When the night's alarm has been answered or has got loud, time is real: whoever opens the console can keep up. */
const nightEnds = parseTimeOfDay('02:45') ?? 0
const sleeperHome = 'h-0001'
const bedSensor = 'radar-0001'

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

type Report = NonNullable<PlayerOptions['report']>

/**
 * In real time, so that no part of the night passes meanwhile.
 * @returns how to log in, how many rows of each table were taken, and how long a start takes here, in ms
 */
const registerTown = async (directory: string, town: object) => {
  const begun = systemClock.now()
  const gateway = await startGatewayProcess({ directory })
  const startMs = systemClock.now() - begun
  try {
    const login = gateway.firstLogin
    if (!login) throw new Error('网关未给出首次登录 the gateway gave no first login')
    const api = await logIn(gateway.httpUrl, login)
    const { counts, rejected } = await api.importTown(town)
    if (rejected.length > 0) {
      const firstFew = rejected.slice(0, 3).join('\n')
      throw new Error(`${rejected.length} 行登记数据被拒 rows of the town were rejected:\n${firstFew}`)
    }
    return { login, counts, startMs }
  } finally {
    await gateway.stop()
  }
}

const prepareNight = async (scenario: Scenario, speed: number, inMs: number) => {
  const since = Math.round(systemClock.now() + inMs)
  const midnight = midnightBefore(since)
  const time = { startAt: midnight + nightBegins, speed, since, until: midnight + nightEnds }
  const clock = createFastClock(time)
  let tell: Report = () => {}
  const player = await createPlayer({ scenario, clock, report: happening => tell(happening) })
  const onStory = (listener: Report) => {
    tell = listener
  }
  return { time, clock, player, onStory }
}

const namesIn = (
  points: readonly { readonly id: string; readonly name: string }[],
  devices: readonly { readonly id: string; readonly resident?: string | undefined; readonly room: string }[],
  residents: ReadonlyMap<string, string>,
): ((id: string) => string) => {
  const names = new Map([
    ...points.map(({ id, name }) => [id, name] as const),
    ...devices.map(
      ({ id, resident = '', room }) => [id, `${residents.get(resident) ?? id}（${room}）`] as const,
    ),
  ])
  return id => names.get(id) ?? id
}

const demo = async (seconds: number, seed: string, speed: number, directory: string): Promise<number> => {
  // Kept to the last: a second Ctrl-C must not leave the gateway behind.
  const { promise: interrupted, resolve: interrupt } = Promise.withResolvers<void>()
  for (const name of signals) process.on(name, () => interrupt())
  console.log('安铃 Anling：正在启动网关 starting the gateway …')
  const scenario = { ...(await loadScenario('night-exit')), seed }
  const sensors = createScenarioTown(scenario).devices
  const town = createTown({ seed, homes, simulationSecrets: true })
  const devices = [...town.devices, ...sensors]
  const { login, counts, startMs } = await registerTown(directory, { ...town, devices })
  const taken = Object.entries(counts).map(([table, count]) => `${table} ${count}`)
  console.log(`${town.areas[0]?.name} ${taken.join(', ')}`)
  const residents = new Map(town.residents.map(({ id, name }) => [id, name]))
  // The second start takes no longer than the first, so everybody is there when the night begins.
  const night = await prepareNight(scenario, speed, startMs)
  let gateway: GatewayProcess | undefined
  let result = 1
  try {
    gateway = await startGatewayProcess({ directory, lines: night.player.lines, time: night.time })
    result = await play(
      {
        ...night,
        nightEndsAt: night.time.until,
        gateway,
        login,
        api: await logIn(gateway.httpUrl, login),
        interrupted,
        town,
        nameOf: namesIn(town.servicePoints, devices, residents),
        night: {
          startAt: night.time.startAt,
          home: sleeperHome,
          sleeper: residents.get('r-0001') ?? sleeperHome,
          bedSensor,
          homes: [...new Set(sensors.flatMap(({ home }) => home ?? []))],
          sensors: sensors.map(({ id }) => id),
        },
      },
      seconds,
      seed,
    )
  } finally {
    await night.player.close()
    if (gateway && !(await gateway.stop())) {
      console.error('网关未正常停止 the gateway did not stop in order')
      result = 1
    }
  }
  return result
}

const parsed = parseOptions(
  facts,
  process.argv.slice(2).filter(argument => argument !== '--help'),
)
if (process.argv.includes('--help')) {
  console.log(helpFor('npm run demo --', facts))
} else if (!parsed.ok) {
  for (const mistake of parsed.mistakes) console.error(mistake)
  process.exitCode = 2
} else {
  const { seconds, seed = '', speed } = parsed.values
  const directory = await mkdtemp(join(tmpdir(), 'anling-demo-'))
  try {
    process.exitCode = await demo(Number(seconds), seed, Number(speed), directory)
  } catch (failure) {
    console.error(failure instanceof Error ? failure.message : failure)
    process.exitCode = 1
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}
