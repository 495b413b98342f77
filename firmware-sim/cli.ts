/**
 * `npm run sim`: the simulator on its own.
 * Takes: a command and its options. Gives: a town as JSON, or what happens at its devices, one line each; exit code 0
 * when it went well, 1 when the gateway did not do its part, 2 for a wrong command line.
 * Never does: speak to a gateway other than over the documented MQTT interface.
 */
import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { type CommandFacts, helpFor, parseOptions, wholeNumber } from './arguments.ts'
import { createButton } from './button.ts'
import { systemClock as clock } from './clock.ts'
import { eventTypes } from './codec.ts'
import { createCrowd, type Happening } from './crowd.ts'
import { addressOf } from './link.ts'
import { createRandom } from './random.ts'
import { isStrategyName, strategies } from './strategies.ts'
import { createTerminal } from './terminal.ts'
import { createTown, defaultPoints } from './town.ts'
import { describe } from './wording.ts'

const option = {
  url: {
    what: '网关的 MQTT 地址 MQTT address of the gateway',
    example: 'mqtt://127.0.0.1:1883',
    check: (text: string) => (addressOf(text) ? undefined : `须为 must be mqtt://host:port, not "${text}"`),
  },
  seed: { what: '随机种子 the same seed gives the same', example: 'S', default: '1' },
  seconds: {
    what: '运行秒数 how long; 0: 直到 until Ctrl-C',
    example: 'N',
    default: '0',
    check: wholeNumber(0, 1_000_000),
  },
  strategy: {
    what: `站点人员的反应 how people behave: ${Object.keys(strategies).join(' ')}`,
    example: 'mixed',
    default: 'mixed',
    check: (text: string) =>
      isStrategyName(text) ? undefined : `须为 one of ${Object.keys(strategies).join(' ')}`,
  },
}

const commands = {
  town: {
    what: '生成一座城市（登记文档，JSON） make a town: the registry document, on standard output',
    options: {
      homes: { what: '户数 homes', example: 'N', check: wholeNumber(1, 1_000_000) },
      points: {
        what: '服务点 service points',
        example: 'N',
        default: String(defaultPoints),
        check: wholeNumber(1, 100_000),
      },
      seed: option.seed,
      secrets: {
        what: '含模拟口令 with secrets for simulation: yes no',
        example: 'yes',
        default: 'yes',
        check: (text: string) => (['yes', 'no'].includes(text) ? undefined : '须为 must be yes or no'),
      },
    },
  },
  press: {
    what: '按一次呼叫按钮 press one call button; done at the PUBACK',
    options: {
      url: option.url,
      device: { what: '设备编号 device id', example: 'btn-0001' },
      secret: { what: '设备口令 its secret', example: 'SECRET' },
      type: { what: `事件类型 ${eventTypes.join(' ')}`, example: 'sos', default: 'sos' },
      timeout: {
        what: '等待确认的秒数 seconds to wait',
        example: 'N',
        default: '10',
        check: wholeNumber(1, 86_400),
      },
      follow: {
        what: '确认后继续显示反馈的秒数 seconds to show feedback',
        example: 'N',
        default: '0',
        check: wholeNumber(0, 86_400),
      },
    },
  },
  terminal: {
    what: '一台服务点终端 one terminal of a service point',
    options: {
      url: option.url,
      point: { what: '服务点编号 service point id', example: 'sp-001' },
      secret: { what: '终端口令 its secret', example: 'SECRET' },
      strategy: option.strategy,
      seed: option.seed,
      seconds: option.seconds,
    },
  },
  run: {
    what: '整座城市 all buttons and terminals of a town',
    options: {
      town: { what: '带口令的登记文档 a town with secrets', example: 'town.json' },
      url: option.url,
      'presses-per-minute': {
        what: '每分钟按键次数',
        example: 'N',
        default: '30',
        check: wholeNumber(1, 60_000),
      },
      strategy: option.strategy,
      seed: option.seed,
      seconds: option.seconds,
    },
  },
} as const satisfies Record<string, CommandFacts>

/** A town without secrets could not log in. */
const logins = z.array(z.object({ id: z.string(), secret: z.string() })).min(1)
const TownFile = z.object({ servicePoints: logins, devices: logins })

type CommandName = keyof typeof commands
type Values = { readonly [name: string]: string | undefined }

const isCommandName = (name: string | undefined): name is CommandName =>
  name !== undefined && Object.hasOwn(commands, name)

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

const makeTown = async ({ homes, points, seed = '', secrets }: Values): Promise<number> => {
  const town = createTown({
    seed,
    homes: Number(homes),
    points: Number(points),
    simulationSecrets: secrets === 'yes',
  })
  await new Promise<void>(written =>
    process.stdout.write(`${JSON.stringify(town, null, 1)}\n`, () => written()),
  )
  return 0
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
    pressesPerMinute: Number(values['presses-per-minute']),
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
  terminal,
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
