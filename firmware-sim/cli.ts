/**
 * `npm run sim`: the simulator on its own.
 * Takes: a command and its options. Gives: a town as JSON, or what happens at its devices, one line each; exit code 0
 * when it went well, 1 when the gateway did not do its part, 2 for a wrong command line.
 * Never does: speak to a gateway other than over the documented MQTT interface.
 */
import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { helpFor, parseOptions } from './arguments.ts'
import { createButton } from './button.ts'
import { createClaim } from './claim.ts'
import { systemClock as clock } from './clock.ts'
import { type CommandName, commands, isCommandName } from './commands.ts'
import { createCrowd, type Happening } from './crowd.ts'
import { createRandom } from './random.ts'
import { runScenario } from './scenarios/command.ts'
import { createScenarioTown } from './scenarios/registry.ts'
import { loadScenario } from './scenarios/scenario.ts'
import { isStrategyName, strategies } from './strategies.ts'
import { createTerminal } from './terminal.ts'
import { createTown } from './town.ts'
import { describe } from './wording.ts'

/** A town without secrets could not log in. */
const logins = z.array(z.object({ id: z.string(), secret: z.string() })).min(1)
const TownFile = z.object({ servicePoints: logins, devices: logins })

type Values = { readonly [name: string]: string | undefined }

const help = (): string =>
  [
    '安铃模拟器 Anling device simulator',
    '',
    '用法 usage: npm run sim -- <command> [options]',
    '',
    ...Object.entries(commands).map(([name, facts]) => `${helpFor(name, facts)}\n`),
    '退出码 exit code: 0 成功 done, 1 网关未完成 the gateway did not do its part, 2 命令行有误 wrong command line',
  ].join('\n')

const say = (line: string) => console.log(`${new Date().toISOString()} ${line}`)
const report = (happening: Happening) => say(describe(happening))

/** Resolves when `done` does, after so many seconds (0: never), or at Ctrl-C: true for `done` alone. */
const wait = async (seconds: number, done: Promise<boolean> = new Promise(() => {})): Promise<boolean> => {
  const { promise: enough, resolve } = Promise.withResolvers<boolean>()
  const stop = () => resolve(false)
  const cancel = seconds > 0 ? clock.after(seconds * 1_000, stop) : stop
  process.once('SIGINT', stop).once('SIGTERM', stop)
  const result = await Promise.race([done, enough])
  cancel()
  process.off('SIGINT', stop).off('SIGTERM', stop)
  return result
}

/** A pipe takes its time: the process must not end before. */
const print = (document: unknown): Promise<void> =>
  new Promise(written => process.stdout.write(`${JSON.stringify(document, null, 1)}\n`, () => written()))

const makeTown = async ({ homes, points, seed = '', secrets }: Values): Promise<number> => {
  const town = createTown({
    seed,
    homes: Number(homes),
    points: Number(points),
    simulationSecrets: secrets === 'yes',
  })
  await print(town)
  return 0
}

const makeRegistry = async ({ story = '' }: Values): Promise<number> => {
  await print(createScenarioTown(await loadScenario(story)))
  return 0
}

const scenario = async ({ story = '', url = '', speed, start = '', ...rest }: Values): Promise<number> => {
  const acknowledged = await runScenario({
    scenario: await loadScenario(story),
    url,
    speed: Number(speed),
    start,
    firstPort: Number(rest['first-port']),
    say: line => console.log(line),
    wait: over => wait(0, over),
  })
  return acknowledged ? 0 : 1
}

const press = async ({
  url = '',
  device = '',
  secret = '',
  type,
  timeout,
  follow,
}: Values): Promise<number> => {
  const button = createButton({
    url,
    device,
    secret,
    clock,
    random: createRandom(`${device}/${clock.now()}`),
    onFeedback: feedback => report({ type: 'told', device, feedback }),
    onState: state => report({ type: 'link', who: device, state }),
  })
  const { id, acknowledged } = button.press(type)
  say(`${device} 按下 pressed: ${type} (${id})`)
  const done = await wait(Number(timeout), acknowledged)
  if (done) report({ type: 'accepted', device, event: id })
  else say(`${device} 未获确认 no PUBACK within ${timeout} s (${id})`)
  if (done && Number(follow) > 0) await wait(Number(follow))
  await button.close()
  return done ? 0 : 1
}

