/**
 * Plays a story.
 * Takes: a story, a clock that shows a time of it, ways to connect. Gives: everything that its devices say, at its time; by
 * default over real connections. Never does: decide what the gateway should make of it.
 */
import { nextAt, timeOfDay } from '../local-time.ts'
import type { Span } from '../sleeper.ts'
import type { Actor } from './actor.ts'
import { type Cast, type CastOptions, createCast } from './cast.ts'
import type { Scenario, ScenarioHappening } from './scenario.ts'

const minuteMs = 60_000
const hourMs = 3_600_000
const dayMs = 24 * hourMs

export type PlayerOptions = Omit<CastOptions, 'leaves'> & {
  readonly report?: (happening: {
    readonly who: string
    readonly does: string
    readonly done: Promise<boolean>
  }) => void
}

export type Player = Pick<Cast, 'lines' | 'close'> & {
  /** When the story ends, on its clock. */
  readonly endsAt: number
  /** Connects to `mqtt://host:port` and lets happen what is still to come. Resolves at the end of the story. */
  play(url: string): Promise<void>
}

/** The night of the story that the clock is in: its last start. */
const startOf = ({ start }: Scenario, now: number): number => now - ((timeOfDay(now) - start + dayMs) % dayMs)

const leavesOf = ({ leaves }: Scenario, startedAt: number): Map<number, Span[]> =>
  new Map(
    [...Map.groupBy(leaves, ({ home }) => home)].map(([home, nights]) => [
      home,
      nights.map(({ at, minutes = Number.POSITIVE_INFINITY }) => {
        const from = nextAt(startedAt, at)
        return { from, to: from + minutes * minuteMs }
      }),
    ]),
  )

export const createPlayer = async (options: PlayerOptions): Promise<Player> => {
  const { scenario, clock, report } = options
  const startedAt = startOf(scenario, clock.now())
  const endsAt = startedAt + scenario.hours * hourMs
  const cast = await createCast({ ...options, leaves: leavesOf(scenario, startedAt) })
  const cancels: (() => void)[] = []
  const at = (moment: number, action: () => void) => cancels.push(clock.after(moment - clock.now(), action))

  const happen = (
    { who, event, data, status, power }: ScenarioHappening,
    actors: ReadonlyMap<string, Actor>,
  ) => {
    for (const [id, actor] of actors) {
      if (id !== who && id.slice(0, -5) !== who) continue
      if (status) actor.status(status)
      if (power !== undefined) actor.power(power)
      const done = event === undefined ? Promise.resolve(true) : actor.act(event, data)
      report?.({ who: id, does: event ?? JSON.stringify(status ?? { power }), done })
    }
  }
  const schedule = (happening: ScenarioHappening, actors: ReadonlyMap<string, Actor>) => {
    const first = nextAt(startedAt, happening.at)
    for (let n = 0; n < happening.times; n += 1) {
      const moment = first + n * happening.everySeconds * 1_000
      if (moment >= clock.now() && moment < endsAt) at(moment, () => happen(happening, actors))
    }
  }

  return {
    lines: cast.lines,
    endsAt,
    play: url => {
      const actors = cast.enter(url)
      for (const happening of scenario.happenings) schedule(happening, actors)
      return new Promise(ended => at(endsAt, ended))
    },
    close: () => {
      for (const cancel of cancels) cancel()
      return cast.close()
    },
  }
}
