/**
 * `npm run demo`: the main job at a glance. Starts the real gateway, gives it a town, lets people press and answer, and a
 * night pass in which somebody leaves the bed and does not return.
 * Takes: nothing, or `--seconds N`, `--seed S` and `--speed N`. Gives: what happens, live; at the end a summary, and exit
 * code 1 if any press was lost or answered wrongly, or the night's alarm was late. Never does: pretend. Every time and every
 * escalation is the gateway's own.
 */
import { type CommandFacts, helpFor, parseOptions, wholeNumber } from './arguments.ts'
import { createFastClock, systemClock } from './clock.ts'
import { logIn } from './demo/api.ts'
import { startGatewayProcess } from './demo/gateway-process.ts'
import { play } from './demo/play.ts'
import { midnightBefore, parseTimeOfDay } from './local-time.ts'
import { createPlayer, type PlayerOptions } from './scenarios/player.ts'
import { createScenarioTown } from './scenarios/registry.ts'
import { loadScenario } from './scenarios/scenario.ts'
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
/** Until then everything is running, so that the night is seen from its beginning. */
const warmUpMs = 6_000
const sleeperHome = 'h-0001'
const bedSensor = 'radar-0001'

type Report = NonNullable<PlayerOptions['report']>

const prepareNight = async (seed: string, speed: number) => {
  const since = Math.round(systemClock.now()) + warmUpMs
  const midnight = midnightBefore(since)
  const time = { startAt: midnight + nightBegins, speed, since, until: midnight + nightEnds }
  const clock = createFastClock(time)
  const scenario = { ...(await loadScenario('night-exit')), seed }
  let tell: Report = () => {}
  const player = await createPlayer({ scenario, clock, report: happening => tell(happening) })
  const onStory = (listener: Report) => {
    tell = listener
  }
  return { time, clock, player, onStory, sensors: createScenarioTown(scenario).devices }
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

const demo = async (seconds: number, seed: string, speed: number): Promise<number> => {
  console.log('安铃 Anling：正在启动网关 starting the gateway …')
  const { sensors, ...night } = await prepareNight(seed, speed)
  const gateway = await startGatewayProcess({ lines: night.player.lines, time: night.time })
  let result = 1
  try {
    const town = createTown({ seed, homes, simulationSecrets: true })
    const residents = new Map(town.residents.map(({ id, name }) => [id, name]))
    const api = await logIn(gateway.httpUrl, gateway.login)
    const { counts, rejected } = await api.importTown({ ...town, devices: [...town.devices, ...sensors] })
    if (rejected.length > 0) {
      const firstFew = rejected.slice(0, 3).join('\n')
      throw new Error(`${rejected.length} 行登记数据被拒 rows of the town were rejected:\n${firstFew}`)
    }
    const taken = Object.entries(counts).map(([table, count]) => `${table} ${count}`)
    console.log(`${town.areas[0]?.name} ${taken.join(', ')}`)
    result = await play(
      {
        ...night,
        nightEndsAt: night.time.until,
        gateway,
        api,
        town,
        nameOf: namesIn(town.servicePoints, [...town.devices, ...sensors], residents),
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
    if (!(await gateway.stop())) {
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
  try {
    process.exitCode = await demo(Number(seconds), seed, Number(speed))
  } catch (failure) {
    console.error(failure instanceof Error ? failure.message : failure)
    process.exitCode = 1
  }
}
