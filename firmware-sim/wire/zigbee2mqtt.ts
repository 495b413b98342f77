/** What Zigbee2MQTT publishes under its base topic: the bridge, its devices, whether they can be reached, their states. */
export const models = {
  'sos-button': {
    model: 'TS0215A_sos',
    vendor: 'TuYa',
    description: 'SOS button',
    exposes: ['action', 'battery', 'linkquality'],
  },
  smoke: {
    model: 'HS1SA',
    vendor: 'HEIMAN',
    description: 'Smoke detector',
    exposes: ['smoke', 'battery_low', 'battery', 'linkquality'],
  },
  contact: {
    model: 'SNZB-04',
    vendor: 'SONOFF',
    description: 'Contact sensor',
    exposes: ['contact', 'battery', 'voltage', 'linkquality'],
  },
  occupancy: {
    model: 'SNZB-03',
    vendor: 'SONOFF',
    description: 'Motion sensor',
    exposes: ['occupancy', 'battery', 'voltage', 'linkquality'],
  },
} as const
export type ZigbeeModel = keyof typeof models

export type ZigbeeDevice = {
  readonly ieee: string
  readonly name: string
  readonly model: ZigbeeModel
}
export type ZigbeeState = { readonly [attribute: string]: string | number | boolean }

export type ZigbeeMessage = { readonly topic: string; readonly payload: string; readonly retain: boolean }

type Reach = 'online' | 'offline'

export const createZigbeeEncoder = (base: string) => {
  const message = (topic: string, content: unknown, retain: boolean): ZigbeeMessage => ({
    topic: `${base}/${topic}`,
    payload: JSON.stringify(content),
    retain,
  })
  return {
    bridgeState: (state: Reach) => message('bridge/state', { state }, true),
    devices: (devices: readonly ZigbeeDevice[]) =>
      message(
        'bridge/devices',
        devices.map(({ ieee, name, model }) => {
          const { exposes, ...about } = models[model]
          return {
            ieee_address: ieee,
            friendly_name: name,
            type: 'EndDevice',
            supported: true,
            interview_completed: true,
            definition: { ...about, exposes: exposes.map(property => ({ name: property, property })) },
          }
        }),
        true,
      ),
    availability: (name: string, state: Reach) => message(`${name}/availability`, { state }, true),
    /** Not retained, which is how Zigbee2MQTT is delivered. */
    state: (name: string, state: ZigbeeState) => message(name, state, false),
  }
}
