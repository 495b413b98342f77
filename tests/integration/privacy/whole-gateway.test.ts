/** What is left of somebody in the data directory of a gateway, seen from outside: HTTP, MQTT and the bytes of its files. */
import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { connectAsync } from 'mqtt'
import { expect, test } from 'vitest'
import { listAlarms, logIn } from '../../support/api-client.ts'
import { eventually } from '../../support/eventually.ts'
import { startGateway, verifyJournal } from '../../support/gateway-process.ts'
import { withTemporaryDirectory } from '../../support/temporary-directory.ts'

/** Unlike anything that could stand in a file by chance. */
const word = (): string => randomBytes(9).toHex()
const person = {
  name: word(),
  phone: word(),
  contact: word(),
  address: word(),
  note: word(),
  document: word(),
}
const pad = 'pad-of-the-erased'

const document = {
  areas: [{ id: 'tiedong', name: '铁东区', level: 'county' }],
  homes: [{ id: 'h-1', address: person.address, area: 'tiedong' }],
  residents: [
    {
      id: 'r-1',
      home: 'h-1',
      name: person.name,
      phone: person.phone,
      contacts: [{ name: person.contact, phone: '1' }],
    },
  ],
  devices: [{ id: pad, model: 'native/call-button', home: 'h-1', resident: 'r-1', secret: 'button-secret' }],
}

const wordsIn = (directory: string): readonly string[] => {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => readFileSync(join(entry.parentPath, entry.name)))
  return Object.entries(person).flatMap(([what, text]) =>
    files.some(bytes => bytes.includes(text)) ? [what] : [],
  )
}

const press = async (mqttUrl: string): Promise<void> => {
  const client = await connectAsync(mqttUrl, { username: pad, password: 'button-secret' })
  await client.publishAsync(`anling/v1/${pad}/measure`, JSON.stringify({ heartRate: 61 }), { qos: 1 })
  await client.publishAsync(`anling/v1/${pad}/event`, JSON.stringify({ id: 'e-1', type: 'sos' }), { qos: 1 })
  await client.endAsync()
}

test('somebody who was erased is in no file, in clear or sealed, while the gateway runs and after; both chains hold', () =>
  withTemporaryDirectory(async directory => {
    const gateway = await startGateway({ directory })
    const admin = await logIn(gateway.httpUrl)
    expect(await admin.post('/api/import', document)).toMatchObject({ body: { rejected: [] } })
    await admin.post('/api/residents/r-1/consents', {
      purpose: 'monitoring',
      given: true,
      document: person.document,
    })
    await press(gateway.mqttUrl)
    const alarm = await eventually('the alarm', async () => (await listAlarms(admin, 'state=open'))[0])
    const at = `/api/alarms/${alarm.id}`
    await admin.post(`${at}/acknowledge`, { epoch: alarm.epoch })
    await admin.post(`${at}/note`, { text: person.note })
    const early = await admin.post('/api/residents/r-1/erase', { reason: 'asked', confirm: 'r-1' })
    expect(early.body).toMatchObject({ code: 'alarm-open' })
    await admin.post(`${at}/resolve`, { cause: 'real' })
    expect(wordsIn(directory)).toEqual([])

    const exported = await admin.post('/api/residents/r-1/export', { reason: 'asked' })
    for (const text of Object.values(person)) expect(JSON.stringify(exported.body)).toContain(text)

    const erased = await admin.post('/api/residents/r-1/erase', { reason: 'asked', confirm: 'r-1' })
    expect(erased).toMatchObject({ status: 200, body: { papers: 1, devices: [pad] } })
    expect(wordsIn(directory)).toEqual([])
    const after = await admin.post('/api/residents/r-1/export', { reason: 'asked' })
    for (const text of Object.values(person)) expect(JSON.stringify(after.body)).not.toContain(text)
    const day = new Date().toISOString().slice(0, 10)
    const from = `${day}T00:00:00Z`
    const to = new Date(Date.now() + 60_000).toISOString()
    const series = `/api/telemetry?device=${pad}&metric=heartRate&from=${from}&to=${to}&every=60000`
    expect(await admin.get(series)).toMatchObject({ status: 200, body: { series: [] } })

    expect(await gateway.stop()).toMatchObject({ code: 0 })
    expect(wordsIn(directory)).toEqual([])
    expect(await verifyJournal(directory)).toMatchObject({ code: 0 })
  }))

test('without its key file a gateway that has sealed anything does not start, and says which key it lacks', () =>
  withTemporaryDirectory(async directory => {
    const gateway = await startGateway({ directory })
    const admin = await logIn(gateway.httpUrl)
    await admin.post('/api/import', document)
    await gateway.stop()
    const keyFile = join(directory, 'keys.json')
    const [, id = 'none'] = /"current": "(k[0-9a-f]{7})"/.exec(readFileSync(keyFile, 'utf8')) ?? []
    renameSync(keyFile, `${keyFile}.away`)
    const refused = await startGateway({ directory }).then(
      () => 'it started',
      (error: unknown) => String(error),
    )
    expect(refused).toContain(`the key file ${keyFile} is missing; data is sealed with ${id}`)
    expect(refused).toContain('The gateway ended before it was ready (1)')

    renameSync(`${keyFile}.away`, keyFile)
    const again = await startGateway({ directory })
    const back = await logIn(again.httpUrl)
    expect(await back.post('/api/residents/r-1/export', { reason: 'asked' })).toMatchObject({
      body: { resident: { name: person.name } },
    })
    await again.stop()
  }))
