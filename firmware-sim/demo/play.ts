/** From the rise of the curtain to the account: people press, sensors speak, the gateway works, and all of it is shown. */
import { setTimeout as pause } from 'node:timers/promises'
import { type Clock, systemClock } from '../clock.ts'
import { type Crowd, createCrowd, type Happening } from '../crowd.ts'
import type { Player, PlayerOptions } from '../scenarios/player.ts'
import { strategies } from '../strategies.ts'
import type { Town } from '../town.ts'
import { describe, wordFor } from '../wording.ts'
import type { Api } from './api.ts'
import { latencyText } from './board.ts'
import type { GatewayProcess, Login } from './gateway-process.ts'
import { createLedger, type Ledger } from './ledger.ts'
import { alarmKind, createNight, type Night, type NightOptions } from './night.ts'
import { nightSegments } from './night-text.ts'
import { createSeat, type Seat } from './seat.ts'
import { createLines, createScreen, type Show } from './show.ts'

export type Stage = {
  readonly gateway: GatewayProcess
  readonly login: Login
  readonly api: Api
  /** Resolves when somebody has had enough. */
  readonly interrupted: Promise<void>
  readonly clock: Clock
  /** From then on time is real, and calls wait for whoever sits at the console. */
  readonly nightEndsAt: number
  readonly town: Town
  /** Of every device, also those that nobody presses. */
  readonly nameOf: (id: string) => string
  readonly player: Player
  /** Told of everything that happens in the story of the sensors. */
  readonly onStory: (tell: NonNullable<PlayerOptions['report']>) => void
  readonly night: Omit<NightOptions, 'api' | 'clock' | 'alarms'>
}

/** While the night passes fast there is much to see; afterwards as much as one person at the console can look at. */
const pressesPerMinute = { night: 30, afterwards: 5 }
/** Afterwards so many calls are left to whoever sits at the console. */
const leftToConsole = 0.5
const lookEveryMs = 1_000
/** What the last presses may take to arrive everywhere, before the account is made up. */
const settleLimitMs = 5_000
const settleStepMs = 50

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

const summaryOf = (ledger: Ledger, crowd: Crowd, night: Night, problems: readonly string[]): string[] => {
  const { pressed, accepted, alarms, taken, resolved, escalated, open } = ledger.totals()
  const { percentile, count } = crowd.stopwatch
  return [
    `按下 pressed ${pressed}，网关已确认 acknowledged by the gateway ${accepted}`,
    `警报 alarms ${alarms}：受理 taken ${taken}，处置 resolved ${resolved}，升级 escalated ${escalated}，未结 still open ${open}`,
    `按键→终端 press → terminal: p50 ${latencyText(percentile(0.5))}, p99 ${latencyText(percentile(0.99))}, max ${latencyText(percentile(1))} (n = ${count})`,
    ...nightSegments(night.view()).map(segments => segments.join('   ')),
    ...problems,
    night.isDue()
      ? '离床未归的警报应已送达 the alarm of the night is due: 02:41'
      : '离床未归的警报未到时限 too early to expect the alarm of the night: it is due at 02:41',
    problems.length === 0
      ? '每一次按键都已记录并送达 every press was recorded once and shown to a service point'
      : `发现问题 ${problems.length} problem(s)`,
  ]
}

/** Resolves when it is time to end: with a reason if something went wrong. */
const theEnd = async (
  seconds: number,
  { gateway, interrupted }: Pick<Stage, 'gateway' | 'interrupted'>,
): Promise<string | undefined> => {
  const enough = new AbortController()
  const time =
    seconds > 0 ? pause(seconds * 1_000, undefined, { signal: enough.signal }).catch(() => undefined) : []
  const reason = await Promise.race([interrupted, gateway.died, ...[time].flat()])
  enough.abort()
  return reason ?? undefined
}

const settle = async (problems: () => readonly string[]): Promise<void> => {
  const deadline = systemClock.now() + settleLimitMs
  while (problems().length > 0 && systemClock.now() < deadline) await pause(settleStepMs)
}

