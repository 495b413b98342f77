/** A device that claims itself over MQTT, with MQTT.js as its radio: from the code on its label to the call it raises. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectAsync } from 'mqtt'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { type ApiClient, importRegistry, listAlarms, logIn } from '../../support/api-client.ts'
import { eventually } from '../../support/eventually.ts'
import { type GatewayProcess, startGateway } from '../../support/gateway-process.ts'
import { bodyOf, claim, registerDevices } from '../../support/installation-steps.ts'
import { connectParty, deviceTopic, type MqttParty } from '../../support/mqtt-party.ts'
import { buttonOf, people, twoCounties } from '../../support/two-counties.ts'

const { home, resident } = people.tiedong

let directory = ''
let gateway: GatewayProcess
let office: ApiClient

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'anling-first-contact-'))
  gateway = await startGateway({ directory })
  office = await logIn(gateway.httpUrl)
  await importRegistry(office, twoCounties)
})

afterAll(async () => {
  await gateway.stop()
  await rm(directory, { recursive: true, force: true })
})

/** A device of the box, with its code. */
const register = async (device: string): Promise<string> => {
  const { codes } = await registerDevices(office, `id,model\n${device},native/call-button\n`)
  const [made] = codes
  if (!made) throw new Error(`no code for ${device}`)
  return made.code
}

const Config = z.object({ secret: z.string() })

const secretIn = ({ heard }: MqttParty): Promise<string> =>
  eventually('a secret', () => heard.map(({ message }) => Config.parse(message).secret)[0])

const logInAs = (username: string, password: string, topics: readonly string[] = []): Promise<MqttParty> =>
  connectParty(gateway.mqttUrl, { username, password }, topics)

const askToClaim = (device: string, code: string) =>
  logInAs(`claim:${device}`, code, [deviceTopic(device, 'config')])

const lifeOf = async (device: string) => (await office.get(`/api/devices/${device}/life`)).body

test('a device claims itself with its code, logs in with the secret it is told, and rings; the code is void', async () => {
  const device = 'btn-3001'
  const code = await register(device)
  const claiming = await askToClaim(device, code)
  await claiming.publish(deviceTopic(device, 'claim'), {})
  const secret = await secretIn(claiming)
  expect(claiming.heard.map(({ topic }) => topic)).toEqual([deviceTopic(device, 'config')])
  // MQTT.js has acknowledged it.
  await eventually('the claim', async () =>
    z.looseObject({ state: z.string() }).parse(await lifeOf(device)).state === 'claimed' ? true : undefined,
  )
  await claiming.end()
  await expect(askToClaim(device, code)).rejects.toThrow('Bad username or password')
  expect(await office.post('/api/provisioning/claims', { device, code })).toMatchObject({
    status: 410,
    body: { code: 'claim-void' },
  })

  const fitted = await office.post(`/api/devices/${device}/install`, { home, resident, room: 'bedroom' })
  expect(fitted).toMatchObject({ status: 200, body: { state: 'installed' } })
  const button = await logInAs(device, secret)
  await button.publish(deviceTopic(device, 'event'), { id: 'e-1', type: 'sos' })
  expect(await listAlarms(office, 'state=open')).toMatchObject([
    { kind: 'sos', home: { id: home }, device: { id: device } },
  ])
  await button.end()
})

/** Reads its secret, and loses its power before it can say so. */
const dieWithTheAnswer = async (device: string, code: string): Promise<string> => {
  const login = { username: `claim:${device}`, password: code }
  const dying = await connectAsync(gateway.mqttUrl, { ...login, reconnectPeriod: 0, protocolVersion: 4 })
  const { promise: answer, resolve } = Promise.withResolvers<string>()
  // Not called back, MQTT.js acknowledges nothing and reads no further.
  dying.handleMessage = ({ payload }) => resolve(payload.toString())
  await dying.subscribeAsync(deviceTopic(device, 'config'), { qos: 1 })
  dying.publish(deviceTopic(device, 'claim'), '{}', { qos: 1 })
  const { secret } = Config.parse(JSON.parse(await answer))
  await dying.endAsync(true)
  return secret
}

test('a lost answer is asked for again with the same code; the secret that was lost is void', async () => {
  const device = 'btn-3002'
  const code = await register(device)
  const lostSecret = await dieWithTheAnswer(device, code)
  expect(await lifeOf(device)).toMatchObject({ state: 'registered' })

  const again = await askToClaim(device, code)
  await again.publish(deviceTopic(device, 'claim'), {})
  const secret = await secretIn(again)
  expect(secret).not.toBe(lostSecret)
  await expect(logInAs(device, lostSecret)).rejects.toThrow('Bad username or password')
  const button = await logInAs(device, secret)
  await button.end()
  expect(await lifeOf(device)).toMatchObject({ state: 'claimed', claimUntil: null })
  await expect(askToClaim(device, code)).rejects.toThrow('Bad username or password')
})

test('a secret that was never acknowledged, but is used, uses the code up as well', async () => {
  const device = 'btn-3003'
  const code = await register(device)
  const secret = await dieWithTheAnswer(device, code)
  const button = await logInAs(device, secret)
  await eventually('the code to be void', async () =>
    askToClaim(device, code).then(
      async party => party.end().then(() => undefined),
      () => true as const,
    ),
  )
  await button.end()
})

test('with its code a device may ask for its secret and do nothing else', async () => {
  const device = 'btn-3004'
  const code = await register(device)
  for (const topic of [
    deviceTopic(device, 'event'),
    deviceTopic(device, 'measure'),
    deviceTopic('btn-3005', 'claim'),
    deviceTopic(buttonOf('tiedong').id, 'event'),
  ]) {
    const party = await askToClaim(device, code)
    await expect(party.publish(topic, { id: 'x', type: 'sos' }), topic).rejects.toThrow('ended')
  }
  for (const filter of [deviceTopic(device, 'feedback'), deviceTopic('btn-3005', 'config'), '#'])
    await expect(logInAs(`claim:${device}`, code, [filter]), filter).rejects.toThrow()
  await expect(logInAs(device, code)).rejects.toThrow('Bad username or password')
  await expect(logInAs('claim:btn-3001', code)).rejects.toThrow('Bad username or password')
})

test('provisioning it again needs a technician: a new code voids the one before, and its claim the secret', async () => {
  const device = 'btn-3006'
  const code = await register(device)
  const first = await claim(office, `ANLING:1:${device}:${code}`)
  const made = z
    .looseObject({ code: z.string() })
    .parse(bodyOf(await office.post(`/api/devices/${device}/claim-code`, {})))
  await expect(askToClaim(device, code)).rejects.toThrow('Bad username or password')
  const connected = await logInAs(device, first)
  const claiming = await askToClaim(device, made.code)
  await claiming.publish(deviceTopic(device, 'claim'), {})
  const second = await secretIn(claiming)
  const button = await logInAs(device, second)
  await button.end()
  await connected.end()
  await expect(logInAs(device, first)).rejects.toThrow('Bad username or password')
})
