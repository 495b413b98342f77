import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { HomeId } from '../../../gateway/model/ids.ts'
import { checklist } from '../../../gateway/model/installation.ts'
import type { Role } from '../../../gateway/model/permissions.ts'
import { picture, testOf } from '../installation/stage.ts'
import { type Client, clientWith, logIn, openWorld, operatorPassword, type World } from './world.ts'

let world: World
let admin: Client
beforeEach(async () => {
  world = await openWorld()
  admin = await logIn(world)
})
afterEach(async () => {
  expect(world.mismatches).toEqual([])
  await world.close()
})

const person = async (username: string, role: Role, ...scopes: readonly object[]): Promise<Client> => {
  const password = operatorPassword
  const { status, body } = await admin.post('/api/users', {
    username,
    name: username,
    role,
    scopes,
    password,
  })
  if (status !== 201) throw new Error(JSON.stringify(body))
  return logIn(world, username, password)
}

const request = { home: 'h-0001', devices: [{ model: 'native/call-button', count: 1 }] }
const refusedWith = (code: string, status: number) => ({ status, body: { code } })
const Versioned = z.looseObject({ version: z.number() })

/** As somebody who has just looked at it. */
const act = async (client: Client, name: string, body: object = {}, id = 'job-1') => {
  const seen = await client.get(`/api/jobs/${id}`)
  const { version } = Versioned.parse(seen.body)
  return client.post(`/api/jobs/${id}/${name}`, { version, ...body })
}
const sendPhoto = (client: Client, version: number, payload: Uint8Array, type = 'image/jpeg') =>
  world.api.inject({
    method: 'POST',
    url: `/api/jobs/job-1/photo?version=${version}`,
    headers: { cookie: client.cookie, 'content-type': type },
    payload: Buffer.from(payload),
  })
const finish = async (client: Client): Promise<void> => {
  await act(client, 'survey', { notes: '门朝东' })
  await act(client, 'install')
  for (const item of Object.keys(checklist)) await act(client, 'check', { item, outcome: 'done' })
  await act(client, 'sign', { name: '李秀英', signer: 'resident' })
}
const testAll = () => world.lives.testAll(HomeId.parse('h-0001'), testOf)

