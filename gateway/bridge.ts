/**
 * What Zigbee2MQTT says, brought to the devices that the registry has under its names. A button that nobody has
 * registered rings at the gateway's own site, and is shown to the technician. Zigbee2MQTT says things once (QoS 0): a call
 * that cannot be committed is tried again from memory until it is.
 */
import type { Addresses } from './addresses.ts'
import { createZigbee2Mqtt, type ZigbeeOutput } from './decode/zigbee2mqtt/zigbee2mqtt.ts'
import type { Hearing, Said } from './hearing.ts'
import type { Keeper } from './keeper.ts'
import type { BridgedMessage } from './lines.ts'
import type { Clock } from './model/clock.ts'
import type { DeviceId, Instant } from './model/ids.ts'
import { callOfStranger, type StrangerBook, strangerId } from './strangers.ts'

const retryMs = 1_000
/** Beyond: the oldest goes, calls last, and is counted. A journal that cannot be written for so long has told everybody. */
const maxUntaken = 1_000

export type BridgePorts = {
  /** Base topic. */
  readonly base: string
  readonly addresses: Addresses
  readonly strangers: StrangerBook
  readonly hearing: Hearing
  readonly keeper: Keeper
  readonly clock: Clock
  readonly alive: (device: DeviceId, at: Instant) => void
  readonly countDiscarded: (reason: string, origin: string, detail: string) => void
}

export interface Bridge {
  /** Resolves true when the message may be acknowledged. */
  accept(message: BridgedMessage): Promise<boolean>
  stop(): void
}

type Observed = Extract<ZigbeeOutput, { type: 'observed' }>

const isEvent = ({ observation }: Said): boolean =>
  observation.kind !== 'measurement' && observation.kind !== 'status'

export const createBridge = (ports: BridgePorts): Bridge => {
  const { base, addresses, strangers, hearing, keeper, clock } = ports
  const stateName = `bridge/${base}`
  const zigbee = createZigbee2Mqtt(base, keeper.take(stateName))
  /** Not committed yet. */
  const untaken = new Set<Said>()
  let cancelRetry: (() => void) | undefined

  const meet = (address: string, facts: { readonly [name: string]: string }): void =>
    strangers.met({ source: 'zigbee2mqtt', line: base, address, facts }, clock.now())

  const take = async (said: Said): Promise<boolean> => {
    if (isEvent(said)) hold(said)
    const isTaken = await hearing.take(said)
    if (isTaken) untaken.delete(said)
    else if (untaken.has(said)) tryAgainLater()
    return isTaken
  }

  const hold = (said: Said): void => {
    untaken.add(said)
    if (untaken.size <= maxUntaken) return
    const [oldest = said] = untaken
    const leastUrgent = [...untaken].find(({ observation }) => observation.kind !== 'trigger') ?? oldest
    untaken.delete(leastUrgent)
    ports.countDiscarded('not-committed', base, `an event of ${leastUrgent.device} was given up`)
  }

  const tryAgainLater = (): void => {
    cancelRetry ??= clock.after(retryMs, () => {
      cancelRetry = undefined
      for (const one of untaken) void take(one)
    })
  }

  /** What is not committed yet must be news again after a restart: until then the old state stays on disk. */
  const text = (): string | undefined => (untaken.size > 0 ? undefined : zigbee.save())

  const observed = async ({ name, ieee, observation }: Observed): Promise<boolean> => {
    const receivedAt = clock.now()
    const device = addresses.onZigbee(name, ieee)
    if (device) return take({ device, receivedAt, observation })
    meet(name, ieee === undefined ? {} : { ieee })
    const call = callOfStranger(observation, { address: name })
    return call ? take({ device: strangerId('zigbee', name), receivedAt, observation: call }) : true
  }

  const discovered = ({ devices }: Extract<ZigbeeOutput, { type: 'discovered' }>): void => {
    for (const { name, ieee, model, vendor, description } of devices)
      if (addresses.onZigbee(name, ieee) === undefined) meet(name, { ieee, model, vendor, description })
  }

  const act = async (output: ZigbeeOutput, bridge: DeviceId | undefined): Promise<boolean> => {
    switch (output.type) {
      case 'observed':
        return observed(output)
      case 'alive': {
        const device = addresses.onZigbee(output.name, output.ieee)
        if (device) ports.alive(device, clock.now())
        else meet(output.name, {})
        return true
      }
      case 'discovered':
        discovered(output)
        return true
      case 'bridge': {
        const observation = { kind: 'status', online: output.online } as const
        return bridge ? take({ device: bridge, receivedAt: clock.now(), observation }) : true
      }
      case 'discarded':
        ports.countDiscarded(output.reason, base, output.detail)
        return true
    }
  }

  return {
    async accept(message) {
      const bridge = message.bridge ?? addresses.onlyBridge()
      if (bridge) ports.alive(bridge, clock.now())
      const outputs = zigbee.step(message, clock.now())
      keeper.mark(stateName, text)
      const answers = await Promise.all(outputs.map(output => act(output, bridge)))
      return answers.every(Boolean)
    },
    stop() {
      cancelRetry?.()
    },
  }
}
