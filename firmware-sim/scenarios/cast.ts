/**
 * The devices of a story, brought to life.
 * Takes: a story, a clock, ways to connect. Gives: each device as something that can be told to act. Never does: know
 * what the far end is; it may be a gateway or a test.
 */
import type { Clock } from '../clock.ts'
import { startSerialServer } from '../devices/serial-server.ts'
import { type Link, type LinkOptions, openLink } from '../link.ts'
import { createRandom } from '../random.ts'
import { createSleeper, type Span } from '../sleeper.ts'
import { simulationSecret } from '../town.ts'
import type { Actor, Part, Stage } from './actor.ts'
import { createBridgeActors } from './bridge-actors.ts'
import { createLineActor } from './line-actor.ts'
import { createMqttActor } from './mqtt-actor.ts'
import { deviceKinds, devicesIn, isSerial, type Scenario } from './scenario.ts'

/** One of the gateway's `serial.lines`. */
export type CastLine = { readonly id: string; readonly path: string; readonly protocol: string }

export type CastOptions = {
  readonly scenario: Scenario
  readonly clock: Clock
  /** When the resident of a home is out of bed, where the story says so. */
  readonly leaves: ReadonlyMap<number, readonly Span[]>
  /** Default: real connections. */
  readonly connect?: (options: LinkOptions) => Link
  readonly plug?: typeof startSerialServer
  /** The lines listen on this port and those after it; 0: on any. */
  readonly firstPort?: number
}

export type Cast = {
  /** Listening already, before there is a gateway that could connect to them. */
  readonly lines: readonly CastLine[]
  /** Connects everything that speaks MQTT to `mqtt://host:port`. Gives every device by its id. */
  enter(url: string): ReadonlyMap<string, Actor>
  close(): Promise<void>
}

type Closing = { close(): Promise<void> }

export const createCast = async (options: CastOptions): Promise<Cast> => {
  const { scenario, clock, leaves, connect = openLink, plug = startSerialServer, firstPort = 0 } = options
  const { seed } = scenario
  const parts: readonly Part[] = [...devicesIn(scenario)].map(([id, part]) => ({ id, ...part }))
  const stage: Stage = {
    clock,
    connect,
    secretOf: (id: string) => simulationSecret(seed, id),
    randomOf: (id: string) => createRandom(`${seed}/${id}`),
    sleeperIn: (home: number) => {
      const spans = leaves.get(home)
      return createSleeper({ seed, person: `home-${home}`, ...(spans && { leaves: spans }) })
    },
  }
  const actors = new Map<string, Actor>()
  const closing: Closing[] = []

  const plugIn = async (id: string, wired: readonly Part[], index: number): Promise<CastLine> => {
    const server = await plug(
      write =>
        wired.map(part => {
          const { device, actor } = createLineActor(part, write, stage)
          actors.set(part.id, actor)
          return device
        }),
      firstPort && firstPort + index,
    )
    closing.push(server)
    return { id, path: server.url, protocol: wired[0] ? deviceKinds[wired[0].device.kind].transport : '' }
  }
  const serial = parts.filter(({ device }) => isSerial(device.kind))
  const byLine = [...Map.groupBy(serial, ({ device }) => device.line ?? '')]
  const lines = await Promise.all(byLine.map(([id, wired], index) => plugIn(id, wired, index)))

  return {
    lines,
    enter: url => {
      const kindIs = (transport: string) =>
        parts.filter(({ device }) => deviceKinds[device.kind].transport === transport)
      for (const part of kindIs('mqtt')) {
        const actor = createMqttActor(part, stage, url)
        closing.push(actor)
        actors.set(part.id, actor)
      }
      for (const part of kindIs('bridge')) {
        const bridge = createBridgeActors(part, kindIs('zigbee2mqtt'), stage, url)
        closing.push(bridge)
        for (const [id, actor] of bridge.actors) actors.set(id, actor)
      }
      return actors
    },
    close: async () => {
      await Promise.all(closing.map(one => one.close()))
    },
  }
}