describe('an installation', () => {
  test('is requested by dispatch, worked by a technician, and accepted once each trigger has come in', async () => {
    const operator = await person('wang', 'operator', { area: 'tiedong' })
    const technician = await person('zhao', 'technician', { area: 'tiedong' })
    expect(
      await operator.post('/api/jobs', { ...request, due: '2026-12-01', technician: 'zhao' }),
    ).toMatchObject({
      status: 201,
      body: { id: 'job-1', state: 'requested', version: 1, due: '2026-12-01', requestedBy: { id: 'wang' } },
    })
    await finish(technician)
    expect(await act(technician, 'accept')).toMatchObject({
      status: 409,
      body: { code: 'not-tested', untested: [{ device: 'btn-0001', triggers: ['sos'] }] },
    })
    testAll()
    const accepted = await act(technician, 'accept')
    expect(accepted).toMatchObject({
      status: 200,
      body: {
        state: 'accepted',
        notes: '门朝东',
        signature: { signer: 'resident', name: '李秀英', by: { id: 'zhao' } },
        tests: [{ device: 'btn-0001', trigger: 'sos', alarm: 'a-sos' }],
        lacks: { untested: [], missing: [], open: [], signature: false },
      },
    })
    expect(world.lives.enabled).toEqual(new Set(['btn-0001']))
    expect(await act(technician, 'archive')).toMatchObject({ status: 200, body: { state: 'archived' } })
    expect(
      (await technician.get('/api/jobs?state=archived&technician=zhao&area=tiedong')).body,
    ).toMatchObject({
      items: [{ id: 'job-1', state: 'archived' }],
      nextCursor: null,
    })
    // A county lies in its city.
    expect((await admin.get('/api/jobs?area=anshan')).body).toMatchObject({ items: [{ id: 'job-1' }] })
    expect((await admin.get('/api/jobs?area=tiexi')).body).toMatchObject({ items: [] })
  })

  test('shows its checklist in both languages, and what it lacks', async () => {
    await admin.post('/api/jobs', request)
    expect((await admin.get('/api/jobs/job-1')).body).toMatchObject({
      checklist: expect.arrayContaining([
        { item: 'power', ...checklist['power'], outcome: null, by: null, at: null },
      ]),
      lacks: { open: Object.keys(checklist), signature: true },
    })
  })

  test('shows a supervisor no name and no note', async () => {
    await admin.post('/api/jobs', request)
    await finish(admin)
    const supervisor = await person('minzheng', 'supervisor')
    const { body } = await supervisor.get('/api/jobs/job-1')
    expect(body).toMatchObject({ notes: '门**', signature: { name: '李**' } })
    expect(JSON.stringify(body)).not.toContain('秀英')
  })

  test('of two technicians takes the first, and tells the second to look again', async () => {
    await admin.post('/api/jobs', request)
    const [zhao, qian] = [await person('zhao', 'technician'), await person('qian', 'technician')]
    const survey = { version: 1, notes: '一楼' }
    const answers = await Promise.all([
      zhao.post('/api/jobs/job-1/survey', survey),
      qian.post('/api/jobs/job-1/survey', survey),
    ])
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 409]))
    expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({
      code: 'wrong-job-state',
      version: 2,
    })
  })

  test('outside of the caller’s scope is not there, for reading, acting, listing and asking for', async () => {
    const elsewhere = await person('sun', 'technician', { area: 'tiexi' })
    const dispatcher = await person('zhou', 'operator', { area: 'tiexi' })
    await admin.post('/api/jobs', request)
    await admin.post('/api/jobs', { ...request, home: 'h-0002' })
    const there = await elsewhere.get('/api/jobs/job-1')
    const nothing = await elsewhere.get('/api/jobs/job-9')
    expect([there.status, nothing.status]).toEqual([404, 404])
    expect(await elsewhere.post('/api/jobs/job-1/survey', { version: 1, notes: 'x' })).toMatchObject(
      refusedWith('not-found', 404),
    )
    expect((await elsewhere.get('/api/jobs')).body).toMatchObject({ items: [{ id: 'job-2' }] })
    expect(await elsewhere.get('/api/jobs?area=tiedong')).toMatchObject(refusedWith('unknown-reference', 422))
    expect(await dispatcher.post('/api/jobs', request)).toMatchObject(refusedWith('unknown-reference', 422))
  })

  test('with a mistake is refused', async () => {
    for (const body of [
      {},
      { ...request, devices: [] },
      { ...request, due: 'soon' },
      { ...request, extra: 1 },
    ])
      expect(await admin.post('/api/jobs', body)).toMatchObject(refusedWith('invalid-request', 400))
    for (const more of [{ home: 'h-9999' }, { institution: 'inst-9' }, { technician: 'nobody' }])
      expect(await admin.post('/api/jobs', { ...request, ...more })).toMatchObject(
        refusedWith('unknown-reference', 422),
      )
    await admin.post('/api/jobs', request)
    expect(await admin.post('/api/jobs/job-1/survey', { notes: 'x' })).toMatchObject(
      refusedWith('invalid-request', 400),
    )
    expect(await act(admin, 'install')).toMatchObject(refusedWith('wrong-job-state', 409))
    expect(await act(admin, 'cancel', { reason: '老人不同意' })).toMatchObject({
      status: 200,
      body: { state: 'cancelled', reason: '老人不同意' },
    })
    expect(await act(admin, 'survey', { notes: 'x' })).toMatchObject(refusedWith('wrong-job-state', 409))
    expect(await admin.get('/api/jobs?cursor=x')).toMatchObject(refusedWith('invalid-request', 400))
  })
})

describe('a photo', () => {
  const Photos = z.looseObject({
    version: z.number(),
    photos: z.array(z.object({ ref: z.string(), by: z.unknown(), at: z.string() })),
  })

  test('is kept as it was sent, and shown to those who may see the job, and to nobody else', async () => {
    await admin.post('/api/jobs', request)
    const sent = await sendPhoto(admin, 1, picture)
    const { version, photos } = Photos.parse(sent.json())
    expect([sent.statusCode, version, photos.length]).toEqual([200, 2, 1])
    const url = `/api/jobs/job-1/photos/${photos[0]?.ref ?? ''}`
    const shown = await world.api.inject({ url, headers: { cookie: admin.cookie } })
    expect([shown.statusCode, shown.headers['content-type']]).toEqual([200, 'image/jpeg'])
    expect(new Uint8Array(shown.rawPayload)).toEqual(picture)
    const responder = await person('rs', 'responder', { point: 'sp-001' })
    expect((await responder.get(url)).status).toBe(403)
    const elsewhere = await person('sun', 'technician', { area: 'tiexi' })
    expect((await elsewhere.get(url)).status).toBe(404)
    expect((await clientWith(world.api, {}).get(url)).status).toBe(401)
    // Of another job, though it is a paper.
    await admin.post('/api/jobs', request)
    expect((await admin.get(url.replace('job-1', 'job-2'))).status).toBe(404)
  })

  const png = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0]
  const webp = [...Buffer.from('RIFF\u0001\u0002\u0003\u0004WEBPVP8 ', 'latin1')]
  test.each([
    ['image/png', png, 200],
    ['image/webp', webp, 200],
    // What it is called counts for nothing.
    ['image/jpeg', png, 200],
    ['image/jpeg', [...Buffer.from('<svg onload="alert(1)">')], 415],
    ['image/png', [...Buffer.from('RIFF\u0001\u0002\u0003\u0004WAVEfmt ', 'latin1')], 415],
    ['image/png', [], 415],
    ['image/svg+xml', png, 415],
    ['application/json', [...Buffer.from('{}')], 415],
  ] as const)('sent as %s with the bytes %j answers %i', async (type, bytes, status) => {
    await admin.post('/api/jobs', request)
    expect((await sendPhoto(admin, 1, new Uint8Array(bytes), type)).statusCode).toBe(status)
  })

  test('has at most 4 MiB', async () => {
    await admin.post('/api/jobs', request)
    const large = new Uint8Array(4 * 1_048_576)
    large.set(picture)
    expect((await sendPhoto(admin, 1, large)).statusCode).toBe(200)
    const larger = new Uint8Array(large.length + 1)
    larger.set(picture)
    expect((await sendPhoto(admin, 2, larger)).statusCode).toBe(413)
  })

  test('of a step that is over is not kept', async () => {
    await admin.post('/api/jobs', request)
    await act(admin, 'cancel', { reason: 'x' })
    expect((await sendPhoto(admin, 2, picture)).statusCode).toBe(409)
    const kept = world.privacy.papers.list({ home: HomeId.parse('h-0001') })
    expect(kept.filter(({ isText }) => !isText)).toEqual([])
  })
})

