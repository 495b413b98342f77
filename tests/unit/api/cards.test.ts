import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { DeviceId } from '../../../gateway/model/ids.ts'
import { type Client, clientWith, logIn, logInOperator, openWorld, type World } from './world.ts'

let world: World
let admin: Client
let operator: Client
beforeEach(async () => {
  world = await openWorld()
  admin = await logIn(world)
  operator = await logInOperator(world)
  await admin.patch('/api/residents/r-0001', resident)
  await admin.post('/api/service-points', {
    ...{ id: 'sp-003', name: '第3服务站', area: 'tiedong' },
    position: { lat: 41.2, lon: 122.99, datum: 'WGS84' },
  })
  await admin.patch('/api/homes/h-0001', {
    keyHolder: { name: '赵叔', phone: '13700001111' },
    street: '胜利路',
  })
})
afterEach(async () => {
  expect(world.mismatches).toEqual([])
  await world.close()
})

const resident = {
  phone: '13800002222',
  idNumber: '210303194101010022',
  allergies: '青霉素',
  conditions: '高血压',
  medicines: '氨氯地平 5 mg',
  hearing: 'impaired',
  dialect: '鞍山话',
  mobility: '拄拐',
  bloodType: 'A+',
  agreement: ['120'],
  contacts: [
    { name: '邻居', phone: '13900000001', order: 2 },
    { name: '李明', relation: 'son', phone: '13900000000', order: 1 },
  ],
}
const path = '/api/residents/r-0001/card'
const links = `${path}/links`
const reason = '送医 to hospital'
const phones = /13[789]0000\d{4}/

const Shared = z.object({ id: z.string(), url: z.string(), expiresAt: z.string() })
const share = async (client = operator, more: object = {}) => {
  const { status, body } = await client.post(links, { reason, ...more })
  expect(status).toBe(201)
  const shared = Shared.parse(body)
  return { ...shared, api: shared.url.replace('/card/', '/api/cards/') }
}
const crew = () => clientWith(world.api, { 'user-agent': 'crew phone' })
const as = async (role: string, scopes: readonly object[]): Promise<Client> => {
  const { body } = await admin.post('/api/tokens', { name: role, role, scopes })
  const { token } = z.looseObject({ token: z.string() }).parse(body)
  return clientWith(world.api, { authorization: `Bearer ${token}` })
}
const recorded = (action: string) => world.journal.trail.search({ limit: 10, action })

const measure = (minutesAgo: number, readings: Readonly<Record<string, number>>): void => {
  const at = world.clock.now() - minutesAgo * 60_000
  world.telemetry.samples.push({ device: DeviceId.parse('btn-0001'), at, readings })
}

