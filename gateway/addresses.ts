/** From an address on a line or a radio network to the device that the registry has under it. */
import type { DeviceId } from './model/ids.ts'
import type { RecordOf } from './model/records.ts'
import type { Registry } from './model/registry.ts'

export type LineAddress = { readonly line: string; readonly address: string }

export interface Addresses {
  onLine(line: string, address: string): DeviceId | undefined
  /** By friendly name, or by the IEEE address that it stands for. */
  onZigbee(name: string, ieee: string | undefined): DeviceId | undefined
  /** The bridge, where there is exactly one. */
  onlyBridge(): DeviceId | undefined
  /** Where feedback for this device goes: undefined unless it is on a serial line. */
  lineOf(device: DeviceId): LineAddress | undefined
}

/** A device without a number is alone on its line. */
const lineAddressOf = ({ transport }: RecordOf['devices']): LineAddress | undefined => {
  if ('serial' in transport)
    return { line: transport.serial.line, address: transport.serial.number?.toString() ?? '' }
  return 'espa444' in transport
    ? { line: transport.espa444.line, address: transport.espa444.address }
    : undefined
}

/** It speaks for others. */
export const isBridge = ({ model }: RecordOf['devices']): boolean => model.startsWith('bridge/')

// A line's id may hold any character but this.
const keyOf = ({ line, address }: LineAddress): string => `${line}\n${address}`

export const createAddresses = (registry: Registry): Addresses => {
  const lines = new Map<string, DeviceId>()
  const zigbee = new Map<string, DeviceId>()
  const bridges: DeviceId[] = []
  let revision = -1

  const renew = (): void => {
    if (revision === registry.revision) return
    revision = registry.revision
    lines.clear()
    zigbee.clear()
    bridges.length = 0
    for (const device of registry.all('devices')) {
      const address = lineAddressOf(device)
      if (address) lines.set(keyOf(address), device.id)
      if (isBridge(device)) bridges.push(device.id)
      if ('zigbee2mqtt' in device.transport) zigbee.set(device.transport.zigbee2mqtt.name, device.id)
    }
  }

  return {
    onLine(line, address) {
      renew()
      return lines.get(keyOf({ line, address }))
    },
    onZigbee(name, ieee) {
      renew()
      return zigbee.get(name) ?? (ieee === undefined ? undefined : zigbee.get(ieee))
    },
    onlyBridge() {
      renew()
      return bridges.length === 1 ? bridges[0] : undefined
    },
    lineOf(device) {
      const record = registry.get('devices', device)
      return record && lineAddressOf(record)
    },
  }
}