const bed = {
  id: 'bed-1',
  resident: 'r-0001',
  home: 'h-0001',
  institution: 'kangle',
  from: '2026-11-01T00:00:00+08:00',
}

describe('a bed', () => {
  beforeEach(async () => {
    for (const id of ['kangle', 'anning']) await admin.post('/api/institutions', { id, name: `${id} 养老院` })
  })

  test('is planned, enabled once all is in place, suspended and ended, with who and why', async () => {
    expect(await admin.post('/api/beds', bed)).toMatchObject({
      status: 201,
      body: { state: 'planned', from: '2026-10-31T16:00:00.000Z', until: null, consent: false },
    })
    const enable = () => admin.post('/api/beds/bed-1/enable', {})
    expect(await enable()).toMatchObject(refusedWith('not-tested', 409))
    testAll()
    expect(await enable()).toMatchObject(refusedWith('consent-missing', 409))
    await admin.post('/api/residents/r-0001/consents', { purpose: 'monitoring', given: true })
    expect(await enable()).toMatchObject(refusedWith('not-complete', 409))
    await admin.post('/api/jobs', request)
    await finish(admin)
    await act(admin, 'accept')
    expect(await enable()).toMatchObject({ status: 200, body: { state: 'enabled', consent: true } })
    expect(await enable()).toMatchObject(refusedWith('wrong-bed-state', 409))
    await admin.post('/api/beds/bed-1/suspend', { reason: '住院' })
    const ended = await admin.post('/api/beds/bed-1/end', { reason: '搬走' })
    expect(ended).toMatchObject({ status: 200, body: { state: 'ended' } })
    const supervisor = await person('minzheng', 'supervisor')
    expect((await supervisor.get('/api/beds/bed-1')).body).toMatchObject({
      steps: [
        { what: 'planned', by: { id: 'admin' }, reason: null },
        { what: 'enabled' },
        { what: 'suspended', reason: '住**' },
        { what: 'ended', reason: '搬**' },
      ],
    })
  })

  test('changes from when to when', async () => {
    await admin.post('/api/beds', bed)
    const patch = (body: object) => admin.patch('/api/beds/bed-1', body)
    expect(await patch({ until: '2027-01-01T00:00:00Z' })).toMatchObject({
      status: 200,
      body: { until: '2027-01-01T00:00:00.000Z' },
    })
    expect(await patch({ until: '2020-01-01T00:00:00Z' })).toMatchObject(refusedWith('invalid-record', 422))
    expect(await patch({ until: null })).toMatchObject({ status: 200, body: { until: null } })
    expect(await patch({ home: 'h-0002' })).toMatchObject(refusedWith('invalid-request', 400))
  })

  test('is seen by its institution and its area, and by no other institution in the same home', async () => {
    await admin.post('/api/beds', bed)
    await admin.post('/api/beds', { ...bed, id: 'bed-2', institution: 'anning' })
    const kangle = await person('kangle-1', 'institution', { institution: 'kangle' })
    const tiexi = await person('sun', 'operator', { area: 'tiexi' })
    const tiedong = await person('wang', 'operator', { area: 'tiedong' })
    const Items = z.object({ items: z.array(z.looseObject({ id: z.string() })) })
    const seenBy = async (client: Client, path = 'beds') =>
      Items.parse((await client.get(`/api/${path}`)).body).items.map(({ id }) => id)
    expect([await seenBy(kangle), await seenBy(tiexi), await seenBy(tiedong)]).toEqual([
      ['bed-1'],
      [],
      ['bed-1', 'bed-2'],
    ])
    expect([await seenBy(kangle, 'institutions'), await seenBy(tiexi, 'institutions')]).toEqual([
      ['kangle'],
      [],
    ])
    expect(await seenBy(tiedong, 'institutions')).toEqual(['anning', 'kangle'])
    expect((await kangle.get('/api/beds/bed-2')).status).toBe(404)
    expect((await kangle.post('/api/beds/bed-2/end', { reason: 'x' })).status).toBe(404)
    expect((await kangle.get('/api/institutions/anning')).status).toBe(404)
    expect(await seenBy(tiedong, 'beds?institution=anning&state=planned')).toEqual(['bed-2'])
    // Its home goes with it.
    expect((await kangle.get('/api/homes/h-0001')).status).toBe(200)
    await admin.post('/api/beds/bed-1/end', { reason: 'x' })
    expect((await kangle.get('/api/homes/h-0001')).status).toBe(404)
    expect(await seenBy(kangle)).toEqual([])
  })

  test('cannot be used by an institution to let itself see a home', async () => {
    const kangle = await person('kangle-1', 'institution', { institution: 'kangle' })
    expect(await kangle.post('/api/beds', bed)).toMatchObject(refusedWith('unknown-reference', 422))
    await admin.post('/api/beds', bed)
    expect((await kangle.post('/api/beds', { ...bed, id: 'bed-2' })).status).toBe(201)
    expect(await kangle.post('/api/beds', { ...bed, id: 'bed-3', institution: 'anning' })).toMatchObject(
      refusedWith('unknown-reference', 422),
    )
    expect((await kangle.post('/api/institutions', { id: 'new', name: 'x' })).status).toBe(403)
    expect((await kangle.patch('/api/institutions/kangle', { suspended: false })).status).toBe(403)
  })
})

