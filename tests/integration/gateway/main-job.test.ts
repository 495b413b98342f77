/** The main job, with the clients that others use: mosquitto's own for MQTT, plain HTTP for people. */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { listAlarms, logIn, readAlarm } from '../../support/api-client.ts'
import { openEventStream } from '../../support/event-stream.ts'
import { eventually } from '../../support/eventually.ts'
import { adminPassword, startGateway } from '../../support/gateway-process.ts'
import { type RunningTown, startTown } from '../../support/running-town.ts'

const run = promisify(execFile)
const webhookSecret = 'the key of the text message gateway'

let directory = ''
let town: RunningTown
const Notice = z.looseObject({
  type: z.string(),
  data: z.looseObject({ alarm: z.string(), level: z.number() }),
})
const notices: z.infer<typeof Notice>[] = []
const webhook = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    notices.push(Notice.parse(JSON.parse(Buffer.concat(chunks).toString())))
    response.writeHead(204).end()
  })
})

const webhookUrl = (): string => {
  const address = webhook.address()
  if (address === null || typeof address === 'string') throw new Error('the webhook has no port')
  return `http://127.0.0.1:${address.port}/`
}

const environment = () => ({ ANLING_WEBHOOK_URL: webhookUrl(), ANLING_WEBHOOK_SECRET: webhookSecret })

beforeAll(async () => {
  webhook.listen(0, '127.0.0.1')
  await once(webhook, 'listening')
  directory = await mkdtemp(join(tmpdir(), 'anling-main-job-'))
  town = await startTown(directory, { points: 4, homes: 12 }, environment())
})

afterAll(async () => {
  await town.gateway.stop()
  webhook.close()
  await rm(directory, { recursive: true, force: true })
})

const port = (): string => new URL(town.gateway.mqttUrl).port

const loginOf = (username: string, password: string): readonly string[] => [
  '-h',
  '127.0.0.1',
  '-p',
  port(),
  '-u',
  username,
  '-P',
  password,
]

/** mosquitto_sub: resolves once it has subscribed, with the messages as they come. */
const subscribe = async (username: string, password: string, topic: string) => {
  // Into a pipe it would hold its lines back.
  const child = spawn('stdbuf', [
    '-oL',
    'mosquitto_sub',
    ...loginOf(username, password),
    '-q',
    '1',
    '-d',
    '-t',
    topic,
  ])
  onTestFinished(() => void child.kill())
  const messages: Record<string, unknown>[] = []
  let subscribed: true | undefined
  createInterface({ input: child.stdout }).on('line', line => {
    if (line.startsWith('{')) messages.push(z.looseObject({}).parse(JSON.parse(line)))
    if (line.startsWith('Subscribed')) subscribed = true
  })
  await eventually('a subscription', () => subscribed)
  return {
    first: (what: string, test: (message: Record<string, unknown>) => boolean) =>
      eventually(what, () => messages.find(test)),
  }
}

const publish = (username: string, password: string, topic: string, message: object) =>
  run('mosquitto_pub', [
    ...loginOf(username, password),
    '-q',
    '1',
    '-t',
    topic,
    '-m',
    JSON.stringify(message),
  ])

const press = (index: number, id: string, type = 'sos') => {
  const { device, secret } = town.home(index)
  return publish(device, secret, `anling/v1/${device}/event`, { id, type })
}

