/**
 * `npm run demo`: the main job at a glance. Starts the real gateway, gives it a town, lets people press and answer.
 * Takes: nothing, or `--seconds N` and `--seed S`. Gives: what happens, live; at the end a summary, and exit code 1 if
 * any press was lost or answered wrongly. Never does: pretend. Every time and every escalation is the gateway's own.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { type CommandFacts, helpFor, parseOptions, wholeNumber } from './arguments.ts'
import { systemClock as clock } from './clock.ts'
import { type Crowd, createCrowd, type Happening } from './crowd.ts'
import { type Api, logIn } from './demo/api.ts'
import { latencyText } from './demo/board.ts'
import { type GatewayProcess, startGatewayProcess } from './demo/gateway-process.ts'
import { createLedger, type Ledger } from './demo/ledger.ts'
import { createLines, createScreen, type Show } from './demo/show.ts'
import { strategies } from './strategies.ts'
import { createTown, type Town } from './town.ts'
import { describe } from './wording.ts'

const facts: CommandFacts = {
  what: '安铃演示 the main job at a glance: a gateway, a town, presses and answers',
  options: {
    seconds: {
      what: '运行秒数 how long; 0: 直到 until Ctrl-C',
      example: 'N',
      default: '0',
      check: wholeNumber(0, 1_000_000),
    },
    seed: { what: '随机种子 the same seed gives the same town', example: 'S', default: 'anshan' },
  },
}

const homes = 300
const pressesPerMinute = 30
/** What the last presses may take to arrive everywhere, before the account is made up. */
const settleLimitMs = 5_000
const settleStepMs = 50
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** What a reader wants to see: the way of a call, not every packet of it. */
const isNews = (happening: Happening): boolean => {
  switch (happening.type) {
    case 'pressed':
    case 'offered':
      return true
    case 'accepted':
      return false
    case 'replied':
      return happening.reply.action !== 'received'
    case 'told':
      return happening.feedback.stage === 'acknowledged'
    case 'link':
      return !happening.state.up
  }
}

const namesIn = (town: Town): ((id: string) => string) => {
  const residents = new Map(town.residents.map(({ id, name }) => [id, name]))
  const names = new Map([
    ...town.servicePoints.map(({ id, name }) => [id, name] as const),
    ...town.devices.map(
      ({ id, resident, room }) => [id, `${residents.get(resident) ?? id}（${room}）`] as const,
    ),
  ])
  return id => names.get(id) ?? id
}

const summaryOf = (ledger: Ledger, crowd: Crowd, problems: readonly string[]): string[] => {
  const { pressed, accepted, alarms, taken, resolved, escalated, open } = ledger.totals()
  const { percentile, count } = crowd.stopwatch
  return [
    `按下 pressed ${pressed}，网关已确认 acknowledged by the gateway ${accepted}`,
    `警报 alarms ${alarms}：受理 taken ${taken}，处置 resolved ${resolved}，升级 escalated ${escalated}，未结 still open ${open}`,
    `按键→终端 press → terminal: p50 ${latencyText(percentile(0.5))}, p99 ${latencyText(percentile(0.99))}, max ${latencyText(percentile(1))} (n = ${count})`,
    ...problems,
    problems.length === 0
      ? '每一次按键都已记录并送达 every press was recorded once and shown to a service point'
      : `发现问题 ${problems.length} problem(s)`,
  ]
}

/** Resolves when it is time to end: with a reason if something went wrong. */
const theEnd = async (seconds: number, gateway: GatewayProcess): Promise<string | undefined> => {
  const enough = new AbortController()
  const signal = Promise.withResolvers<undefined>()
  // Kept to the last: a second Ctrl-C must not leave the gateway behind.
  for (const name of signals) process.on(name, () => signal.resolve(undefined))
  const time =
    seconds > 0 ? pause(seconds * 1_000, undefined, { signal: enough.signal }).catch(() => undefined) : []
  const reason = await Promise.race([signal.promise, gateway.died, ...[time].flat()])
  enough.abort()
  return reason
}

const settle = async (ledger: Ledger): Promise<void> => {
  const deadline = clock.now() + settleLimitMs
  while (ledger.problems().length > 0 && clock.now() < deadline) await pause(settleStepMs)
}

type Stage = {
  readonly gateway: GatewayProcess
  readonly api: Api
  readonly town: Town
  readonly startedAt: number
}

const play = async (
  { gateway, api, town, startedAt }: Stage,
  seconds: number,
  seed: string,
): Promise<number> => {
  const { httpUrl, login } = gateway
  const welcome = `控制台 Console ${httpUrl}   登录 Login ${login.username} / ${login.password}`
  const nameOf = namesIn(town)
  const ledger = createLedger(api.alarm)
  const crowd = createCrowd({
    town,
    url: gateway.mqttUrl,
    seed,
    pressesPerMinute,
    strategy: strategies.mixed,
    clock,
    report: happening => {
      ledger.happened(happening)
      if (isNews(happening)) show.say(describe(happening, nameOf))
    },
  })
  const look = () => ({
    now: clock.now(),
    startedAt,
    httpUrl,
    login: `${login.username} / ${login.password}`,
    totals: ledger.totals(),
    p50: crowd.stopwatch.percentile(0.5),
    p99: crowd.stopwatch.percentile(0.99),
    open: ledger.open,
  })
  const show: Show = process.stdout.isTTY
    ? createScreen(process.stdout, look, clock.now)
    : createLines(text => process.stdout.write(text), clock.now)
  show.say(welcome)

  const failures = new Set<string>()
  const note = (failure: unknown) => failures.add(String(failure))
  const following = new AbortController()
  const stream = api.follow(entry => void ledger.entered(entry).catch(note), following.signal).catch(note)
  const gathering = crowd.gather()
  const died = await theEnd(seconds, gateway)
  if (died === undefined) {
    await crowd.stopPressing()
    await settle(ledger)
  }
  const problems = [...(died === undefined ? [] : [died]), ...failures, ...ledger.problems()]
  await crowd.close()
  await gathering
  following.abort()
  await stream
  show.end(summaryOf(ledger, crowd, problems))
  return problems.length === 0 ? 0 : 1
}

const demo = async (seconds: number, seed: string): Promise<number> => {
  const startedAt = clock.now()
  console.log('安铃 Anling：正在启动网关 starting the gateway …')
  const gateway = await startGatewayProcess()
  let result = 1
  try {
    const town = createTown({ seed, homes, simulationSecrets: true })
    const api = await logIn(gateway.httpUrl, gateway.login)
    const { counts, rejected } = await api.importTown(town)
    if (rejected.length > 0) {
      const firstFew = rejected.slice(0, 3).join('\n')
      throw new Error(`${rejected.length} 行登记数据被拒 rows of the town were rejected:\n${firstFew}`)
    }
    const taken = Object.entries(counts).map(([table, count]) => `${table} ${count}`)
    console.log(`${town.areas[0]?.name} ${taken.join(', ')}`)
    result = await play({ gateway, api, town, startedAt }, seconds, seed)
  } finally {
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
  try {
    process.exitCode = await demo(Number(parsed.values['seconds']), parsed.values['seed'] ?? '')
  } catch (failure) {
    console.error(failure instanceof Error ? failure.message : failure)
    process.exitCode = 1
  }
}
