/**
 * The main job, from the box of devices to the bed that may be enabled: each step by whoever does it, over the ways they
 * have. The tests are one story, in order.
 */
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { connectAsync, type MqttClient } from 'mqtt'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import {
  type ApiClient,
  acceptInvitation,
  importRegistry,
  listAlarms,
  logIn,
  readAlarm,
} from '../../support/api-client.ts'
import { eventually } from '../../support/eventually.ts'
import { type GatewayProcess, startGateway } from '../../support/gateway-process.ts'
import {
  bodyOf,
  claim,
  type JobSteps,
  registerDevices,
  requestJob,
  takeJob,
} from '../../support/installation-steps.ts'
import { connectParty, deviceTopic, offerTopicOf } from '../../support/mqtt-party.ts'
import { readPrintedCodes } from '../../support/printed-qr.ts'
import { buttonOf, people, twoCounties } from '../../support/two-counties.ts'

const run = promisify(execFile)
const { tiedong } = people
/** The flat of the story, in Tiedong. */
const home = 'h-flat'
const resident = 'r-flat'
const button = 'btn-2001'
const detector = 'fall-2001'
const models: Readonly<Record<string, string>> = {
  [button]: 'native/call-button',
  [detector]: 'native/fall-detector',
}
/** One red pixel. */
const picture = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4z8DwHwAFAAH/iZk9HQAAAABJRU5ErkJggg==',
  'base64',
)

let directory = ''
let gateway: GatewayProcess
let office: ApiClient
let technician: ApiClient
/** Connected all the time; what it was offered. */
let terminal: MqttClient
const offers: { [name: string]: unknown }[] = []
/** What the QR code on each device holds. */
const labels = new Map<string, string>()
const secrets = new Map<string, string>()
let job: JobSteps

const found = <T>(map: ReadonlyMap<string, T>, key: string): T => {
  const value = map.get(key)
  if (value === undefined) throw new Error(`nothing is known of ${key}`)
  return value
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'anling-identities-'))
  gateway = await startGateway({ directory })
  office = await logIn(gateway.httpUrl)
  await importRegistry(office, twoCounties)
  const position = { lat: 41.1, lon: 122.991, datum: 'WGS84' }
  bodyOf(await office.post('/api/homes', { id: home, address: '胜利路九号', area: 'tiedong', position }))
  bodyOf(await office.post('/api/residents', { id: resident, home, name: '刘桂兰' }))

  terminal = await connectAsync(gateway.mqttUrl, {
    username: `point:${tiedong.point}`,
    password: tiedong.pointSecret,
    protocolVersion: 4,
  })
  terminal.on('message', (_topic, payload) =>
    offers.push(z.looseObject({}).parse(JSON.parse(payload.toString()))),
  )
  await terminal.subscribeAsync(offerTopicOf(tiedong.point), { qos: 1 })
})

afterAll(async () => {
  await terminal.endAsync(true)
  await gateway.stop()
  await rm(directory, { recursive: true, force: true })
})

/** With the client of others. Resolves with the PUBACK. */
const send = async (device: string, event: object): Promise<void> => {
  const port = new URL(gateway.mqttUrl).port
  const login = ['-u', device, '-P', found(secrets, device)]
  const message = ['-q', '1', '-t', deviceTopic(device, 'event'), '-m', JSON.stringify(event)]
  await run('mosquitto_pub', ['-h', '127.0.0.1', '-p', port, ...login, ...message])
}

const alarmsOfFlat = async () =>
  (await listAlarms(office, 'state=open')).filter(alarm => alarm.home?.id === home)