/** Follows the live stream. Answers the first entry of a type, past or future. */
const followStream = async () => {
  const response = await fetch(`${town.gateway.httpUrl}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'admin', password: adminPassword }),
  })
  const cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  const { events, until, close } = await openEventStream(`${town.gateway.httpUrl}/api/stream`, { cookie })
  onTestFinished(close)
  return async (type: string) => {
    const first = () => events.find(({ data }) => data.type === type)?.data
    await until(() => first() !== undefined)
    return first()
  }
}

const openAlarmOf = async (index: number) => {
  const open = await listAlarms(town.api, 'state=open')
  const alarm = open.find(one => one.device?.id === town.home(index).device)
  if (!alarm) throw new Error(`no open alarm of home ${index}`)
  return alarm
}

describe('a press on a button', () => {
  test('reaches the nearest point and the live stream, is acknowledged, and the button is told', async () => {
    const home = town.home(0)
    const point = town.point(home.point)
    const firstEntry = await followStream()
    const offers = await subscribe(`point:${point.id}`, point.secret, `anling/v1/points/${point.id}/offer`)
    const feedback = await subscribe(home.device, home.secret, `anling/v1/${home.device}/feedback`)

    await press(0, 'first-press')

    const offer = await offers.first('an offer', () => true)
    expect(offer).toMatchObject({
      epoch: 1,
      kind: 'sos',
      priority: 'high',
      home: { id: home.id },
      repeat: 0,
      rank: 1,
      level: 1,
    })
    expect(offer).toHaveProperty('travelMinutes')
    expect(await firstEntry('raised')).toMatchObject({
      alarm: offer['alarm'],
      eventId: 'first-press',
    })
    await feedback.first('accepted', word => word['stage'] === 'accepted' && word['event'] === 'first-press')

    await publish(`point:${point.id}`, point.secret, `anling/v1/points/${point.id}/reply`, {
      alarm: offer['alarm'],
      epoch: 1,
      action: 'acknowledge',
    })

    await feedback.first('acknowledged', word => word['stage'] === 'acknowledged')
    expect(await firstEntry('acknowledged')).toMatchObject({
      alarm: offer['alarm'],
    })
    expect(await openAlarmOf(0)).toMatchObject({
      state: 'acknowledged',
      acknowledgedBy: { kind: 'point', id: point.id },
    })
  })

  test('again and again on an alarm that nobody takes asks the county, the city and the telephone', async () => {
    for (const id of ['1', '2', '3', '4']) await press(1, id)
    const alarm = await openAlarmOf(1)
    expect(alarm).toMatchObject({ state: 'offered', repeats: 3, level: 4 })
    await eventually('a notice of the city', () =>
      notices.find(
        ({ type, data }) => type === 'alarm.offered' && data.alarm === alarm.id && data.level === 4,
      ),
    )
  })

  test('goes to the county at once when no terminal is connected, and the point gets it when it returns', async () => {
    await press(2, '1')
    expect(await openAlarmOf(2)).toMatchObject({ level: 3, noPoint: 'none-reachable' })
    const point = town.point(town.home(2).point)
    const offers = await subscribe(`point:${point.id}`, point.secret, `anling/v1/points/${point.id}/offer`)
    await offers.first('the open alarm', offer => JSON.stringify(offer).includes(town.home(2).id))
  })

  test('goes on after the gateway was killed: the alarm is open, and the next press repeats it', async () => {
    await press(3, '1')
    const before = await openAlarmOf(3)
    await town.gateway.kill()
    const gateway = await startGateway({ directory, env: environment() })
    town = { ...town, gateway, api: await logIn(gateway.httpUrl) }
    await press(3, '1')
    await press(3, '2')
    const alarm = await readAlarm(town.api, before.id)
    expect(alarm).toMatchObject({ state: 'offered', repeats: 1 })
    expect(alarm.nextDeadline).not.toBeNull()
    expect(alarm.timeline.flatMap(entry => entry.eventId ?? [])).toEqual(['1', '2'])
  })
})

describe('the process', () => {
  test('SIGTERM ends it in order within 5 s, with exit code 0', async () => {
    const other = await mkdtemp(join(tmpdir(), 'anling-stop-'))
    const gateway = await startGateway({ directory: other })
    const began = performance.now()
    expect(await gateway.stop()).toEqual({ code: 0, signal: null })
    expect(performance.now() - began).toBeLessThan(5_000)
    await rm(other, { recursive: true })
  })

  test('wrong settings end it with exit code 2 and name every mistake', async () => {
    const main = join(import.meta.dirname, '../../../gateway/main.ts')
    const failed = run(process.execPath, [main, '--http.port', 'eighty', '--colour', 'red'], {
      env: { ...process.env, ANLING_LOG_LEVEL: 'loud' },
    })
    await expect(failed).rejects.toMatchObject({ code: 2 })
    const { stderr } = await failed.catch((error: { stderr: string }) => error)
    for (const name of ['http.port', 'colour', 'log.level']) expect(stderr).toContain(name)
  })

  test('--help tells every setting and starts nothing', async () => {
    const main = join(import.meta.dirname, '../../../gateway/main.ts')
    const { stdout } = await run(process.execPath, [main, '--help'])
    for (const name of ['--config', 'http.port', 'ANLING_MQTT_URL']) expect(stdout).toContain(name)
  })
})
