import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect as connectTcp, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectAsync, type MqttClient } from 'mqtt'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { createButton } from '../../../firmware-sim/button.ts'
import { systemClock as clock } from '../../../firmware-sim/clock.ts'
import type { Offer, Update } from '../../../firmware-sim/codec.ts'
import { createRandom } from '../../../firmware-sim/random.ts'
import type { Strategy } from '../../../firmware-sim/strategies.ts'
import { createTerminal } from '../../../firmware-sim/terminal.ts'

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const closed = once(server, 'close')
  server.close()
  await closed
  if (address === null || typeof address === 'string') throw new TypeError('not listening on a port')
  return address.port
}

const answers = (port: number): Promise<boolean> =>
  new Promise(answered => {
    const socket = connectTcp(port, '127.0.0.1')
    socket.once('connect', () => answered(true)).once('error', () => answered(false))
    socket.once('connect', () => socket.end())
  })

let directory: string
let mosquitto: ChildProcess
let url: string
let gateway: MqttClient

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'anling-sim-'))
  const port = await freePort()
  const file = join(directory, 'mosquitto.conf')
  await writeFile(file, `listener ${port} 127.0.0.1\nallow_anonymous true\nset_tcp_nodelay true\n`)
  mosquitto = spawn('/usr/sbin/mosquitto', ['-c', file], { stdio: 'ignore' })
  while (mosquitto.exitCode === null && !(await answers(port)));
  url = `mqtt://127.0.0.1:${port}`
  gateway = await connectAsync(url)
})

afterAll(async () => {
  await gateway.endAsync()
  const gone = once(mosquitto, 'exit')
  mosquitto.kill()
  await gone
  await rm(directory, { recursive: true })
})

/** What the gateway hears on `topic`, as an endless queue. */
const listen = async (topic: string) => {
  const heard: unknown[] = []
  let wake = () => {}
  gateway.on('message', (on, payload) => {
    if (on !== topic) return
    heard.push(JSON.parse(payload.toString()))
    wake()
  })
  await gateway.subscribeAsync(topic, { qos: 1 })
  return async () => {
    while (heard.length === 0) {
      const { promise, resolve } = Promise.withResolvers<void>()
      wake = resolve
      await promise
    }
    return heard.shift()
  }
}

const atOnce: Strategy = () => [
  { action: 'acknowledge', afterMs: 0 },
  { action: 'resolve', cause: 'real', afterMs: 1 },
]

test('over a real broker a terminal receives an offer, acknowledges it and resolves it', async () => {
  const next = await listen('anling/v1/points/sp-1/reply')
  const up = Promise.withResolvers<void>()
  const offered = Promise.withResolvers<Offer>()
  const updated = Promise.withResolvers<Update>()
  const terminal = createTerminal({
    url,
    point: 'sp-1',
    secret: 's',
    strategy: atOnce,
    clock,
    random: createRandom('a'),
    onOffer: offered.resolve,
    onUpdate: updated.resolve,
    onState: state => state.up && up.resolve(),
  })
  onTestFinished(() => terminal.close())
  await up.promise
  const offer = { alarm: 'x', epoch: 4, kind: 'sos', priority: 'high', repeat: 0, level: 1, rank: 1 }
  const raisedAt = '2026-11-21T20:18:00.000Z'
  await gateway.publishAsync('anling/v1/points/sp-1/offer', 'not an offer', { qos: 1 })
  await gateway.publishAsync('anling/v1/points/sp-1/offer', JSON.stringify({ ...offer, raisedAt }), {
    qos: 1,
  })
  expect(await offered.promise).toEqual({ ...offer, raisedAt: Date.parse(raisedAt) })
  expect(await next()).toEqual({ alarm: 'x', epoch: 4, action: 'received' })
  expect(await next()).toEqual({ alarm: 'x', epoch: 4, action: 'acknowledge' })
  expect(await next()).toEqual({ alarm: 'x', epoch: 4, action: 'resolve', cause: 'real' })
  const update = { alarm: 'x', epoch: 4, state: 'resolved', by: 'point:sp-1' }
  await gateway.publishAsync('anling/v1/points/sp-1/update', JSON.stringify(update), { qos: 1 })
  expect(await updated.promise).toEqual(update)
})

test('over a real broker a press arrives, and a button that is cut off is reported by its last will', async () => {
  const nextEvent = await listen('anling/v1/btn-9/event')
  const nextStatus = await listen('anling/v1/btn-9/status')
  // One device started twice has one client id: the broker closes the older connection [MQTT-3.1.4-2].
  const start = () => createButton({ url, device: 'btn-9', secret: 's', clock, random: createRandom('a') })
  const button = start()
  onTestFinished(() => button.close())
  const { id, acknowledged } = button.press('sos')
  expect(await nextEvent()).toMatchObject({ id, type: 'sos' })
  expect(await acknowledged).toBe(true)
  expect(await nextStatus()).toMatchObject({ online: true })
  const twin = start()
  onTestFinished(() => twin.close())
  expect([await nextStatus(), await nextStatus()]).toContainEqual({ online: false })
})