describe('the main job', () => {
  test('the office registers devices by CSV: bad rows are named, each good one gets a label with its QR code', async () => {
    const csv = `id,model\n${button},${models[button]}\nbad id,native/smoke\n${detector},${models[detector]}\n`
    const { codes, rejected } = await registerDevices(office, csv)
    expect(rejected).toMatchObject([{ row: 1, field: 'id', code: 'invalid-record' }])
    expect(codes.map(({ device }) => device)).toEqual([button, detector])
    for (const { device, code, payload } of codes) expect(payload).toBe(`ANLING:1:${device}:${code}`)

    const sheet = await office.post('/api/provisioning/sheet', {
      codes: codes.map(({ device, code }) => ({ device, code })),
    })
    expect(sheet.status).toBe(200)
    const printed = readPrintedCodes(String(sheet.body))
    expect(printed).toEqual(codes.map(({ payload }) => payload))
    for (const payload of printed) labels.set(payload.split(':')[2] ?? '', payload)
  })

  test('a technician comes in by a link that is good once, and is bound to a county', async () => {
    const invited = await office.post('/api/invitations', {
      username: 'tech-1',
      name: '周师傅',
      role: 'technician',
      scopes: [{ area: 'tiedong' }],
    })
    const { token } = z.looseObject({ token: z.string() }).parse(bodyOf(invited))
    technician = await acceptInvitation(gateway.httpUrl, token, 'seven-lanterns-7')
    expect((await technician.get('/api/session')).body).toMatchObject({
      username: 'tech-1',
      role: 'technician',
      scopes: [{ area: 'tiedong' }],
    })
    await expect(acceptInvitation(gateway.httpUrl, token, 'eight-lanterns-8')).rejects.toThrow(
      'invitation-void',
    )
  })

  test('the technician claims each device by its QR code, once, and puts it into the bedroom', async () => {
    for (const device of [button, detector]) {
      secrets.set(device, await claim(technician, found(labels, device)))
      const again = await technician.post('/api/provisioning/claims', { code: found(labels, device) })
      expect(again).toMatchObject({ status: 410, body: { code: 'claim-void' } })
      const installed = await technician.post(`/api/devices/${device}/install`, {
        home,
        resident,
        room: 'bedroom',
      })
      expect(installed).toMatchObject({ status: 200, body: { state: 'installed' } })
    }
    const elsewhere = { home: people.lishan.home, room: 'bedroom' }
    const notThere = { home: 'h-nowhere', room: 'bedroom' }
    const hidden = await technician.post(`/api/devices/${button}/install`, elsewhere)
    const missing = await technician.post(`/api/devices/${button}/install`, notThere)
    expect(hidden).toMatchObject({ status: 422, body: { code: 'unknown-reference' } })
    expect(JSON.stringify(hidden)).toBe(JSON.stringify(missing).replaceAll('h-nowhere', people.lishan.home))
  })

  test('a bed is planned, and cannot be enabled yet', async () => {
    bodyOf(await office.post('/api/institutions', { id: 'in-1', name: '安康养老院' }))
    const bed = { id: 'bed-1', resident, home, institution: 'in-1', from: '2026-01-01T00:00:00Z' }
    expect(await office.post('/api/beds', bed)).toMatchObject({ status: 201, body: { state: 'planned' } })
    const early = await office.post('/api/beds/bed-1/enable', {})
    expect(early).toMatchObject({ status: 409, body: { code: 'not-tested' } })
  })

  test('the job goes from survey to installation with checklist and photo, and is not accepted before each trigger has come in', async () => {
    const devices = [{ device: button }, { device: detector }]
    const requested = await requestJob(office, { home, devices, technician: 'tech-1' })
    job = await takeJob(technician, requested.job().id)
    expect((await job.act('survey', { notes: '三楼，无电梯' })).status).toBe(200)
    expect((await job.act('install')).status).toBe(200)
    await job.checkAll()
    expect(await job.photo(picture)).toMatchObject({ status: 200 })
    const [photo] = job.job().photos
    const taken = await technician.get(`/api/jobs/${job.job().id}/photos/${photo?.ref}`)
    expect(taken.status).toBe(200)
    expect((await job.act('sign', { name: '刘桂兰', signer: 'resident' })).status).toBe(200)
    const refused = await job.act('accept')
    expect(refused).toMatchObject({ status: 409, body: { code: 'not-tested' } })
    expect(refused.body).toMatchObject({
      untested: [
        { device: button, triggers: ['sos'] },
        { device: detector, triggers: ['fall'] },
      ],
    })
  })

  test('in test mode each trigger arrives end to end as a test, is offered to nobody, and the last one makes it acceptable', async () => {
    bodyOf(await technician.post(`/api/homes/${home}/test-mode`, { minutes: 10 }))
    await send(button, { id: 'try-1', type: 'sos' })
    const refused = await job.act('accept')
    expect(refused).toMatchObject({
      status: 409,
      body: { code: 'not-tested', untested: [{ device: detector, triggers: ['fall'] }] },
    })
    await send(detector, { id: 'try-2', type: 'fall' })

    const tests = await alarmsOfFlat()
    expect(tests.length).toBeGreaterThan(0)
    for (const { id } of tests) {
      const alarm = await readAlarm(office, id)
      expect(alarm).toMatchObject({ kind: 'test' })
      expect(alarm['deliveries']).not.toContainEqual(expect.objectContaining({ kind: 'offer' }))
    }
    for (const [device, trigger] of [
      [button, 'sos'],
      [detector, 'fall'],
    ])
      expect((await technician.get(`/api/devices/${device}/life`)).body).toMatchObject({
        state: 'tested',
        tests: [{ trigger }],
        untested: [],
      })

    expect(await job.act('accept')).toMatchObject({ status: 200, body: { state: 'accepted' } })
    for (const device of [button, detector])
      expect((await technician.get(`/api/devices/${device}/life`)).body).toMatchObject({ state: 'enabled' })
    expect((await technician.delete(`/api/homes/${home}/test-mode`)).status).toBe(204)
  })

  test('the bed needs consent as well; then it is enabled', async () => {
    const without = await office.post('/api/beds/bed-1/enable', {})
    expect(without).toMatchObject({ status: 409, body: { code: 'consent-missing' } })
    const consent = { purpose: 'monitoring', given: true }
    bodyOf(await office.post(`/api/residents/${resident}/consents`, consent))
    expect(await office.post('/api/beds/bed-1/enable', {})).toMatchObject({
      status: 200,
      body: { state: 'enabled' },
    })
  })

  test('after that a press rings at the terminal, which had heard nothing of all the tests', async () => {
    await send(button, { id: 'real-1', type: 'sos' })
    await eventually('an offer', () => offers[0])
    expect(offers).toMatchObject([{ kind: 'sos', home: { id: home } }])
  })

  test('a stolen device can ring for its own home and do nothing else; suspended, its connection ends for good', async () => {
    const stolen = { username: button, password: found(secrets, button) }
    const foreign = [
      deviceTopic(buttonOf('tiedong').id, 'event'),
      deviceTopic(button, 'config'),
      deviceTopic(button, 'claim'),
      `anling/v1/points/${tiedong.point}/reply`,
      'zigbee2mqtt/bridge/request/restart',
      '$SYS/broker',
    ]
    for (const topic of foreign) {
      const thief = await connectParty(gateway.mqttUrl, stolen)
      await expect(thief.publish(topic, { id: 'x', type: 'sos' }), topic).rejects.toThrow('ended')
    }
    const heard = ['#', '+/+/+/+', deviceTopic(detector, 'feedback'), offerTopicOf(tiedong.point)]
    for (const filter of heard)
      await expect(connectParty(gateway.mqttUrl, stolen, [filter]), filter).rejects.toThrow()
    for (const username of [`point:${tiedong.point}`, `bridge:${button}`, `claim:${button}`, detector])
      await expect(connectParty(gateway.mqttUrl, { ...stolen, username }), username).rejects.toThrow()

    const thief = await connectParty(gateway.mqttUrl, stolen, [deviceTopic(button, 'feedback')])
    await thief.publish(deviceTopic(button, 'event'), { id: 'real-2', type: 'sos' })
    const suspended = await technician.post(`/api/devices/${button}/suspend`, { reason: '被盗' })
    expect(suspended).toMatchObject({ status: 200, body: { state: 'suspended' } })
    await thief.closed
    await expect(connectParty(gateway.mqttUrl, stolen)).rejects.toThrow()
  })
})