describe('the card', () => {
  test('says on one page who it is, how to get in, what to know and whom to call', async () => {
    const { status, body } = await operator.get(path)
    expect(status).toBe(200)
    expect(body).toEqual({
      notMedicalDevice: true,
      madeAt: '2026-11-21T12:00:00.000Z',
      madeBy: { id: 'wang', name: 'wang 的名字' },
      isRevealed: false,
      resident: {
        ...{ id: 'r-0001', name: '李秀英', birthYear: 1941, age: 85, phone: '138****2222' },
        ...{ allergies: '青霉素', conditions: '高血压', medicines: '氨氯地平 5 mg', bloodType: 'A+' },
        ...{ hearing: 'impaired', dialect: '鞍山话', mobility: '拄拐', agreement: ['120'] },
        contacts: [
          { name: '李明', relation: 'son', phone: '139****0000', order: 1 },
          { name: '邻居', phone: '139****0001', order: 2 },
        ],
      },
      home: {
        ...{ id: 'h-0001', address: '胜利路 1 号', area: 'tiedong', areaName: '铁东区', street: '胜利路' },
        position: { lat: 41.12, lon: 122.98, datum: 'WGS84' },
        doorNote: '钥匙在门卫',
        keyHolder: { name: '赵叔', phone: '137****1111' },
      },
      vitals: [],
      alarm: null,
    })
    expect(await recorded('GET /api/residents')).toEqual([])
  })

  test('shows the latest of the last day’s vital signs, when they were and how far the sensor trusts them', async () => {
    measure(25 * 60, { heartRate: 50 })
    expect((await operator.get(path)).body).toMatchObject({ vitals: [] })
    measure(30, { heartRate: 70, respirationRate: 16 })
    measure(10, { heartRate: 90, quality: 80 })
    expect((await operator.get(path)).body).toMatchObject({
      vitals: [
        { metric: 'heartRate', unit: '/min', value: 90, at: '2026-11-21T11:50:00.000Z', qualityPercent: 80 },
        { metric: 'respirationRate', value: 16, at: '2026-11-21T11:30:00.000Z', qualityPercent: null },
      ],
    })
    world.telemetry.broken = true
    expect(await operator.get(path)).toMatchObject({ status: 200, body: { vitals: null } })
  })

  test('has the timeline of the alarm that is named, if it is of that home', async () => {
    const { id, epoch } = await world.press()
    await operator.post(`/api/alarms/${id}/acknowledge`, { epoch })
    await operator.post(`/api/alarms/${id}/note`, { text: '老人头晕' })
    expect((await operator.get(`${path}?alarm=${id}`)).body).toMatchObject({
      alarm: {
        ...{ id, kind: 'sos', state: 'acknowledged', repeats: 0 },
        timeline: [
          { type: 'raised', by: 'device', text: null },
          { type: 'offered' },
          { type: 'acknowledged', by: 'wang 的名字' },
          { type: 'noted', text: '老人头晕' },
        ],
      },
    })
    const elsewhere = await world.press('sos', 'btn-0002', 'h-0002', 'tiexi')
    for (const other of [elsewhere.id, 'nothing'])
      expect(await operator.get(`${path}?alarm=${other}`)).toMatchObject({
        status: 404,
        body: { code: 'alarm-not-found' },
      })
  })

  test('shows numbers in clear while an alarm is open there, on record, and never that of the identity card', async () => {
    const { id, epoch } = await world.press()
    const shown = await operator.get(path)
    expect(shown.body).toMatchObject({
      isRevealed: true,
      resident: { phone: '13800002222', contacts: [{ phone: '13900000000' }, { phone: '13900000001' }] },
      home: { keyHolder: { phone: '13700001111' } },
    })
    expect(JSON.stringify(shown.body)).not.toContain('idNumber')
    expect(await recorded('GET /api/residents/:id/card')).toMatchObject([
      { actor: { id: 'wang' }, subject: 'residents/r-0001', outcome: 'done', areas: ['tiedong', 'anshan'] },
    ])
    // Who may not look up a number in an open alarm finds none on the card either.
    const token = await admin.post('/api/tokens', {
      name: 'cards',
      role: 'operator',
      permissions: ['card:read'],
    })
    const { token: secret } = z.looseObject({ token: z.string() }).parse(token.body)
    const narrow = await clientWith(world.api, { authorization: `Bearer ${secret}` }).get(path)
    expect(narrow.body).toMatchObject({ isRevealed: false, resident: { phone: '138****2222' } })
    await operator.post(`/api/alarms/${id}/acknowledge`, { epoch })
    await operator.post(`/api/alarms/${id}/resolve`, { epoch, cause: 'real' })
    expect(JSON.stringify((await operator.get(path)).body)).not.toMatch(phones)
  })

  test('is shown in an open alarm even if it cannot be put on record: that can wait, somebody on the floor cannot', async () => {
    await world.press()
    world.journal.setHealth({ writable: false })
    expect(await operator.get(path)).toMatchObject({ status: 200, body: { isRevealed: true } })
  })

  test('shows no numbers on account of an alarm about a device, or of a test', async () => {
    await world.press('device-silent')
    await world.press('test')
    expect((await operator.get(path)).body).toMatchObject({ isRevealed: false })
  })

  test('is for those who answer calls, where they do; to others nobody lives there', async () => {
    const elsewhere = await as('operator', [{ area: 'tiexi' }])
    const nobody = await operator.get('/api/residents/nobody/card')
    expect(nobody).toMatchObject({ status: 404, body: { code: 'not-found' } })
    expect(await elsewhere.get(path)).toMatchObject({ status: 404, body: { code: 'not-found' } })
    const { id } = await world.press()
    expect(await elsewhere.get(`${path}?alarm=${id}`)).toMatchObject({
      status: 404,
      body: { code: 'not-found' },
    })
    for (const [role, scope] of [
      ['family', { resident: 'r-0001' }],
      ['technician', { area: 'tiedong' }],
      ['supervisor', { area: 'tiedong' }],
      ['assessor', { area: 'tiedong' }],
    ] as const)
      expect(await (await as(role, [scope])).get(path), role).toMatchObject({ status: 403 })
  })

  test('is shown to a responder, whose alarm leads there, while it is open; and can be shared on', async () => {
    const responder = await as('responder', [{ point: 'sp-001' }])
    const other = await as('responder', [{ point: 'sp-003' }])
    const { id, epoch } = await world.press()
    expect(await responder.get(path)).toMatchObject({ status: 404 })
    expect(await other.get(`${path}?alarm=${id}`)).toMatchObject({ status: 404 })
    expect(await responder.get(`${path}?alarm=${id}`)).toMatchObject({
      status: 200,
      body: { isRevealed: true, resident: { phone: '13800002222' } },
    })
    const shared = await share(responder, { alarm: id })
    expect(await other.delete(`/api/card-links/${shared.id}`)).toMatchObject({ status: 404 })
    expect(await responder.delete(`/api/card-links/${shared.id}`)).toMatchObject({ status: 204 })
    await operator.post(`/api/alarms/${id}/acknowledge`, { epoch })
    await operator.post(`/api/alarms/${id}/resolve`, { epoch, cause: 'real' })
    expect(await responder.get(`${path}?alarm=${id}`)).toMatchObject({ status: 404 })
  })
})

