/** A town with a button in each of many homes, on a real gateway, for consoles to look at. */
import { randomUUID } from 'node:crypto'
import { type ApiClient, importRegistry, listAlarms, logIn } from '../support/api-client.ts'
import { type GatewayProcess, startGateway } from '../support/gateway-process.ts'
import { layOutTown } from '../support/load-town.ts'
import { connectMqtt, type MqttClient } from '../support/mqtt-load.ts'
import { withTemporaryDirectory } from '../support/temporary-directory.ts'

export type WebTown = {
  readonly gateway: GatewayProcess
  readonly api: ApiClient
  readonly homes: number
  /** Resolves when it is acknowledged: on disk. */
  press(home: number): Promise<void>
  /** Presses in homes `from`, `from` + 1, … at a steady rate. Resolves when all are acknowledged. */
  pressMany(from: number, count: number, perSecond: number): Promise<void>
  /** All that is open is resolved, and what comes open meanwhile. */
  resolveAll(): Promise<void>
}

const connectWidth = 32
/** Commands that are under way at one time. */
const resolveWidth = 8

const inParallel = async <T>(items: readonly T[], width: number, work: (item: T) => Promise<unknown>) => {
  const rest = items.values()
  const worker = async () => {
    for (const item of rest) await work(item)
  }
  await Promise.all(Array.from({ length: width }, worker))
}

export const withWebTown = <T>(homes: number, work: (town: WebTown) => Promise<T>): Promise<T> =>
  withTemporaryDirectory(async directory => {
    const { document, homes: dwellings, points } = layOutTown(10, homes)
    // Consoles of one person from one address ask more than people do.
    const gateway = await startGateway({ directory, env: { ANLING_HTTP_REQUESTS_PER_MINUTE: '1000000' } })
    const clients: MqttClient[] = []
    try {
      const api = await logIn(gateway.httpUrl)
      await importRegistry(api, document)
      for (const { id, secret } of points) {
        const topic = `anling/v1/points/${id}/offer`
        const login = { clientId: id, username: `point:${id}`, password: secret }
        clients.push(await connectMqtt({ url: gateway.mqttUrl, ...login, subscribe: [topic] }))
      }
      const buttons: MqttClient[] = []
      await inParallel([...dwellings.entries()], connectWidth, async ([index, { device, secret }]) => {
        const login = { clientId: device, username: device, password: secret }
        buttons[index] = await connectMqtt({ url: gateway.mqttUrl, ...login })
      })
      clients.push(...buttons)
      const press = (home: number) =>
        new Promise<void>((resolve, reject) => {
          const device = dwellings[home]?.device
          if (device === undefined) throw new Error(`there is no home ${home}`)
          const topic = `anling/v1/${device}/event`
          const payload = JSON.stringify({ id: randomUUID(), type: 'sos' })
          buttons[home]?.publish(topic, payload, taken =>
            taken ? resolve() : reject(new Error(`${device} was not acknowledged`)),
          )
        })
      return await work({
        gateway,
        api,
        homes,
        press,
        async pressMany(from, count, perSecond) {
          const begin = performance.now()
          const acknowledged: Promise<void>[] = []
          for (let pressed = 0; pressed < count; ) {
            const due = Math.min(count, Math.floor(((performance.now() - begin) / 1_000) * perSecond) + 1)
            for (; pressed < due; pressed += 1) acknowledged.push(press(from + pressed))
            await new Promise(resolve => setTimeout(resolve, 1))
          }
          await Promise.all(acknowledged)
        },
        async resolveAll() {
          const open = await listAlarms(api, 'state=open')
          await inParallel(open, resolveWidth, ({ id }) =>
            api.post(`/api/alarms/${id}/resolve`, { cause: 'test' }),
          )
        },
      })
    } finally {
      for (const client of clients) client.end()
      await gateway.stop()
    }
  })
