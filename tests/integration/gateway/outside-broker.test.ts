/** The whole gateway behind a mosquitto of the user's own. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectAsync } from 'mqtt'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { fetchPlain, listAlarms } from '../../support/api-client.ts'
import { eventually } from '../../support/eventually.ts'
import { type OutsideMosquitto, outsidePassword, prepareMosquitto } from '../../support/outside-mosquitto.ts'
import { type RunningTown, startTown } from '../../support/running-town.ts'

const Message = z.looseObject({ alarm: z.string() })

let mosquitto: OutsideMosquitto
let town: RunningTown
let directory = ''

beforeAll(async () => {
  mosquitto = await prepareMosquitto(['_gateway', 'btn-00000', 'points/sp-00000'])
  await mosquitto.start()
  directory = await mkdtemp(join(tmpdir(), 'anling-outside-'))
  town = await startTown(
    directory,
    { points: 1, homes: 1 },
    {
      ANLING_MQTT_URL: `mqtt://127.0.0.1:${mosquitto.port}`,
      ANLING_MQTT_EXTERNAL_USERNAME: '_gateway',
      ANLING_MQTT_EXTERNAL_PASSWORD: outsidePassword,
    },
  )
})

afterAll(async () => {
  await town.gateway.stop()
  await mosquitto.stop()
  await mosquitto.remove()
  await rm(directory, { recursive: true, force: true })
})

const isReady = async () => {
  const { status } = await fetchPlain(`${town.gateway.httpUrl}/readyz`)
  return status === 200 ? true : undefined
}

/** Logs in, subscribes, and collects what comes. */
const logIn = async (username: string, topic: string) => {
  const client = await connectAsync(`mqtt://127.0.0.1:${mosquitto.port}`, {
    username,
    password: outsidePassword,
  })
  onTestFinished(() => client.endAsync(true))
  const messages: z.infer<typeof Message>[] = []
  client.on('message', (_topic, payload) => messages.push(Message.parse(JSON.parse(payload.toString()))))
  await client.subscribeAsync(topic, { qos: 1 })
  return { client, messages }
}

test('a press goes through an outside broker to the terminal, and the answer comes back to the button', async () => {
  await eventually('the connection to the outside broker', isReady)
  const terminal = await logIn('points/sp-00000', 'anling/v1/points/sp-00000/offer')
  const button = await logIn('btn-00000', 'anling/v1/btn-00000/feedback')

  await button.client.publishAsync('anling/v1/btn-00000/event', '{"id":"1","type":"sos"}', { qos: 1 })
  const offer = await eventually('an offer', () => terminal.messages[0])
  await terminal.client.publishAsync(
    'anling/v1/points/sp-00000/reply',
    JSON.stringify({ alarm: offer.alarm, epoch: 1, action: 'acknowledge' }),
    { qos: 1 },
  )

  await eventually('acknowledged', () => button.messages.find(({ stage }) => stage === 'acknowledged'))
  expect(await listAlarms(town.api, 'state=open')).toMatchObject([{ id: offer.alarm, state: 'acknowledged' }])
})

test('a retained event rings nobody: the shipped configuration closes the connection of who sends one', async () => {
  const { client } = await logIn('btn-00000', 'anling/v1/btn-00000/feedback')
  const closed = new Promise<void>(resolve => client.once('close', resolve))
  client.publish('anling/v1/btn-00000/event', '{"id":"2","type":"smoke"}', { qos: 1, retain: true })
  await closed
  expect(await listAlarms(town.api, 'kind=smoke')).toEqual([])
})

test('readiness follows the outside broker', async () => {
  await eventually('ready', isReady)
  await mosquitto.stop()
  await eventually('not ready', async () => ((await isReady()) ? undefined : true))
  await mosquitto.start()
  await eventually('ready again', isReady)
})
