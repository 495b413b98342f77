/**
 * A gateway with sensors: one service point with its terminal, homes without a button, and whatever devices a test
 * gives them. Everything is connected the way real devices are.
 */
import { type ApiClient, importRegistry, logIn } from './api-client.ts'
import { type GatewayProcess, startGateway } from './gateway-process.ts'
import { layOutTown } from './load-town.ts'
import { connectMqtt, type MqttClient, type MqttOptions, publishAcknowledged } from './mqtt-load.ts'
import { withTemporaryDirectory } from './temporary-directory.ts'
import { connectTerminal, type Terminal } from './town-clients.ts'

export type SensorDevice = {
  readonly id: string
  readonly model: string
  readonly home: string
  readonly room?: string
  readonly transport?: object
}

export type SensorSetup = {
  /** `h-1`, `h-2` and so on, each with its resident `r-1`, `r-2`. */
  readonly homes: number
  readonly devices: readonly SensorDevice[]
  readonly settings?: object
}

export type SensorTown = {
  readonly directory: string
  readonly gateway: GatewayProcess
  readonly api: ApiClient
  readonly terminal: Terminal
  /** As a device of the registry; a bridge logs in as `bridge:{id}`. */
  connect(device: string, more?: Partial<MqttOptions>): Promise<MqttClient>
  /** SIGKILL, and the same again on what is left on disk. */
  killAndRestart(): Promise<SensorTown>
}

const { document, points } = layOutTown(1, 0)
const [point] = points
if (!point) throw new Error('the town has a point')

const secretOf = (device: string): string => `secret-of-${device}`

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1)

const registryOf = ({ homes, devices }: SensorSetup): Record<string, readonly unknown[]> => ({
  ...document,
  homes: numbers(homes).map(n => ({
    id: `h-${n}`,
    address: `胜利路 ${n} 号`,
    area: 'tiedong',
    position: { lat: point.lat, lon: point.lon, datum: 'WGS84' },
  })),
  residents: numbers(homes).map(n => ({ id: `r-${n}`, home: `h-${n}`, name: '王秀英', birthYear: 1941 })),
  devices: devices.map(device => ({ transport: { mqtt: {} }, ...device, secret: secretOf(device.id) })),
})

const townOf = async (
  gateway: GatewayProcess,
  { directory, setup }: { directory: string; setup: SensorSetup },
): Promise<SensorTown> => ({
  directory,
  gateway,
  api: await logIn(gateway.httpUrl),
  terminal: await connectTerminal(gateway.mqttUrl, point),
  connect: (device, more) =>
    connectMqtt({
      url: gateway.mqttUrl,
      clientId: device,
      username: setup.devices.some(({ id, model }) => id === device && model.startsWith('bridge/'))
        ? `bridge:${device}`
        : device,
      password: secretOf(device),
      ...more,
    }),
  async killAndRestart() {
    await gateway.kill()
    return townOf(await start(directory, setup), { directory, setup })
  },
})

const start = (directory: string, { settings }: SensorSetup): Promise<GatewayProcess> =>
  startGateway({ directory, ...(settings && { settings }) })

/** In this directory, until the work is done; every process that it started ends with it. */
export const withSensorTownIn = async (
  directory: string,
  setup: SensorSetup,
  work: (town: SensorTown) => Promise<void>,
): Promise<void> => {
  const started: GatewayProcess[] = []
  const tracked = (town: SensorTown): SensorTown => {
    started.push(town.gateway)
    return { ...town, killAndRestart: async () => tracked(await town.killAndRestart()) }
  }
  const gateway = await start(directory, setup)
  started.push(gateway)
  try {
    await importRegistry(await logIn(gateway.httpUrl), registryOf(setup))
    await work(tracked(await townOf(gateway, { directory, setup })))
  } finally {
    await Promise.all(started.map(one => one.kill()))
  }
}

export const withSensorTown = (
  setup: SensorSetup,
  work: (town: SensorTown) => Promise<void>,
): Promise<void> => withTemporaryDirectory(directory => withSensorTownIn(directory, setup, work))

/** Resolves true with the PUBACK. */
export const say = (
  device: MqttClient,
  what: 'event' | 'measure' | 'status',
  payload: unknown,
): Promise<boolean> =>
  publishAcknowledged(device, `anling/v1/${device.clientId}/${what}`, JSON.stringify(payload))
