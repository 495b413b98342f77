/**
 * Whoever takes the disk, the log or the figures reads no name, address or number of any resident in them; and whoever was
 * erased is gone from the interface too.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { type ApiClient, fetchPlain, importRegistry, listAlarms, logIn } from '../../support/api-client.ts'
import { eventually } from '../../support/eventually.ts'
import { adminPassword, type GatewayProcess, startGateway } from '../../support/gateway-process.ts'
import { bodyOf, claim, registerDevices, requestJob } from '../../support/installation-steps.ts'
import { connectParty, deviceTopic, offerTopicOf } from '../../support/mqtt-party.ts'
import { withTemporaryDirectory } from '../../support/temporary-directory.ts'
import { buttonOf, people, twoCounties } from '../../support/two-counties.ts'

const { tiedong, lishan } = people
/** As the gateway keeps them: more lines would push the first ones out, unread. */
const keptLogLines = 400

/** Each in words of its own, so that it can be said where the one that is found came from. */
const written = {
  note: '备注：老人独自在家',
  resolveNote: '处理：陪同就医三院',
  releaseNote: '退回：电梯停运',
  dispatchNote: '派出：女儿在路上',
  repeatNote: '来电：邻居听见呼喊',
  terminalNote: '终端：敲门无人应',
  followUpNote: '回访：腿已消肿',
  survey: '勘察：卧室门朝北',
  signature: '签字人王大山',
  cancelled: '取消：家属不同意',
  bedReason: '暂停：住院两周',
}

/** Of one of the two counties, whatever a stranger must not read. */
const secretsOf = ({
  name,
  address,
  doorNote,
  phone,
  contact,
  contactPhone,
}: typeof tiedong | typeof lishan) => ({
  name,
  address,
  doorNote,
  phone,
  contact,
  contactPhone,
})

const allPersonal: Readonly<Record<string, string>> = {
  ...written,
  ...Object.fromEntries(
    Object.entries(secretsOf(lishan)).map(([name, text]) => [`neighbour's ${name}`, text]),
  ),
  ...secretsOf(tiedong),
  responderPhone: tiedong.responderPhone,
}

