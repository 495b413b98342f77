import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { ResidentId } from '../../../gateway/model/ids.ts'
import { type Client, logIn, logInOperator, openWorld, type World } from './world.ts'

let world: World
let admin: Client
let operator: Client
beforeEach(async () => {
  world = await openWorld()
  admin = await logIn(world)
  operator = await logInOperator(world)
})
afterEach(async () => {
  expect(world.mismatches).toEqual([])
  await world.close()
})

const resident = '/api/residents/r-0001'
const wang = ResidentId.parse('r-0001')
const now = '2026-11-21T12:00:00.000Z'
const reason = '家属书面申请'
const confirm = 'r-0001'

/** An alarm that was worked and closed, with what people wrote on it. */
const workedAlarm = async () => {
  const { id, epoch } = await world.press()
  const at = `/api/alarms/${id}`
  await operator.post(`${at}/acknowledge`, { epoch })
  await operator.post(`${at}/note`, { text: '李秀英说腿疼' })
  await operator.post(`${at}/repeat-call`, { note: '女儿来电' })
  await operator.post(`${at}/resolve`, { cause: 'real', note: '已送医' })
  return id
}

const Timeline = z.object({ timeline: z.array(z.looseObject({ type: z.string() })) })
const timelineOf = async (id: string) =>
  Timeline.parse((await operator.get(`/api/alarms/${id}`)).body).timeline
const written = async (id: string) =>
  (await timelineOf(id)).flatMap(({ type, text, note, occurrence }) => {
    const { data } = z.looseObject({ data: z.looseObject({}).optional() }).parse(occurrence ?? {})
    const words = text ?? note ?? data?.['note']
    return words === undefined ? [] : [[type, words]]
  })

describe('what people write on an alarm', () => {
  test('is shown to them, and the journal holds its name only', async () => {
    const id = await workedAlarm()
    expect(await written(id)).toEqual([
      ['noted', '李秀英说腿疼'],
      ['repeated', '女儿来电'],
      ['resolved', '已送医'],
    ])
    const chain = JSON.stringify(await world.journal.entriesAfter(0, 100))
    for (const word of ['腿疼', '女儿', '送医']) expect(chain).not.toContain(word)
    expect(chain.match(/paper:/g)).toHaveLength(3)
  })

  test('is shown as erased when it is there no more', async () => {
    const id = await workedAlarm()
    world.privacy.papers.eraseAbout({ resident: wang })
    expect(await written(id)).toEqual(
      ['noted', 'repeated', 'resolved'].map(type => [type, '（已删除 erased）']),
    )
  })

  test('is let go of again when the command is refused', async () => {
    const { id, epoch } = await world.press()
    await operator.post(`/api/alarms/${id}/acknowledge`, { epoch })
    const late = { epoch: epoch + 7, cause: 'real', note: '晚了' }
    expect((await operator.post(`/api/alarms/${id}/resolve`, late)).body).toMatchObject({
      code: 'stale-epoch',
    })
    expect(world.privacy.papers.list({ resident: wang })).toEqual([])
  })

  test('that cannot be kept refuses the command: nobody may believe that it is on record', async () => {
    const { id, epoch } = await world.press()
    await operator.post(`/api/alarms/${id}/acknowledge`, { epoch })
    world.privacy.disk.refuses = true
    const resolved = await operator.post(`/api/alarms/${id}/resolve`, { cause: 'real', note: '已送医' })
    expect(resolved.body).toMatchObject({ code: 'journal-unavailable' })
    expect((await operator.post(`/api/alarms/${id}/resolve`, { cause: 'real' })).status).toBe(200)
  })
})

describe('consents', () => {
  const path = `${resident}/consents`

  test('are written down with who and when; the latest of each purpose counts, and every word is kept', async () => {
    const given = await admin.post(path, { purpose: 'monitoring', given: true, document: '柜 3' })
    expect(given.status).toBe(201)
    expect(given.body).toEqual({
      purpose: 'monitoring',
      given: true,
      at: now,
      by: { id: 'admin', name: 'admin' },
      document: '柜 3',
      until: null,
    })
    await admin.post(path, { purpose: 'family', given: true, until: '2026-11-21T12:00:01Z' })
    await admin.post(path, { purpose: 'monitoring', given: false })
    world.clock.advance(1_000)
    expect((await operator.get(path)).body).toMatchObject({
      items: [
        { purpose: 'monitoring', given: false, document: null },
        { purpose: 'family', given: false, until: '2026-11-21T12:00:01.000Z' },
      ],
      history: [{ given: true }, { given: true }, { given: false }],
    })
  })

  test('that are withdrawn stop no call', async () => {
    await admin.post(path, { purpose: 'monitoring', given: false })
    expect(await world.journal.load((await world.press()).id)).toMatchObject({ state: 'offered' })
  })

  test('are of residents who are there, and written by those who may', async () => {
    const monitoring = { purpose: 'monitoring', given: true }
    expect((await admin.post('/api/residents/nobody/consents', monitoring)).status).toBe(404)
    expect((await admin.get('/api/residents/nobody/consents')).status).toBe(404)
    expect((await operator.post(path, monitoring)).body).toMatchObject({ code: 'not-allowed' })
    expect((await admin.post(path, { ...monitoring, purpose: 'fun' })).status).toBe(400)
  })
})

