/** Two sibling counties on one gateway: what the operator of the one is told of the other, and who looked at what. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { type ApiClient, importRegistry, listAlarms, logIn } from '../../support/api-client.ts'
import { openEventStream } from '../../support/event-stream.ts'
import { type GatewayProcess, startGateway } from '../../support/gateway-process.ts'
import { bodyOf } from '../../support/installation-steps.ts'
import { connectParty, deviceTopic } from '../../support/mqtt-party.ts'
import { buttonOf, type County, people, twoCounties } from '../../support/two-counties.ts'

const password = 'nine-paper-kites-9'
const { tiedong, lishan } = people

let directory = ''
let gateway: GatewayProcess
let admin: ApiClient
/** Of Tiedong. */
let operator: ApiClient
let neighbour: ApiClient
let supervisor: ApiClient
const alarms = new Map<string, string>()

const press = async (county: County, id: string): Promise<void> => {
  const { id: username, secret } = buttonOf(county)
  const button = await connectParty(gateway.mqttUrl, { username, password: secret })
  await button.publish(deviceTopic(username, 'event'), { id, type: 'sos' })
  await button.end()
}

const person = async (username: string, role: string, area: County): Promise<ApiClient> => {
  bodyOf(await admin.post('/api/users', { username, role, scopes: [{ area }], password }))
  return logIn(gateway.httpUrl, username, password)
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'anling-neighbours-'))
  gateway = await startGateway({ directory })
  admin = await logIn(gateway.httpUrl)
  await importRegistry(admin, twoCounties)
  operator = await person('op-tiedong', 'operator', 'tiedong')
  neighbour = await person('op-lishan', 'operator', 'lishan')
  supervisor = await person('sv-tiedong', 'supervisor', 'tiedong')
  bodyOf(await admin.post('/api/institutions', { id: 'in-1', name: '安康养老院' }))
  for (const { area, home, resident } of [tiedong, lishan]) {
    const bed = { id: `bed-${area}`, home, resident, institution: 'in-1', from: '2026-01-01T00:00:00Z' }
    bodyOf(await admin.post('/api/beds', bed))
  }
  await press('lishan', 'first')
  await press('tiedong', 'first')
  for (const { id, home } of await listAlarms(admin, 'state=open')) alarms.set(home?.id ?? '', id)
})

afterAll(async () => {
  await gateway.stop()
  await rm(directory, { recursive: true, force: true })
})

const alarmOf = (home: string): string => {
  const id = alarms.get(home)
  if (id === undefined) throw new Error(`no alarm of ${home}`)
  return id
}

/** Whatever says that there is anything of the sibling. */
const marksOf = (county: County): string[] => [
  ...Object.values(people[county]),
  buttonOf(county).id,
  alarmOf(people[county].home),
]
const marksIn = (text: unknown, county: County): string[] => {
  const shown = JSON.stringify(text)
  return marksOf(county).filter(mark => shown.includes(mark))
}

const today = `${new Date().toISOString().slice(0, 10)}T00:00:00Z`
const lists = [
  '/api/areas',
  '/api/service-points',
  '/api/responders',
  '/api/homes',
  '/api/residents',
  '/api/devices',
  '/api/alarms?state=open',
  '/api/alarms?state=all',
  `/api/alarms?state=all&from=${today}`,
  '/api/beds',
  '/api/supervision/tests-due',
  ...[lishan.name, 'lishan'].flatMap(text =>
    ['residents', 'homes', 'devices', 'responders', 'service-points', 'areas'].map(
      path => `/api/${path}?text=${encodeURIComponent(text)}`,
    ),
  ),
]

/** What is asked about one thing by its id, and a reason or whatever else it needs. */
type Question = { readonly method: 'get' | 'post'; readonly path: string; readonly body?: object }
const get = (path: string): Question => ({ method: 'get', path })
const post = (path: string, body: object): Question => ({ method: 'post', path, body })

const questions = [
  get('/api/areas/{area}'),
  get('/api/service-points/{point}'),
  get('/api/responders/{responder}'),
  get('/api/homes/{home}'),
  get('/api/homes/{home}/test-mode'),
  get('/api/homes/{home}/absence'),
  get('/api/residents/{resident}'),
  get('/api/residents/{resident}/consents'),
  get('/api/residents/{resident}/thresholds'),
  get('/api/devices/{device}'),
  get('/api/devices/{device}/presence'),
  get('/api/devices/{device}/events'),
  get('/api/beds/bed-{area}'),
  get('/api/alarms/{alarm}'),
  get('/api/alarms?state=all&area={area}'),
  get('/api/alarms?state=all&point={point}'),
  get(
    '/api/telemetry?device={device}&metric=heartRate&from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z&every=60000',
  ),
  post('/api/residents/{resident}/reveal', { reason: '核对电话' }),
  post('/api/homes/{home}/reveal', { reason: '核对电话' }),
  post('/api/responders/{responder}/reveal', { reason: '核对电话' }),
  post('/api/alarms/{alarm}/reveal', {}),
  post('/api/alarms/{alarm}/acknowledge', { epoch: 1 }),
  post('/api/alarms/{alarm}/note', { text: 'x' }),
  post('/api/homes/{home}/test-mode', { minutes: 1 }),
  post('/api/jobs', { home: '{home}', devices: [{ model: 'native/smoke', count: 1 }] }),
]

const idsOf = (county: County): Readonly<Record<string, string>> => ({
  ...people[county],
  device: buttonOf(county).id,
  alarm: alarmOf(people[county].home),
})