/** In UTF-8, and as a JSON or JavaScript writer may escape it. */
const formsOf = (text: string): string[] => [
  text,
  JSON.stringify(text)
    .replaceAll(/[^\0-\x7f]/g, c => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .slice(1, -1),
  encodeURIComponent(text),
]

type Words = Readonly<Record<string, string>>

const foundIn = (bytes: Buffer | string, words: Words = allPersonal): string[] =>
  Object.entries(words)
    .filter(([, text]) => formsOf(text).some(form => bytes.includes(form)))
    .map(([what]) => what)

const foundOnDisk = (directory: string, words: Words): Record<string, string[]> => {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter(entry =>
    entry.isFile(),
  )
  const found = files.map(
    ({ parentPath, name }) => [name, foundIn(readFileSync(join(parentPath, name)), words)] as const,
  )
  return Object.fromEntries(found.filter(([, what]) => what.length > 0))
}

const login = (username: string, password: string) => ({ username, password })

/** The alarm of Tiedong, taken through everything that people can write about it. */
const workOnAlarm = async (gateway: GatewayProcess, admin: ApiClient): Promise<string> => {
  const terminal = await connectParty(gateway.mqttUrl, login(`point:${tiedong.point}`, tiedong.pointSecret), [
    offerTopicOf(tiedong.point),
  ])
  const { id: device, secret } = buttonOf('tiedong')
  const button = await connectParty(gateway.mqttUrl, login(device, secret))
  await button.publish(deviceTopic(device, 'event'), { id: 'e-1', type: 'sos' })
  const offer = await eventually('the offer', () => terminal.heard[0]?.message)
  // Who is to go needs to know where to.
  expect(JSON.stringify(offer)).toContain(tiedong.address)
  const { alarm, epoch } = z.looseObject({ alarm: z.string(), epoch: z.number() }).parse(offer)
  const reply = (action: string) =>
    terminal.publish(`anling/v1/points/${tiedong.point}/reply`, {
      alarm,
      epoch,
      action,
      note: written.terminalNote,
    })
  await reply('acknowledge')
  await reply('release')

  const act = async (name: string, body: object = {}) => {
    const { epoch } = z
      .looseObject({ epoch: z.number() })
      .parse(bodyOf(await admin.get(`/api/alarms/${alarm}`)))
    bodyOf(await admin.post(`/api/alarms/${alarm}/${name}`, { epoch, ...body }))
  }
  await act('acknowledge')
  await act('release', { note: written.releaseNote })
  await act('acknowledge')
  await act('note', { text: written.note })
  await act('dispatch', { note: written.dispatchNote, etaMinutes: 5 })
  await act('repeat-call', { note: written.repeatNote })
  bodyOf(await admin.post(`/api/alarms/${alarm}/reveal`, {}))
  await act('resolve', { cause: 'real', note: written.resolveNote })
  const other = await logIn(gateway.httpUrl, 'op-2', 'nine-paper-kites-9')
  bodyOf(await other.post(`/api/alarms/${alarm}/follow-up`, { reached: true, note: written.followUpNote }))
  await Promise.all([button.end(), terminal.end()])
  return alarm
}

const installAndBed = async (admin: ApiClient): Promise<void> => {
  const { home, resident } = tiedong
  const devices = [{ device: buttonOf('tiedong').id }]
  const job = await requestJob(admin, { home, devices })
  bodyOf(await job.act('survey', { notes: written.survey }))
  bodyOf(await job.act('install'))
  bodyOf(await job.act('sign', { name: written.signature, signer: 'relative' }))
  bodyOf(await job.act('cancel', { reason: written.cancelled }))
  bodyOf(await admin.post('/api/institutions', { id: 'in-1', name: '安康养老院' }))
  const bed = { id: 'bed-1', home, resident, institution: 'in-1', from: '2026-01-01T00:00:00Z' }
  bodyOf(await admin.post('/api/beds', bed))
  bodyOf(await admin.post('/api/beds/bed-1/end', { reason: written.bedReason }))
}

/** What lets somebody in: shown once, and kept by nobody. */
const makeCredentials = async (admin: ApiClient): Promise<Words> => {
  const { codes } = await registerDevices(admin, 'id,model\nbtn-1,native/smoke\nbtn-2,native/smoke\n')
  const [used, open] = codes
  if (!used || !open) throw new Error('two devices, two codes')
  const invited = await admin.post('/api/invitations', { username: 'op-3', name: 'op-3', role: 'operator' })
  return {
    'used claim code': used.code,
    'open claim code': open.code,
    'secret of a claimed device': await claim(admin, used.payload),
    'secret of a device': buttonOf('tiedong').secret,
    'secret of a terminal': tiedong.pointSecret,
    'invitation link': z.looseObject({ token: z.string() }).parse(bodyOf(invited)).token,
    session: admin.cookie.slice(admin.cookie.indexOf('=') + 1),
    password: adminPassword,
  }
}

/** Every page on which people are shown to people. */
const lookAround = async (admin: ApiClient, alarm: string): Promise<string> => {
  const { home, resident, responder, point } = tiedong
  const reason = '核对'
  const looks = [
    admin.get(`/api/alarms/${alarm}`),
    admin.get('/api/alarms?state=all'),
    admin.get('/api/homes'),
    admin.get('/api/residents'),
    admin.get('/api/jobs/job-1'),
    admin.get('/api/beds/bed-1'),
    admin.get(`/api/residents/${resident}/consents`),
    admin.post(`/api/residents/${resident}/reveal`, { reason }),
    admin.post(`/api/residents/${lishan.resident}/reveal`, { reason }),
    admin.post(`/api/homes/${home}/reveal`, { reason }),
    admin.post(`/api/responders/${responder}/reveal`, { reason }),
    admin.post(`/api/residents/${resident}/export`, { reason }),
    admin.get(`/api/alarms?state=all&point=${point}`),
    admin.get('/api/trail?limit=200'),
    admin.get('/api/trail.csv'),
  ]
  return JSON.stringify((await Promise.all(looks)).map(bodyOf))
}

/** Whoever errs has names and numbers in the wrong place. */
const makeMistakes = async ({ httpUrl }: GatewayProcess, admin: ApiClient): Promise<void> => {
  const { name, address, phone, contact, resident } = tiedong
  const mistakes = await Promise.all([
    admin.get(`/api/homes/${encodeURIComponent(name)}`),
    admin.get(`/api/residents/${encodeURIComponent(name)}?phone=${phone}`),
    admin.post('/api/residents', { id: 'r-bad', name, home: address, phone }),
    admin.post(`/api/residents/${resident}/reveal`, { reason: '', name }),
    admin.patch(`/api/residents/${resident}`, { name: [name] }),
    admin.send('/api/residents', 'application/json', `{"id":"r-bad","name":"${name}`),
  ])
  for (const { status } of mistakes) expect(status).toBeGreaterThanOrEqual(400)
  const rows = `id,name,home\nr-x,${name},${address}\n`
  bodyOf(await admin.send('/api/import?table=residents', 'text/csv', rows))
  await expect(logIn(httpUrl, contact, phone)).rejects.toThrow()
}

test('names, addresses, numbers, what people write and what lets somebody in are in no file, backup, log or figure; after an erasure nobody is shown them', () =>
  withTemporaryDirectory(async directory => {
    const gateway = await startGateway({ directory, env: { ANLING_LOG_LEVEL: 'debug' } })
    const admin = await logIn(gateway.httpUrl)
    await importRegistry(admin, twoCounties)
    const colleague = login('op-2', 'nine-paper-kites-9')
    bodyOf(await admin.post('/api/users', { ...colleague, role: 'operator' }))
    const alarm = await workOnAlarm(gateway, admin)
    await installAndBed(admin)
    const shown = await lookAround(admin, alarm)
    await makeMistakes(gateway, admin)
    const hidden = { ...allPersonal, ...(await makeCredentials(admin)) }
    // What is searched for below was really there, and is shown to whoever may see it.
    expect(foundIn(shown)).toEqual(Object.keys(allPersonal))
    expect(await listAlarms(admin, 'state=open')).toEqual([])
    bodyOf(await admin.post('/api/backups', { name: 'whole' }))
    await eventually('a backup', async () =>
      JSON.stringify((await admin.get('/api/backups')).body).includes('"state":"done"') ? true : undefined,
    )

    const places = async () => ({
      disk: foundOnDisk(directory, hidden),
      log: gateway.logLines.filter(line => foundIn(line, hidden).length > 0),
      metrics: foundIn(String((await fetchPlain(`${gateway.httpUrl}/metrics`)).body), hidden),
    })
    expect(await places()).toEqual({ disk: {}, log: [], metrics: [] })

    const { resident } = tiedong
    bodyOf(await admin.post(`/api/residents/${resident}/erase`, { reason: '本人申请', confirm: resident }))
    const notTheirs = Object.keys(allPersonal).filter(
      what => what.startsWith('neighbour') || what === 'responderPhone',
    )
    expect(foundIn(await lookAround(admin, alarm))).toEqual(notTheirs)
    expect(gateway.logLines.length).toBeLessThan(keptLogLines)

    await gateway.stop()
    expect(foundOnDisk(directory, hidden)).toEqual({})
  }))