describe('an export', () => {
  test('holds everything about the resident in clear', async () => {
    const id = await workedAlarm()
    await admin.post(`${resident}/consents`, { purpose: 'health', given: true })
    await operator.patch(`${resident}/thresholds`, {
      values: { 'bedExit.highAfter': 40 },
      why: '夜间如厕较多',
    })
    await operator.put('/api/homes/h-0001/absence', { reason: 'hospital', until: '2026-11-25T00:00:00Z' })
    world.privacy.papers.keep(Uint8Array.of(1, 2, 3), { resident: wang }, world.clock.now())
    const { status, body, headers } = await admin.post(`${resident}/export`, { reason })
    expect(status).toBe(200)
    expect(headers['content-disposition']).toBe('attachment; filename="r-0001.json"')
    expect(body).toMatchObject({
      exportedAt: now,
      resident: { name: '李秀英', contacts: [{ name: '李明', phone: '13900000000' }] },
      home: { address: '胜利路 1 号', doorNote: '钥匙在门卫' },
      devices: [{ id: 'btn-0001' }],
      consents: [{ purpose: 'health', given: true, at: now }],
      thresholds: { changes: [{ name: 'bedExit.highAfter', after: 40, why: '夜间如厕较多' }] },
      absences: [{ absence: { reason: 'hospital' } }],
      alarms: [
        {
          id,
          kind: 'sos',
          state: 'resolved',
          cause: 'real',
          notes: [{ text: '李秀英说腿疼' }, { text: '女儿来电' }, { text: '已送医' }],
        },
      ],
      moreAlarms: false,
      papers: [{}, {}, {}, { picture: 'AQID' }],
    })
  })

  test('holds nothing of others', async () => {
    await admin.post('/api/residents', { id: 'r-0002', home: 'h-0001', name: '王建国' })
    await workedAlarm()
    const { body } = await admin.post('/api/residents/r-0002/export', { reason })
    expect(body).toMatchObject({ devices: [], alarms: [], papers: [] })
    expect(JSON.stringify(body)).not.toContain('李秀英')
  })

  test('is on record before it is answered, or is not answered', async () => {
    world.journal.setHealth({ writable: false })
    expect(await admin.post(`${resident}/export`, { reason })).toMatchObject({
      status: 503,
      body: { code: 'not-recorded' },
    })
    world.journal.setHealth({ writable: true })
    await admin.post(`${resident}/export`, { reason })
    const action = 'POST /api/residents/:id/export'
    expect(await world.journal.trail.search({ limit: 10, action })).toMatchObject([
      { subject: 'residents/r-0001', reason, outcome: 'done' },
    ])
  })

  test('needs a reason, a resident, and somebody who may', async () => {
    expect((await admin.post(`${resident}/export`, {})).status).toBe(400)
    expect((await admin.post('/api/residents/nobody/export', { reason })).status).toBe(404)
    expect((await operator.post(`${resident}/export`, { reason })).body).toMatchObject({
      code: 'not-allowed',
    })
  })
})