describe('an institution', () => {
  test('is added once, renamed and suspended', async () => {
    const kangle = { id: 'kangle', name: '康乐养老院' }
    expect(await admin.post('/api/institutions', kangle)).toMatchObject({ status: 201, body: kangle })
    expect(await admin.post('/api/institutions', kangle)).toMatchObject(refusedWith('duplicate-id', 409))
    expect(await admin.patch('/api/institutions/kangle', { suspended: true })).toMatchObject({
      status: 200,
      body: { ...kangle, suspended: true },
    })
    expect((await admin.get('/api/institutions/kangle')).body).toMatchObject({ suspended: true })
    expect((await admin.patch('/api/institutions/kangle', { id: 'other' })).status).toBe(400)
    expect((await admin.patch('/api/institutions/other', { name: 'x' })).status).toBe(404)
  })
})

describe('a test mode', () => {
  const path = '/api/homes/h-0001/test-mode'

  test('is set for ten minutes, or as many as are asked for, shown, and ended', async () => {
    const technician = await person('zhao', 'technician', { area: 'tiedong' })
    expect((await technician.get(path)).body).toEqual({ testMode: null })
    const since = '2026-11-21T12:00:00.000Z'
    const by = { id: 'zhao', name: 'zhao' }
    const set = { testMode: { since, until: '2026-11-21T12:10:00.000Z', by } }
    expect(await technician.post(path, {})).toMatchObject({ status: 200, body: set })
    expect((await technician.get(path)).body).toEqual(set)
    expect(await technician.post(path, { minutes: 15 })).toMatchObject({
      body: { testMode: { until: '2026-11-21T12:15:00.000Z' } },
    })
    expect((await technician.delete(path)).status).toBe(204)
    expect(await technician.delete(path)).toMatchObject(refusedWith('not-found', 404))
    expect((await technician.get(path)).body).toEqual({ testMode: null })
  })

  test('ends by itself', async () => {
    await admin.post(path, { minutes: 1 })
    world.clock.advance(60_000)
    expect((await admin.get(path)).body).toEqual({ testMode: null })
  })

  test('of more than 15 min, of no home, or by whom it is not for is refused', async () => {
    for (const minutes of [0, 16, 1.5, '10'])
      expect(await admin.post(path, { minutes })).toMatchObject(refusedWith('invalid-request', 400))
    for (const answer of [
      await admin.post('/api/homes/h-9999/test-mode', {}),
      await admin.get('/api/homes/h-9999/test-mode'),
    ])
      expect(answer).toMatchObject(refusedWith('not-found', 404))
    const family = await person('li', 'family', { resident: 'r-0001' })
    expect((await family.post(path, {})).status).toBe(403)
    const elsewhere = await person('sun', 'technician', { area: 'tiexi' })
    expect((await elsewhere.post(path, {})).status).toBe(404)
    expect((await admin.get(path)).body).toEqual({ testMode: null })
  })
})
