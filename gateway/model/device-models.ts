/**
 * What a model of device is, what it can call for, and how often it is heard of. Found by the longest prefix of the
 * registry's `model`, so that `native/call-button-2` is a call button; what nobody knows is a sensor that speaks once an
 * hour.
 */
import type { AlarmKind } from './kinds.ts'

export type DeviceModel = {
  /** Longest time between two signs of life, in seconds. */
  readonly heartbeatSeconds: number
  /** A call button, or a smoke or gas sensor: its silence is urgent, and it is tested weekly where it has a button. */
  readonly lifeline: boolean
  readonly button: boolean
  /** Can say something to the resident: gets the prompt of a suspected alarm. */
  readonly voice: boolean
  readonly bed: boolean
  readonly battery: boolean
  /** What it raises by itself, without a rule: each must have come in end to end before its home is accepted. */
  readonly triggers: readonly AlarmKind[]
}

const sensor: DeviceModel = {
  heartbeatSeconds: 3_600,
  lifeline: false,
  button: false,
  voice: false,
  bed: false,
  battery: false,
  triggers: [],
}
const battery = { ...sensor, battery: true }
const lifeline = { ...sensor, lifeline: true }

export const deviceModels: Readonly<Record<string, DeviceModel>> = {
  'native/call-button': { ...lifeline, button: true, voice: true, battery: true, triggers: ['sos'] },
  'native/pendant': { ...lifeline, button: true, battery: true, triggers: ['sos'] },
  'native/bed-pad': { ...sensor, heartbeatSeconds: 60, bed: true },
  'native/fall-detector': { ...battery, heartbeatSeconds: 600, triggers: ['fall'] },
  'native/smoke': { ...lifeline, battery: true, triggers: ['smoke'] },
  'native/gas': { ...lifeline, triggers: ['gas'] },
  'native/carbon-monoxide': { ...lifeline, battery: true, triggers: ['carbon-monoxide'] },
  'native/water': { ...battery, triggers: ['water-leak'] },
  'native/door': battery,
  'native/motion': battery,
  'r60/': { ...sensor, heartbeatSeconds: 60, bed: true },
  'r60/fall': { ...sensor, heartbeatSeconds: 60, triggers: ['fall'] },
  'espa444/': { ...sensor, heartbeatSeconds: 86_400, button: true, triggers: ['sos'] },
  // The radio sleeps: many of these speak once in 4 hours. Those that a life hangs on must report every 50 minutes.
  'zigbee2mqtt/': { ...battery, heartbeatSeconds: 14_400 },
  'zigbee2mqtt/carbon-monoxide': { ...battery, heartbeatSeconds: 14_400, triggers: ['carbon-monoxide'] },
  'zigbee2mqtt/water': { ...battery, heartbeatSeconds: 14_400, triggers: ['water-leak'] },
  'zigbee2mqtt/fall': { ...battery, heartbeatSeconds: 14_400, triggers: ['fall'] },
  'zigbee2mqtt/sos': { ...lifeline, heartbeatSeconds: 3_000, button: true, battery: true, triggers: ['sos'] },
  'zigbee2mqtt/smoke': { ...lifeline, heartbeatSeconds: 3_000, battery: true, triggers: ['smoke'] },
  'zigbee2mqtt/gas': { ...lifeline, heartbeatSeconds: 3_000, triggers: ['gas'] },
  'bridge/': { ...sensor, heartbeatSeconds: 600 },
}

const prefixes = Object.keys(deviceModels).sort((a, b) => b.length - a.length)

export const deviceModelOf = (model: string): DeviceModel => {
  const prefix = prefixes.find(one => model.startsWith(one))
  return (prefix !== undefined && deviceModels[prefix]) || sensor
}