describe('an erasure', () => {
  test('leaves the id, and nothing personal; the journal keeps its chain', async () => {
    const id = await workedAlarm()
    await admin.patch(resident, { allergies: '青霉素', hearing: 'deaf', idNumber: '210303194101010022' })
    await admin.patch('/api/homes/h-0001', {
      keyHolder: { name: '赵叔', phone: '13700001111' },
      street: '胜利路',
    })
    await admin.post(`${resident}/consents`, { purpose: 'health', given: true, document: '柜 3' })
    const { status, body } = await admin.post(`${resident}/erase`, { reason, confirm })
    expect(status).toBe(200)
    expect(body).toEqual({
      resident: 'r-0001',
      home: 'h-0001',
      papers: 3,
      devices: ['btn-0001'],
      unreached: expect.arrayContaining([expect.stringContaining('backups')]),
    })
    expect(world.privacy.erasedDevices).toEqual(['btn-0001'])
    expect(world.registry.get('residents', 'r-0001')).toEqual({
      id: 'r-0001',
      home: 'h-0001',
      name: '已删除',
      contacts: [],
      erasedAt: now,
    })
    expect(world.registry.get('homes', 'h-0001')).toEqual({
      id: 'h-0001',
      area: 'tiedong',
      address: '已删除',
    })
    // It still rings, and is still looked for in its county.
    expect(world.registry.get('devices', 'btn-0001')).toMatchObject({ home: 'h-0001', room: 'bedroom' })
    expect(world.registry.get('devices', 'btn-0001')).not.toHaveProperty('resident')
    expect((await admin.get(`${resident}/consents`)).body).toMatchObject({
      history: [{ purpose: 'health', given: false, document: null, by: { id: 'admin' } }],
    })
    expect(await written(id)).toHaveLength(3)
    expect(JSON.stringify(await timelineOf(id))).not.toContain('腿疼')
    expect(await world.journal.verify()).toMatchObject({ ok: true })
  })

  test('is not undone by the next import, nor by hand; done again it changes nothing', async () => {
    expect((await admin.post(`${resident}/erase`, { reason, confirm })).status).toBe(200)
    const row = { id: 'r-0001', home: 'h-0001', name: '李秀英' }
    expect((await admin.post('/api/import', { residents: [row] })).body).toMatchObject({
      imported: { residents: 0 },
      rejected: [{ id: 'r-0001', code: 'resident-erased' }],
    })
    expect((await admin.patch(resident, { name: '李秀英' })).body).toMatchObject({ code: 'resident-erased' })
    expect((await admin.post(`${resident}/consents`, { purpose: 'health', given: true })).body).toMatchObject(
      {
        code: 'resident-erased',
      },
    )
    world.clock.advance(1_000)
    expect((await admin.post(`${resident}/erase`, { reason, confirm })).body).toMatchObject({ papers: 0 })
    expect(world.registry.get('residents', 'r-0001')).toMatchObject({ erasedAt: now })
  })

  test('leaves the address and the devices of a home in which somebody else lives', async () => {
    await admin.post('/api/residents', { id: 'r-0002', home: 'h-0001', name: '王建国' })
    await admin.post('/api/devices', { id: 'door-1', model: 'native/door', home: 'h-0001' })
    const { body } = await admin.post(`${resident}/erase`, { reason, confirm })
    expect(body).toMatchObject({ devices: ['btn-0001'] })
    expect(body).not.toHaveProperty('home')
    expect(world.registry.get('homes', 'h-0001')).toMatchObject({ address: '胜利路 1 号' })
    expect(
      (await admin.post('/api/residents/r-0002/erase', { reason, confirm: 'r-0002' })).body,
    ).toMatchObject({
      home: 'h-0001',
      devices: ['btn-0001', 'door-1'],
    })
  })

  test('waits for an open alarm: whoever calls is somebody with a name', async () => {
    const { id, epoch } = await world.press()
    const refused = await admin.post(`${resident}/erase`, { reason, confirm })
    expect(refused.body).toMatchObject({ status: 409, code: 'alarm-open', alarms: [id] })
    expect(world.privacy.erasedDevices).toEqual([])
    expect(world.registry.get('residents', 'r-0001')).toMatchObject({ name: '李秀英' })
    await operator.post(`/api/alarms/${id}/acknowledge`, { epoch })
    await operator.post(`/api/alarms/${id}/resolve`, { cause: 'real' })
    expect((await admin.post(`${resident}/erase`, { reason, confirm })).status).toBe(200)
  })

  test('names the resident twice, says why, and is for those who may', async () => {
    const other = await admin.post(`${resident}/erase`, { reason, confirm: 'r-0002' })
    expect(other.body).toMatchObject({ code: 'erasure-not-confirmed' })
    expect((await admin.post(`${resident}/erase`, { confirm })).status).toBe(400)
    const nobody = await admin.post('/api/residents/nobody/erase', { reason, confirm: 'nobody' })
    expect(nobody.status).toBe(404)
    expect((await operator.post(`${resident}/erase`, { reason, confirm })).body).toMatchObject({
      code: 'not-allowed',
    })
    expect(world.registry.get('residents', 'r-0001')).toMatchObject({ name: '李秀英' })
  })
})

const Keys = z.object({
  items: z.array(
    z.strictObject({ id: z.string(), createdAt: z.string(), current: z.boolean(), rows: z.int() }),
  ),
  running: z.boolean(),
})

describe('keys', () => {
  test('are shown with what each still seals, and rotate in the background', async () => {
    await workedAlarm()
    const before = Keys.parse((await admin.get('/api/keys')).body)
    expect(before).toMatchObject({ items: [{ createdAt: now, current: true, rows: 3 }], running: false })
    const started = await admin.post('/api/keys/rotation', { reason: '年度更换' })
    expect(started.status).toBe(202)
    expect(started.body).toMatchObject({ items: [{ rows: 3 }, { current: true, rows: 0 }], running: true })
    await world.clock.pass(10_000)
    const after = Keys.parse((await admin.get('/api/keys')).body)
    expect(after).toMatchObject({ items: [{ current: true, rows: 3 }], running: false })
    expect(after.items[0]?.id).not.toBe(before.items[0]?.id)
  })

  test('are for administrators', async () => {
    expect((await operator.get('/api/keys')).status).toBe(403)
    expect((await operator.post('/api/keys/rotation', { reason: 'x' })).status).toBe(403)
  })
})
