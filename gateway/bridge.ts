/**
 * What Zigbee2MQTT says, brought to the devices that the registry has under its names. A button that nobody has
 * registered rings at the gateway's own site, and is shown to the technician.
 */
import type { Addresses } from './addresses.ts'
import { createZigbee2Mqtt, type ZigbeeOutput } from './decode/zigbee2mqtt/zigbee2mqtt.ts'
import type { Hearing } from './hearing.ts'
import type { Keeper } from './keeper.ts'
import type { Clock } from './model/clock.ts'
import type { DeviceId, Instant } from './model/ids.ts'
import type { Observation } from './model/observation.ts'
import { type StrangerBook, strangerId } from './strangers.ts'

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
  accept(message: {
    readonly topic: string
    readonly payload: Uint8Array
    readonly retain: boolean
  }): Promise<boolean>
}

type Observed = Extract<ZigbeeOutput, { type: 'observed' }>

const marked = (observation: Observation, address: string): Observation =>
  observation.kind === 'trigger'
    ? { ...observation, data: { ...observation.data, unknownAddress: true, address } }
    : observation

export const createBridge = (ports: BridgePorts): Bridge => {
  const { base, addresses, strangers, hearing, keeper, clock } = ports
  const stateName = `bridge/${base}`
  const zigbee = createZigbee2Mqtt(base, keeper.saved.get(stateName))

  const meet = (address: string, facts: { readonly [name: string]: string }): void =>
    strangers.met({ source: 'zigbee2mqtt', line: base, address, facts }, clock.now())

  const observed = async ({ name, ieee, observation }: Observed): Promise<boolean> => {
    const receivedAt = clock.now()
    const device = addresses.onZigbee(name, ieee)
    if (device) return hearing.take({ device, receivedAt, observation })
    meet(name, ieee === undefined ? {} : { ieee })
    return observation.kind === 'trigger'
      ? hearing.take({
          device: strangerId('zigbee', name),
          receivedAt,
          observation: marked(observation, name),
        })
      : true
  }

  const act = async (output: ZigbeeOutput): Promise<boolean> => {
    switch (output.type) {
      case 'observed': {
        const isTaken = await observed(output)
        if (!isTaken) zigbee.forget(output.name)
        return isTaken
      }
      case 'alive': {
        const device = addresses.onZigbee(output.name, output.ieee)
        if (device) ports.alive(device, clock.now())
        else meet(output.name, {})
        return true
      }
      case 'discovered':
        for (const { name, ieee, model, vendor, description } of output.devices) {
          if (addresses.onZigbee(name, ieee) === undefined) meet(name, { ieee, model, vendor, description })
        }
        return true
      case 'discarded':
        ports.countDiscarded(output.reason, base, output.detail)
        return true
    }
  }

  return {
    async accept(message) {
      const outputs = zigbee.step(message, clock.now())
      keeper.mark(stateName, zigbee.save)
      const answers = await Promise.all(outputs.map(act))
      return answers.every(Boolean)
    },
  }
}
