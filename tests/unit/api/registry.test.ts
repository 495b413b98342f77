import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { DeviceId } from '../../../gateway/model/ids.ts'
import { type Client, logIn, openWorld, town, type World } from './world.ts'

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

const importCsv = async (table: string, text: string | Buffer) => {
  const response = await world.api.inject({
    method: 'POST',
    url: `/api/import${table}`,
    headers: { cookie: admin.cookie, 'content-type': 'text/csv' },
    payload: text,
  })
  return { status: response.statusCode, body: response.json<unknown>() }
}

describe('each table of the registry', () => {
  test.each([
    ['areas', 'tiexi'],
    ['service-points', 'sp-002'],
    ['responders', 'rs-01'],
    ['homes', 'h-0002'],
    ['residents', 'r-0001'],
    ['devices', 'btn-0002'],
  ])('%s is listed, read, and refuses what is not there', async (path, id) => {
    const record = expect.objectContaining({ id })
    expect((await admin.get(`/api/${path}`)).body).toMatchObject({ items: expect.arrayContaining([record]) })
    expect((await admin.get(`/api/${path}/${id}`)).body).toEqual(record)
    expect((await admin.get(`/api/${path}/nowhere`)).status).toBe(404)
    expect((await admin.patch(`/api/${path}/nowhere`, {})).status).toBe(404)
  })
})

describe('a record', () => {
  const home = { id: 'h-0003', address: '和平路 3 号', area: 'tiexi' }

  test('is added, changed, and loses what is set to null', async () => {
    expect(await admin.post('/api/homes', { ...home, doorNote: '三单元' })).toEqual({
      status: 201,
      body: { ...home, doorNote: '三单元' },
      headers: expect.anything(),
    })
    expect((await admin.patch('/api/homes/h-0003', { area: 'tiedong', doorNote: null })).body).toEqual({
      ...home,
      area: 'tiedong',
    })
    expect((await admin.get('/api/homes/h-0003')).body).toEqual({ ...home, area: 'tiedong' })
  })

  test('with a mistake is refused in the registry’s own words', async () => {
    const post = (path: string, body: object) => admin.post(`/api/${path}`, body)
    expect(await post('homes', { ...home, id: 'h-0001' })).toMatchObject({
      status: 409,
      body: { code: 'duplicate-id' },
    })
    expect(await post('homes', { ...home, area: 'atlantis' })).toMatchObject({
      status: 422,
      body: { code: 'unknown-reference' },
    })
    expect(await post('homes', { ...home, position: { lat: 41, lon: 123 } })).toMatchObject({
      status: 422,
      body: { code: 'missing-datum' },
    })
    expect(await post('homes', {})).toMatchObject({ status: 422, body: { code: 'invalid-record' } })
    expect(await post('homes', [])).toMatchObject({ status: 422, body: { code: 'invalid-record' } })
    expect(await admin.patch('/api/service-points/sp-001', { hours: 'whenever' })).toMatchObject({
      status: 422,
      body: { code: 'invalid-hours' },
    })
  })

  test('that logs in gets a secret, which is shown this once', async () => {
    const made = await admin.post('/api/devices', { id: 'btn-0003', model: 'native/call-button' })
    const { secret } = z.looseObject({ secret: z.string() }).parse(made.body)
    expect(world.registry.checkSecret({ device: DeviceId.parse('btn-0003') }, Buffer.from(secret))).toBe(true)
    expect((await admin.get('/api/devices/btn-0003')).body).not.toHaveProperty('secret')
    const given = await admin.post('/api/devices', { id: 'btn-0004', model: 'x', secret: 'a given secret' })
    expect(given.body).not.toHaveProperty('secret')
    expect(
      world.registry.checkSecret({ device: DeviceId.parse('btn-0004') }, Buffer.from('a given secret')),
    ).toBe(true)
  })
})

describe('a list', () => {
  const Page = z.object({
    items: z.array(z.looseObject({ id: z.string() })),
    nextCursor: z.string().nullable(),
  })
  const read = async (path: string) => Page.parse((await admin.get(path)).body)

  test('is narrowed by the members of its table and by text', async () => {
    const ids = async (path: string) => (await read(path)).items.map(({ id }) => id)
    expect(await ids('/api/areas?parent=anshan')).toEqual(['tiedong', 'tiexi'])
    expect(await ids('/api/homes?area=tiexi')).toEqual(['h-0002'])
    expect(await ids('/api/devices?home=h-0001')).toEqual(['btn-0001'])
    expect(await ids('/api/residents?text=秀英')).toEqual(['r-0001'])
    expect((await admin.get('/api/homes?colour=red')).status).toBe(400)
  })

  test('is read page by page', async () => {
    const first = await read('/api/areas?limit=2')
    expect(first.items).toHaveLength(2)
    const second = await read(`/api/areas?limit=2&cursor=${first.nextCursor}`)
    expect(second.nextCursor).toBeNull()
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(['anshan', 'tiedong', 'tiexi'])
  })
})

