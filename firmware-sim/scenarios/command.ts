/** `npm run sim -- scenario`: a story against a running gateway, told line by line. */
import { createFastClock, systemClock } from '../clock.ts'
import { clockText, midnightBefore, parseTimeOfDay } from '../local-time.ts'
import { createPlayer } from './player.ts'
import type { Scenario } from './scenario.ts'

export type ScenarioCommand = {
  readonly scenario: Scenario
  readonly url: string
  readonly speed: number
  /** `HH:MM`; empty: when the story starts. */
  readonly start: string
  readonly firstPort: number
  readonly say: (line: string) => void
  /** Resolves when the story is over, or somebody wants it to be. */
  readonly wait: (over: Promise<boolean>) => Promise<boolean>
}

/** Resolves true when the gateway has acknowledged every event of the story. */
export const runScenario = async (command: ScenarioCommand): Promise<boolean> => {
  const { scenario, url, speed, start, firstPort, say, wait } = command
  const since = systemClock.now()
  const startAt = midnightBefore(since) + (parseTimeOfDay(start) ?? scenario.start)
  const clock = createFastClock({ startAt, speed, since })
  const missing = new Set<string>()
  let events = 0
  const tell = (line: string) => say(`${clockText(clock.now())} ${line}`)
  const player = await createPlayer({
    scenario,
    clock,
    firstPort,
    report: ({ who, does, done }) => {
      const key = `${who} ${does} #${++events}`
      missing.add(key)
      tell(`${who}: ${does}`)
      void done.then(acknowledged => acknowledged && missing.delete(key))
    },
  })
  tell(scenario.title)
  if (player.lines.length > 0)
    say(`网关设置 setting of the gateway: serial.lines: ${JSON.stringify(player.lines)}`)
  const time = {
    SPEED: speed,
    START_AT: new Date(startAt).toISOString(),
    SINCE: new Date(since).toISOString(),
  }
  say('网关若要同一时钟 for a gateway on the same clock:')
  for (const [name, value] of Object.entries(time)) say(`  ANLING_SIMULATION_${name}=${value}`)
  await wait(player.play(url).then(() => true))
  await player.close()
  for (const key of missing) tell(`未获确认 not acknowledged: ${key}`)
  return missing.size === 0
}
