/** A device that is moved, whoever moved it, has been tested somewhere else. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ApiClient, importRegistry, logIn } from '../../support/api-client.ts'
import { type GatewayProcess, startGateway } from '../../support/gateway-process.ts'
import { bodyOf, claim, registerDevices, requestJob } from '../../support/installation-steps.ts'
import { connectParty, deviceTopic } from '../../support/mqtt-party.ts'
import { people, twoCounties } from '../../support/two-counties.ts'

const [from, to] = [people.tiedong.home, 'h-flat']

let directory = ''
let gateway: GatewayProcess
let admin: ApiClient

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'anling-moved-'))
  gateway = await startGateway({ directory })
  admin = await logIn(gateway.httpUrl)
  await importRegistry(admin, twoCounties)
  bodyOf(await admin.post('/api/homes', { id: to, address: '胜利路九号', area: 'tiedong' }))
})

afterAll(async () => {
  await gateway.stop()
  await rm(directory, { recursive: true, force: true })
})

/** A new button, tested in the first home. */
const testedButton = async (device: string): Promise<(home: string) => Promise<void>> => {
  const { codes } = await registerDevices(admin, `id,model\n${device},native/call-button\n`)
  const password = await claim(admin, codes[0]?.payload ?? '')
  bodyOf(await admin.post(`/api/devices/${device}/install`, { home: from, room: 'bedroom' }))
  let tries = 0
  const tryOut = async (home: string): Promise<void> => {
    bodyOf(await admin.post(`/api/homes/${home}/test-mode`, { minutes: 1 }))
    const button = await connectParty(gateway.mqttUrl, { username: device, password })
    await button.publish(deviceTopic(device, 'event'), { id: `try-${++tries}`, type: 'sos' })
    await button.end()
    bodyOf(await admin.delete(`/api/homes/${home}/test-mode`))
  }
  await tryOut(from)
  expect((await admin.get(`/api/devices/${device}/life`)).body).toMatchObject({
    state: 'tested',
    untested: [],
  })
  return tryOut
}

const moves = {
  'installed by a technician': device =>
    admin.post(`/api/devices/${device}/install`, { home: to, room: 'bedroom' }),
  'put there by an edit of the registry': device => admin.patch(`/api/devices/${device}`, { home: to }),
  'put there by an import': device =>
    admin.post('/api/import', { devices: [{ id: device, model: 'native/call-button', home: to }] }),
} satisfies Readonly<Record<string, (device: string) => Promise<unknown>>>

test.each(Object.entries(moves))(
  '%s, it must come in from there before a job is accepted',
  async (how, move) => {
    const device = `btn-${Object.keys(moves).indexOf(how)}`
    const tryOut = await testedButton(device)
    await move(device)
    const job = await requestJob(admin, { home: to, devices: [{ device }] })
    for (const [name, body] of [
      ['survey', { notes: '三楼' }],
      ['install', {}],
      ['sign', { name: '刘桂兰', signer: 'resident' }],
    ] as const)
      bodyOf(await job.act(name, body))
    await job.checkAll()
    expect(await job.act('accept')).toMatchObject({
      status: 409,
      body: { code: 'not-tested', untested: [{ device, triggers: ['sos'] }] },
    })
    await tryOut(to)
    expect(await job.act('accept')).toMatchObject({ status: 200, body: { state: 'accepted' } })
    // Out of the way of the next.
    bodyOf(await admin.post(`/api/devices/${device}/reset`, {}))
  },
)
