/** The registry document of a story: a small town, with the story's devices in the place of its own. */
import { createRandom } from '../random.ts'
import { createTown, simulationSecret } from '../town.ts'
import type { ZigbeeDevice } from '../wire/zigbee2mqtt.ts'
import { deviceKinds, devicesIn, type Scenario } from './scenario.ts'

/** Enough that there is a nearest one and a next. */
const points = 10

/** On a line that is shared: the number of a pad, the call address of a panel. */
export const lineAddress = {
  native: (home: number) => home,
  espa444: (home: number) => String(home).padStart(4, '0'),
}

export const zigbeeOf = (id: string): ZigbeeDevice => {
  const ieee = `0x00158d00${createRandom(id).hex(4)}`
  return { ieee, name: ieee, model: 'sos-button' }
}

const transportOf = (kind: keyof typeof deviceKinds, id: string, home: number, line = '') => {
  const { transport } = deviceKinds[kind]
  switch (transport) {
    case 'native':
      return { serial: { line, number: lineAddress.native(home) } }
    case 'r60':
      return { serial: { line } }
    case 'espa444':
      return { espa444: { line, address: lineAddress.espa444(home) } }
    case 'zigbee2mqtt':
      return { zigbee2mqtt: { name: zigbeeOf(id).name } }
    case 'mqtt':
    case 'bridge':
      return { mqtt: {} }
  }
}

/** As `POST /api/import` takes it. Its secrets follow from the seed: for simulation only. */
export const createScenarioTown = (scenario: Scenario) => {
  const { seed, homes } = scenario
  const town = createTown({ seed, homes, points, simulationSecrets: true })
  const devices = [...devicesIn(scenario)].map(([id, { device, home }]) => ({
    id,
    model: deviceKinds[device.kind].model,
    home: town.homes[home - 1]?.id,
    resident: town.residents[home - 1]?.id,
    room: deviceKinds[device.kind].room,
    secret: simulationSecret(seed, id),
    transport: transportOf(device.kind, id, home, device.line),
  }))
  return { ...town, devices }
}
