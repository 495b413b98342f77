/**
 * A Zigbee2MQTT bridge and the devices behind it.
 * Takes: presses and changes of state. Gives: what Zigbee2MQTT publishes about them; whole states each time, because it
 * keeps the last one of every device. Never does: keep an action; a press is an edge.
 */
import { type LinkOptions, type LinkState, openLink } from '../link.ts'
import type { Random } from '../random.ts'
import {
  createZigbeeEncoder,
  type ZigbeeDevice,
  type ZigbeeMessage,
  type ZigbeeState,
} from '../wire/zigbee2mqtt.ts'

export type BridgeOptions = {
  readonly url: string
  /** The bridge's id in the registry; it logs in as `bridge:{id}`. */
  readonly id: string
  readonly secret: string
  /** Default: `zigbee2mqtt`. */
  readonly base?: string
  readonly devices: readonly ZigbeeDevice[]
  readonly random: Random
  readonly onState?: (state: LinkState) => void
  /** Default: a real connection. */
  readonly connect?: typeof openLink
}

export type Bridge = {
  /** Resolves true at the PUBACK. */
  press(name: string, action?: string): Promise<boolean>
  change(name: string, state: ZigbeeState): Promise<boolean>
  reach(name: string, state: 'online' | 'offline'): void
  power(on: boolean): void
  close(): Promise<void>
}

export const createBridge = (options: BridgeOptions): Bridge => {
  const { id, devices, random, connect = openLink } = options
  const base = options.base ?? 'zigbee2mqtt'
  const encoder = createZigbeeEncoder(base)
  const states = new Map<string, ZigbeeState>(
    devices.map(({ name }) => [name, { battery: random.between(40, 100) }]),
  )
  const mention = ({ topic, payload, retain }: ZigbeeMessage) => link.mention(topic, payload, retain)
  /** At QoS 1, which Zigbee2MQTT has as an option for each device: a press is worth it. */
  const deliver = (name: string, changes: ZigbeeState): Promise<boolean> => {
    const linkquality = random.between(60, 200)
    const state: ZigbeeState = { ...states.get(name), linkquality, ...changes }
    const { action: _, ...kept } = state
    states.set(name, kept)
    const { topic, payload } = encoder.state(name, state)
    return link.deliver(topic, payload)
  }

  const link = connect({
    ...options,
    username: `bridge:${id}`,
    password: options.secret,
    // Nobody asks it anything here; a bridge listens all the same.
    subscriptions: [`${base}/bridge/request/#`],
    will: encoder.bridgeState('offline'),
    onMessage: () => {},
    onState: state => {
      if (state.up) {
        mention(encoder.bridgeState('online'))
        mention(encoder.devices(devices))
        for (const { name } of devices) mention(encoder.availability(name, 'online'))
      }
      options.onState?.(state)
    },
  } satisfies LinkOptions)

  return {
    press: (name, action = 'emergency') => deliver(name, { action }),
    change: deliver,
    reach: (name, state) => mention(encoder.availability(name, state)),
    power: link.power,
    close: link.close,
  }
}