describe('an import', () => {
  test('lands good rows, names bad ones, and shows new secrets once', async () => {
    const answer = await admin.post('/api/import', {
      homes: [
        { id: 'h-0100', address: '解放路 100 号', area: 'tiexi' },
        { id: 'h-0101', address: '解放路 101 号', area: 'atlantis' },
      ],
      devices: [{ id: 'btn-0100', model: 'native/call-button', home: 'h-0100' }],
    })
    expect(answer).toMatchObject({
      status: 200,
      body: {
        imported: { areas: 0, servicePoints: 0, responders: 0, homes: 1, residents: 0, devices: 1 },
        rejected: [{ table: 'homes', row: 1, id: 'h-0101', field: 'area', code: 'unknown-reference' }],
        secrets: [{ table: 'devices', id: 'btn-0100', secret: expect.any(String) }],
      },
    })
    expect(Object.keys(z.looseObject({}).parse(answer.body)).toSorted()).toEqual([
      'added',
      'changed',
      'imported',
      'rejected',
      'secrets',
      'unchanged',
    ])
  })

  test('can be asked what it would do: it says so, does nothing, and makes no secret', async () => {
    const document = { devices: [{ id: 'btn-0100', model: 'native/call-button', home: 'h-0001' }] }
    const preview = await admin.post('/api/import?dryRun=true', document)
    expect(preview).toMatchObject({
      status: 200,
      body: { imported: { devices: 1 }, added: { devices: 1 }, rejected: [], secrets: [] },
    })
    expect((await admin.get('/api/devices/btn-0100')).status).toBe(404)
    expect(await importCsv('?table=homes&dryRun=true', 'id,address,area\nh-0300,x,tiedong\n')).toMatchObject({
      body: { added: { homes: 1 } },
    })
    expect((await admin.get('/api/homes/h-0300')).status).toBe(404)
    expect(await admin.post('/api/import?dryRun=yes', document)).toMatchObject({ status: 400 })
    // On record as what it was.
    const entries = await world.journal.trail.search({ limit: 10, action: 'POST /api/import' })
    expect(entries.map(({ subject, outcome }) => [subject, outcome])).toEqual(
      [
        ['import/dry-run', 'done'],
        ['import/dry-run', 'done'],
        [undefined, 'invalid-request'],
      ].toReversed(),
    )
  })

  test('run again changes nothing', async () => {
    const before = (await admin.get('/api/devices')).body
    expect(await admin.post('/api/import', town)).toMatchObject({ body: { rejected: [], secrets: [] } })
    expect((await admin.get('/api/devices')).body).toEqual(before)
  })

  test('takes one table as CSV, in UTF-8 and in GB18030', async () => {
    const rows = 'id,address,area\nh-0200,胜利路 200 号,tiedong\n'
    expect(await importCsv('?table=homes', rows)).toMatchObject({
      status: 200,
      body: { imported: { homes: 1 } },
    })
    expect((await admin.get('/api/homes/h-0200')).body).toMatchObject({ address: '胜利路 200 号' })
    // 安 and 山 in GB18030.
    const chinese = Buffer.from([0xb0, 0xb2, 0xc9, 0xbd])
    const file = Buffer.concat([Buffer.from('id,address,area\nh-0201,'), chinese, Buffer.from(',tiedong\n')])
    expect(await importCsv('?table=homes', file)).toMatchObject({
      status: 200,
      body: { imported: { homes: 1 } },
    })
    expect((await admin.get('/api/homes/h-0201')).body).toMatchObject({ address: '安山' })
  })

  test('as CSV says which table it is, and of which type it is', async () => {
    expect(await importCsv('', 'id\n')).toMatchObject({ status: 400, body: { code: 'invalid-request' } })
    expect(await importCsv('?table=cats', 'id\n')).toMatchObject({
      status: 400,
      body: { code: 'invalid-request' },
    })
  })
})

describe('what a device said that was not understood', () => {
  test('is shown to the technician, newest first', async () => {
    const device = DeviceId.parse('btn-0001')
    const keep = (number: number) =>
      world.journal.keep({
        device,
        eventKey: `purr/${number}`,
        type: 'purr',
        receivedAt: Date.parse('2026-11-21T12:00:00Z') + number,
        deviceTime: 8.64e15 * 2,
        data: { loudness: number },
      })
    await keep(1)
    await keep(2)
    expect((await admin.get('/api/devices/btn-0001/events?limit=1')).body).toEqual({
      items: [
        {
          eventKey: 'purr/2',
          type: 'purr',
          receivedAt: '2026-11-21T12:00:00.002Z',
          deviceTime: '+275760-09-13T00:00:00.000Z',
          data: { loudness: 2 },
        },
      ],
    })
    expect((await admin.get('/api/devices/nowhere/events')).status).toBe(404)
  })

  test('a device is as its latest words have it, and nothing is made up', async () => {
    const device = DeviceId.parse('btn-0001')
    expect((await admin.get('/api/devices/btn-0001/presence')).body).toEqual({
      lastSeenAt: null,
      lastPressedAt: null,
      lastTestedAt: null,
      connected: null,
      online: null,
      batteryPercent: null,
      battery: { percentPerDay: null, days: [] },
      rssiDbm: null,
      mains: null,
      tamper: null,
      firmware: null,
    })
    const at = Date.parse('2026-11-21T12:00:00Z')
    world.presence.set(device, {
      lastSeenAt: at,
      lastPressedAt: at - 3_000,
      lastTestedAt: at - 2_000,
      connected: false,
      status: { online: true, batteryPercent: 79 },
      battery: [80, 79].map((percent, day) => ({ at: at + (day - 1) * 86_400_000, percent })),
    })
    expect((await admin.get('/api/devices/btn-0001/presence')).body).toEqual({
      lastSeenAt: '2026-11-21T12:00:00.000Z',
      lastPressedAt: '2026-11-21T11:59:57.000Z',
      lastTestedAt: '2026-11-21T11:59:58.000Z',
      connected: false,
      online: true,
      batteryPercent: 79,
      battery: {
        percentPerDay: -1,
        days: [
          { at: '2026-11-20T12:00:00.000Z', percent: 80 },
          { at: '2026-11-21T12:00:00.000Z', percent: 79 },
        ],
      },
      rssiDbm: null,
      mains: null,
      tamper: null,
      firmware: null,
    })
    expect((await admin.get('/api/devices/nowhere/presence')).status).toBe(404)
  })
})