/** Events of the sensors' story that the gateway has not acknowledged yet. */
const trackStory = ({ onStory, nameOf }: Stage, say: (line: string) => void): (() => readonly string[]) => {
  const missing = new Set<string>()
  let count = 0
  onStory(({ who, does, done }) => {
    const key = `${nameOf(who)} ${wordFor(does)} #${++count}: 未获确认 not acknowledged`
    missing.add(key)
    say(`${nameOf(who)} ${wordFor(does)}`)
    void done.then(acknowledged => acknowledged && missing.delete(key))
  })
  return () => [...missing]
}

/** Exit code: 0 when nothing was lost and nothing came late. */
export const play = async (stage: Stage, seconds: number, seed: string): Promise<number> => {
  const { gateway, api, clock, town, nameOf, player } = stage
  const startedAt = systemClock.now()
  const login = `${stage.login.username} / ${stage.login.password}`
  const isNight = () => clock.now() < stage.nightEndsAt
  const ledger = createLedger(api.alarm)
  const night = createNight({ ...stage.night, api, clock, alarms: () => ledger.all })
  const crowd = createCrowd({
    town,
    url: gateway.mqttUrl,
    seed,
    pressesPerMinute: () => (isNight() ? pressesPerMinute.night : pressesPerMinute.afterwards),
    strategy: (offer, random) => {
      // To a bed exit somebody is sent, by the duty officer.
      if (offer.kind === alarmKind) return strategies.taking(offer, random)
      return isNight() || !random.chance(leftToConsole)
        ? strategies.mixed(offer, random)
        : strategies.ignoring(offer, random)
    },
    clock,
    report: happening => {
      ledger.happened(happening)
      if (happening.type === 'offered') night.offered(nameOf(happening.point), happening.offer)
      if (isNews(happening)) show.say(describe(happening, nameOf))
    },
  })
  const look = () => ({
    now: clock.now(),
    elapsedMs: systemClock.now() - startedAt,
    httpUrl: gateway.httpUrl,
    login,
    totals: ledger.totals(),
    p50: crowd.stopwatch.percentile(0.5),
    p99: crowd.stopwatch.percentile(0.99),
    open: ledger.open,
    night: night.view(),
  })
  const show: Show = process.stdout.isTTY
    ? createScreen(process.stdout, look, clock.now)
    : createLines(text => process.stdout.write(text), clock.now)
  show.say(`控制台 Console ${gateway.httpUrl}   登录 Login ${login}`)
  const unheard = trackStory(stage, show.say)

  const failures = new Set<string>()
  const note = (failure: unknown) => failures.add(String(failure))
  const over = new AbortController()
  const stream = api.follow(entry => void ledger.entered(entry).catch(note), over.signal).catch(note)
  const seat = createSeat({ api, clock })
  const watching = watchNight({ night, seat, isNight, say: show.say }, over.signal).catch(note)
  const gathering = crowd.gather()
  void player.play(gateway.mqttUrl)
  const died = await theEnd(seconds, stage)
  const open = () => [...ledger.problems(), ...night.problems(), ...unheard()]
  if (died === undefined) {
    await crowd.stopPressing()
    await settle(open)
  }
  const problems = [...(died === undefined ? [] : [died]), ...failures, ...open()]
  over.abort()
  await Promise.all([crowd.close(), player.close()])
  await Promise.all([gathering, stream, watching])
  show.end(summaryOf(ledger, crowd, night, problems))
  return problems.length === 0 ? 0 : 1
}

const dawn =
  '夜已过去，时间恢复真实，半数呼叫留待控制台受理 the night is over: time is real, half of the calls wait for the console'

type Watched = {
  readonly night: Night
  readonly seat: Seat
  readonly isNight: () => boolean
  readonly say: (line: string) => void
}

/** Looks at the night until the signal, and tells each step of its alarm, and its end, once. */
const watchNight = async ({ night, seat, isNight, say }: Watched, signal: AbortSignal): Promise<void> => {
  const told = new Set<string>()
  const tell = (line: string) => {
    if (!told.has(line)) say(line)
    told.add(line)
  }
  while (!signal.aborted) {
    await night.look()
    await seat.see(night.alarms())
    for (const step of night.view().steps) tell(`夜间警报 the night’s alarm: ${step}`)
    if (!isNight()) tell(dawn)
    await pause(lookEveryMs, undefined, { signal }).catch(() => undefined)
  }
}