/** Ids like any other, of nothing. */
const nothing: Readonly<Record<string, string>> = {
  area: 'nowhere',
  point: 'sp-nowhere',
  responder: 'rs-nowhere',
  home: 'h-nowhere',
  resident: 'r-nowhere',
  device: 'btn-nowhere',
  alarm: '01991e5c-0000-7000-8000-000000000000',
}

const filled = (template: string, ids: Readonly<Record<string, string>>): string =>
  template.replaceAll(/\{(\w+)\}/g, (_all, name: string) => ids[name] ?? '')

/** With the ids put back as what they stand for: answers about different things become comparable. */
const ask = async (
  who: ApiClient,
  { method, path, body }: Question,
  ids: Readonly<Record<string, string>>,
) => {
  const url = filled(path, ids)
  const sent: unknown = JSON.parse(filled(JSON.stringify(body ?? {}), ids))
  const answer = method === 'get' ? await who.get(url) : await who.post(url, sent)
  const named = Object.entries(ids).filter(([name]) => name in nothing)
  return named.reduce((text, [name, id]) => text.replaceAll(id, name), JSON.stringify(answer))
}

describe('the operator of a county', () => {
  test.each(lists)('finds nothing of the sibling in %s', async path => {
    const [mine, all] = [await operator.get(path), await admin.get(path)]
    expect(mine.status).toBe(200)
    expect(marksIn(mine.body, 'lishan')).toEqual([])
    // Both counties have as many of everything: what the operator is shown is not merely empty.
    if (!path.includes('text='))
      expect(marksIn(mine.body, 'tiedong').length).toBe(marksIn(all.body, 'tiedong').length)
  })

  test.each(questions)(
    'is told of what is the sibling’s what is told of nothing: $method $path',
    async question => {
      const about = { sibling: idsOf('lishan'), nothing, own: idsOf('tiedong') }
      const told = await ask(operator, question, about.sibling)
      expect(told).toBe(await ask(operator, question, about.nothing))
      expect(JSON.parse(told)).toMatchObject({
        body: { code: expect.stringMatching(/not-found|unknown-reference/) },
      })
      expect(await ask(operator, question, about.own)).toMatch(/^\{"status":20/)
    },
  )

  test('hears nothing of the sibling on the live stream', async () => {
    const follow = async (who: ApiClient) => {
      const stream = await openEventStream(`${gateway.httpUrl}/api/stream`, { cookie: who.cookie })
      onTestFinished(stream.close)
      return stream
    }
    const [mine, theirs] = [await follow(operator), await follow(neighbour)]
    await press('lishan', 'second')
    await press('tiedong', 'second')
    // What comes after the other in the journal would come after it here.
    await mine.until(() => mine.events.some(({ data }) => data['eventId'] === 'second'))
    await theirs.until(() => theirs.events.some(({ data }) => data['eventId'] === 'second'))
    expect(marksIn(mine.events, 'lishan')).toEqual([])
    expect(marksIn(mine.events, 'tiedong')).toContain(alarmOf(tiedong.home))
    expect(marksIn(theirs.events, 'lishan')).toContain(alarmOf(lishan.home))
  })

  test('is not shown a phone number unasked; each look at one is on record with its reason and address', async () => {
    const unasked = [
      await operator.get(`/api/residents/${tiedong.resident}`),
      await operator.get(`/api/responders/${tiedong.responder}`),
      await operator.get(`/api/alarms/${alarmOf(tiedong.home)}`),
    ]
    for (const { phone, contactPhone, responderPhone } of [tiedong])
      for (const number of [phone, contactPhone, responderPhone])
        expect(JSON.stringify(unasked)).not.toContain(number)

    const looks = [
      [`residents/${tiedong.resident}`, tiedong.contactPhone],
      [`homes/${tiedong.home}`, tiedong.phone],
      [`responders/${tiedong.responder}`, tiedong.responderPhone],
      [`alarms/${alarmOf(tiedong.home)}`, tiedong.phone],
    ] as const
    for (const [subject, number] of looks) {
      const reason = `回访 ${subject}`
      const revealed = bodyOf(await operator.post(`/api/${subject}/reveal`, { reason }))
      expect(JSON.stringify(revealed)).toContain(number)
      const { items } = Trail.parse(
        bodyOf(await admin.get(`/api/trail?subject=${encodeURIComponent(subject)}`)),
      )
      expect(items.find(entry => entry.reason === reason)).toMatchObject({
        actor: { kind: 'user', id: 'op-tiedong' },
        address: '127.0.0.1',
        action: expect.stringMatching(/^POST .*reveal$/),
        outcome: 'done',
      })
    }
  })

  test('leaves on record that the sibling was asked for, where the supervisor of that county finds it', async () => {
    await operator.post(`/api/residents/${lishan.resident}/reveal`, { reason: '好奇' })
    const curious = Trail.parse(bodyOf(await admin.get(`/api/trail?text=${encodeURIComponent('好奇')}`)))
    expect(curious.items).toMatchObject([
      { actor: { id: 'op-tiedong' }, subject: `residents/${lishan.resident}`, outcome: 'not-found' },
    ])
    await neighbour.post(`/api/residents/${lishan.resident}/reveal`, { reason: '回访' })
    const seen = bodyOf(await supervisor.get('/api/trail?limit=200'))
    expect(marksIn(seen, 'lishan')).toEqual([])
    expect(marksIn(seen, 'tiedong')).toContain(tiedong.resident)
    expect((await operator.get('/api/trail')).status).toBe(403)
  })
})

const Trail = z.object({
  items: z.array(z.looseObject({ reason: z.string().nullable(), subject: z.string().nullable() })),
})