const claim = async ({ url = '', device = '', code = '', timeout }: Values): Promise<number> => {
  const { secret, close } = createClaim({
    url,
    device,
    code,
    random: createRandom(`${device}/${clock.now()}`),
    onState: state => report({ type: 'link', who: `claim:${device}`, state }),
  })
  const done = await wait(
    Number(timeout),
    secret.then(given => given !== undefined),
  )
  say(
    done
      ? `${device} 领用成功 claimed, secret: ${await secret}`
      : `${device} 未领到口令 no secret within ${timeout} s`,
  )
  await close()
  return done ? 0 : 1
}

const terminal = async ({
  url = '',
  point = '',
  secret = '',
  strategy = '',
  seed,
  seconds,
}: Values): Promise<number> => {
  const connected = { ever: false }
  const running = createTerminal({
    url,
    point,
    secret,
    clock,
    random: createRandom(`${seed}/${point}`),
    strategy: isStrategyName(strategy) ? strategies[strategy] : strategies.mixed,
    onOffer: offer => report({ type: 'offered', point, offer }),
    onReply: reply => report({ type: 'replied', point, reply }),
    onUpdate: ({ alarm, state, refused }) => say(`${point} 更新 update: ${alarm} ${state} ${refused ?? ''}`),
    onState: state => {
      connected.ever ||= state.up
      report({ type: 'link', who: `point:${point}`, state })
    },
  })
  await wait(Number(seconds))
  await running.close()
  return connected.ever ? 0 : 1
}

const run = async (values: Values): Promise<number> => {
  const { town: file = '', url = '', strategy = '', seed = '', seconds } = values
  const read = TownFile.safeParse(JSON.parse(await readFile(file, 'utf8')))
  if (!read.success) throw new TypeError(`${file}: ${z.prettifyError(read.error)}`)
  const town = read.data
  const counts = { pressed: 0, accepted: 0 }
  const crowd = createCrowd({
    town,
    url,
    seed,
    clock,
    strategy: isStrategyName(strategy) ? strategies[strategy] : strategies.mixed,
    pressesPerMinute: () => Number(values['presses-per-minute']),
    report: happening => {
      if (happening.type === 'pressed' || happening.type === 'accepted') counts[happening.type] += 1
      // Thousands of good connections are no news.
      if (happening.type !== 'link' || !happening.state.up) report(happening)
    },
  })
  const gathering = crowd.gather()
  await wait(Number(seconds))
  await crowd.stopPressing()
  await crowd.close()
  await gathering
  const [p50, p99] = [0.5, 0.99].map(share => crowd.stopwatch.percentile(share).toFixed(1))
  say(
    `按下 pressed ${counts.pressed}, 确认 PUBACK ${counts.accepted}, 按键→终端 press → terminal p50 ${p50} ms p99 ${p99} ms`,
  )
  return counts.pressed > 0 && counts.pressed === counts.accepted ? 0 : 1
}

const work: Record<CommandName, (values: Values) => Promise<number>> = {
  town: makeTown,
  press,
  claim,
  terminal,
  scenario,
  registry: makeRegistry,
  run,
}

const main = async ([name, ...args]: readonly string[]): Promise<number> => {
  if (name === undefined || name === '--help' || name === '-h' || args.includes('--help')) {
    console.log(help())
    return name === undefined ? 2 : 0
  }
  if (!isCommandName(name)) {
    console.error(`${name}: 未知命令 unknown command; one of ${Object.keys(commands).join(' ')}`)
    return 2
  }
  const parsed = parseOptions(commands[name], args)
  if (parsed.ok) return work[name](parsed.values)
  for (const mistake of parsed.mistakes) console.error(mistake)
  console.error('\n帮助 help: npm run sim -- --help')
  return 2
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (failure) {
  console.error(failure instanceof Error ? failure.message : failure)
  process.exitCode = 1
}