describe('a link to the card', () => {
  test('shows whoever has it the card as it is now, with numbers, and nobody else', async () => {
    const { id, epoch } = await world.press()
    await operator.post(`/api/alarms/${id}/acknowledge`, { epoch })
    const { api, url, expiresAt } = await share(operator, { alarm: id })
    expect(url).toMatch(/^\/card\/[\w-]{32}$/)
    expect(expiresAt).toBe('2026-11-22T00:00:00.000Z')
    await operator.post(`/api/alarms/${id}/resolve`, { epoch, cause: 'real', note: '已送医' })
    await admin.patch('/api/residents/r-0001', { medicines: '无' })
    const { status, body, headers } = await crew().get(api)
    expect(status).toBe(200)
    expect(body).toMatchObject({
      isRevealed: true,
      madeBy: { id: 'wang' },
      resident: { name: '李秀英', medicines: '无', phone: '13800002222' },
      alarm: { id, state: 'resolved' },
    })
    expect(JSON.stringify(body)).not.toContain('idNumber')
    expect(headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' })
  })

  test('says who opened it, from where and when, to those who share; and so does the trail', async () => {
    const { id, api } = await share()
    world.clock.advance(60_000)
    await crew().get(api)
    expect((await operator.get(links)).body).toEqual({
      items: [
        {
          ...{ id, reason, alarm: null, by: { id: 'wang', name: 'wang 的名字' }, endedAt: null },
          createdAt: '2026-11-21T12:00:00.000Z',
          expiresAt: '2026-11-22T00:00:00.000Z',
          openings: [{ at: '2026-11-21T12:01:00.000Z', address: '127.0.0.1', userAgent: 'crew phone' }],
        },
      ],
    })
    expect(await recorded('GET /api/cards')).toMatchObject([
      {
        ...{ actor: { id: 'card-link' }, address: '127.0.0.1', subject: 'residents/r-0001', outcome: 'done' },
        facts: { link: id, sharedBy: 'wang' },
        areas: ['tiedong', 'anshan'],
      },
    ])
    expect(await recorded('POST /api/residents/:id/card/links')).toMatchObject([
      { actor: { id: 'wang' }, subject: 'residents/r-0001', reason },
    ])
    // The secret is nowhere: whoever reads the trail opens nothing.
    const trail = JSON.stringify(await world.journal.trail.search({ limit: 100 }))
    expect(trail).not.toContain(api.split('/').at(-1))
  })

  test('shows nothing that could not be put on record first', async () => {
    const { api } = await share()
    world.journal.setHealth({ writable: false })
    expect(await crew().get(api)).toMatchObject({ status: 503, body: { code: 'not-recorded' } })
  })

  test('that is ended while it is being opened shows nothing any more', async () => {
    const { id, api } = await share()
    const { trail } = world.journal
    const record = trail.record.bind(trail)
    trail.record = async entry => {
      if (entry.action.startsWith('GET /api/cards')) await operator.delete(`/api/card-links/${id}`)
      return record(entry)
    }
    expect(await crew().get(api)).toMatchObject({ status: 410, body: { code: 'card-void' } })
  })

  test('is void when it has expired, was ended, is unknown or is of somebody erased: all in the same words', async () => {
    const [ended, erased, expired] = [await share(), await share(operator, { hours: 72 }), await share()]
    expect(await operator.delete(`/api/card-links/${ended.id}`)).toMatchObject({ status: 204 })
    expect(await operator.delete(`/api/card-links/${ended.id}`)).toMatchObject({ status: 404 })
    const answers = [await crew().get(ended.api), await crew().get('/api/cards/unknown')]
    world.clock.advance(12 * 3_600_000)
    answers.push(await crew().get(expired.api))
    expect((await crew().get(erased.api)).status).toBe(200)
    const again = await logIn(world)
    await again.post('/api/residents/r-0001/erase', { reason, confirm: 'r-0001' })
    answers.push(await crew().get(erased.api))
    expect(await again.post(links, { reason })).toMatchObject({
      status: 409,
      body: { code: 'resident-erased' },
    })
    for (const { status, body } of answers) {
      expect(status).toBe(410)
      const { instance: _, ...told } = z.looseObject({ instance: z.string() }).parse(body)
      expect(told).toEqual({
        type: 'urn:anling:error:card-void',
        ...{ title: expect.any(String), titleZh: expect.any(String), status: 410, code: 'card-void' },
      })
    }
    expect(await recorded('DELETE /api/card-links/:id')).toMatchObject([
      { outcome: 'not-found' },
      { subject: 'residents/r-0001', outcome: 'done' },
    ])
  })

  test('is made with a reason, for three days at most, by those who may, where they may', async () => {
    const lead = await as('point-lead', [{ point: 'sp-001' }])
    const elsewhere = await as('operator', [{ area: 'tiexi' }])
    const institution = await as('institution', [{ institution: 'inst-1' }])
    for (const body of [{}, { reason: '' }, { reason, hours: 73 }, { reason, hours: 0 }])
      expect(await operator.post(links, body)).toMatchObject({ status: 400 })
    expect(await operator.post(links, { reason, alarm: 'nothing' })).toMatchObject({ status: 404 })
    const { id } = await share()
    for (const client of [lead, elsewhere]) {
      expect(await client.post(links, { reason })).toMatchObject({ status: 404 })
      expect(await client.get(links)).toMatchObject({ status: 404 })
      expect(await client.delete(`/api/card-links/${id}`)).toMatchObject({ status: 404 })
    }
    expect(await institution.post(links, { reason })).toMatchObject({ status: 403 })
    expect((await operator.get(links)).body).toMatchObject({ items: [{ id, endedAt: null }] })
  })

  test('cannot be guessed at will: an address is counted', async () => {
    const limited = await openWorld({ requestsPerMinute: 60 })
    const guess = () => clientWith(limited.api, {}).get('/api/cards/guess')
    for (let count = 0; count < 60; count += 1) expect((await guess()).status).toBe(410)
    expect(await guess()).toMatchObject({ status: 429, body: { code: 'too-many-requests' } })
    expect(limited.mismatches).toEqual([])
    await limited.close()
  })
})
