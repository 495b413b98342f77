/**
 * One job, three ways: a bare QoS 1 hop, a flow tool on that broker, and this gateway.
 * Each run starts its servers afresh, so that every press is a new alarm.
 */
import { importRegistry, logIn } from '../support/api-client.ts'
import { type GatewayOptions, startGateway } from '../support/gateway-process.ts'
import { type LoadTown, layOutTown } from '../support/load-town.ts'
import { withTemporaryDirectory } from '../support/temporary-directory.ts'
import { type Job, type Measured, measurePresses, warmUpPresses } from './fleet.ts'
import { type Peer, startMosquitto } from './mosquitto.ts'
import { startNodeRed } from './node-red.ts'

export const benchPoints = 200

const eventTopic: Job['pressTopic'] = home => `anling/v1/${home.device}/event`
const offerTopic: Job['offerTopic'] = point => `anling/v1/points/${point.id}/offer`

/**
 * A gateway that has this town, and the job that its documented interface describes. It was started anew after the
 * import, so that what reading 16,000 records leaves behind is not measured.
 */
export const startGatewayJob = async (
  directory: string,
  town: LoadTown,
  settings: Omit<GatewayOptions, 'directory'> = {},
) => {
  const importing = await startGateway({ directory })
  await importRegistry(await logIn(importing.httpUrl), town.document)
  await importing.stop()
  const gateway = await startGateway({ directory, ...settings })
  const job: Job = {
    url: gateway.mqttUrl,
    town,
    pressTopic: eventTopic,
    offerTopic,
    loggedIn: true,
    wholeDialogue: true,
  }
  return { gateway, job }
}

const overBroker = (url: string, town: LoadTown, pressTopic: Job['pressTopic']): Job => ({
  url,
  town,
  pressTopic,
  offerTopic,
  loggedIn: false,
  wholeDialogue: false,
})

type Start = (directory: string, town: LoadTown) => Promise<{ job: Job; stop: () => Promise<unknown> }>

const startRawHop: Start = async (directory, town) => {
  const broker = await startMosquitto(directory)
  const straightToPoint: Job['pressTopic'] = home => `anling/v1/points/${town.points[home.point]?.id}/offer`
  return { job: overBroker(broker.url, town, straightToPoint), stop: broker.stop }
}

const startFlow: Start = async (directory, town) => {
  const broker = await startMosquitto(directory)
  const flow: Peer = await startNodeRed(directory, broker.url, { flow: 'alarms', town })
  const stop = async () => {
    await flow.stop()
    await broker.stop()
  }
  return { job: overBroker(broker.url, town, eventTopic), stop }
}

const startWhole: Start = async (directory, town) => {
  const { gateway, job } = await startGatewayJob(directory, town)
  return { job, stop: gateway.stop }
}

export const contenders = {
  raw: { title: 'mosquitto, raw QoS 1 hop', start: startRawHop },
  'node-red': { title: 'Node-RED 5 flow on mosquitto', start: startFlow },
  gateway: { title: 'Anling, the full job', start: startWhole },
} as const satisfies Record<string, { title: string; start: Start }>
export type Contender = keyof typeof contenders

export type AlarmLoad = { readonly ratePerSecond: number; readonly seconds: number }

export const measureContender = (contender: Contender, load: AlarmLoad): Promise<Measured> =>
  withTemporaryDirectory(async directory => {
    const count = load.ratePerSecond * load.seconds
    const town = layOutTown(benchPoints, warmUpPresses + count)
    const { job, stop } = await contenders[contender].start(directory, town)
    try {
      return await measurePresses(job, { ratePerSecond: load.ratePerSecond, count })
    } finally {
      await stop()
    }
  })
