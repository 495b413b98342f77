import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type Role, roles } from '../../../gateway/model/permissions.ts'
import { maskFields, seenBy, unmaskFields, type Viewer } from '../../../gateway/model/personal.ts'
import { HomeRecord, ResidentRecord } from '../../../gateway/model/records.ts'
import { type Client, clientWith, logIn, openWorld, type World } from './world.ts'

let world: World
let admin: Client
beforeAll(async () => {
  world = await openWorld()
  admin = await logIn(world)
})
afterAll(async () => {
  expect(world.mismatches).toEqual([])
  await world.close()
})

const as = async (role: Role, scopes: readonly object[] = []): Promise<Client> => {
  const { body } = await admin.post('/api/tokens', { name: role, role, scopes })
  const { token } = z.looseObject({ token: z.string() }).parse(body)
  return clientWith(world.api, { authorization: `Bearer ${token}` })
}

const contacts = [
  { name: '李明', relation: 'son', phone: '13900000001', order: 1 },
  { name: '李芳', relation: 'daughter', phone: '13900000002', order: 2 },
  { name: '邻居', phone: '120' },
]
const resident = {
  id: 'r-0900',
  home: 'h-0001',
  name: '李秀兰',
  birthYear: 1941,
  phone: '13811112222',
  contacts,
}
const stored = () => world.registry.get('residents', 'r-0900')

describe('a record', () => {
  test('that was read, edited and imported loses no telephone number', async () => {
    await world.registry.importDocument({ residents: [resident] })
    const read = z.looseObject({}).parse((await admin.get('/api/residents/r-0900')).body)
    const edited = { ...read, name: '李秀蓝', phone: '13700001111' }
    expect((await admin.post('/api/import', { residents: [edited] })).status).toBe(200)
    expect(stored()).toEqual({ ...resident, name: '李秀蓝', phone: '13700001111' })
  })

  test('is shown to each role as the table of sensitivities says', async () => {
    await world.registry.importDocument({ residents: [resident] })
    expect((await admin.get('/api/residents/r-0900')).body).toEqual({
      ...resident,
      phone: '138****2222',
      contacts: [
        { ...contacts[0], phone: '139****0001' },
        { ...contacts[1], phone: '139****0002' },
        { ...contacts[2], phone: '****' },
      ],
    })
    const supervisor = await as('supervisor')
    expect((await supervisor.get('/api/residents/r-0900')).body).toMatchObject({ name: '李**', id: 'r-0900' })
    expect((await supervisor.get('/api/residents/r-0900')).body).not.toHaveProperty('birthYear')
    const technician = await as('technician')
    expect((await technician.get('/api/residents/r-0900')).body).toMatchObject({ name: '李秀兰' })
    expect((await technician.get('/api/residents/r-0900')).body).not.toHaveProperty('birthYear')
  })

  test('shows what a crew must know to who sees health, whole or not at all; its identity number to nobody', async () => {
    const health = {
      ...{ allergies: '青霉素', conditions: '高血压', medicines: '氨氯地平', bloodType: 'A+' },
      ...{ hearing: 'deaf', dialect: '鞍山话', mobility: '轮椅', sex: 2 },
    }
    const file = { ...resident, id: 'r-0902', ...health, idNumber: '210303194101010022' }
    await world.registry.importDocument({ residents: [file] })
    await admin.patch('/api/homes/h-0002', { keyHolder: { name: '赵叔', phone: '13700001111' } })
    const operator = await as('operator')
    expect((await operator.get('/api/residents/r-0902')).body).toMatchObject({
      ...health,
      idNumber: '210****0022',
    })
    expect((await operator.get('/api/homes/h-0002')).body).toMatchObject({
      keyHolder: { name: '赵叔', phone: '137****1111' },
    })
    for (const role of ['technician', 'supervisor'] as const) {
      const shown = z.looseObject({}).parse((await (await as(role)).get('/api/residents/r-0902')).body)
      for (const field of Object.keys(health)) expect(shown, `${role} ${field}`).not.toHaveProperty(field)
      expect(shown).toMatchObject({ idNumber: '210****0022' })
    }
    expect((await (await as('supervisor')).get('/api/homes/h-0002')).body).toMatchObject({
      keyHolder: { name: '赵**', phone: '137****1111' },
    })
    // Read, changed and written back, it loses nothing.
    const read = z.looseObject({}).parse((await admin.get('/api/residents/r-0902')).body)
    await admin.patch('/api/residents/r-0902', { ...read, mobility: '拄拐' })
    expect(world.registry.get('residents', 'r-0902')).toEqual({ ...file, mobility: '拄拐' })
    await admin.patch('/api/homes/h-0002', {
      keyHolder: { name: '赵大叔', phone: '137****1111' },
    })
    expect(world.registry.get('homes', 'h-0002')?.keyHolder).toEqual({ name: '赵大叔', phone: '13700001111' })
  })

  test('is masked in the answers to its making and its changing, and in lists', async () => {
    const made = await admin.post('/api/residents', { ...resident, id: 'r-0901' })
    const changed = await admin.patch('/api/residents/r-0901', { phone: '13833334444' })
    expect(made).toMatchObject({ status: 201, body: { phone: '138****2222' } })
    expect(changed).toMatchObject({ status: 200, body: { phone: '138****4444' } })
    expect(world.registry.get('residents', 'r-0901')?.phone).toBe('13833334444')
    expect(JSON.stringify((await admin.get('/api/residents')).body)).not.toMatch(/1390000000\d|1381111/)
  })

  test('is found by its name only by who sees that', async () => {
    const found = async (client: Client, text: string) =>
      z
        .looseObject({ items: z.array(z.looseObject({ id: z.string() })) })
        .parse((await client.get(`/api/residents?text=${text}`)).body)
        .items.map(({ id }) => id)
    const supervisor = await as('supervisor')
    expect(await found(admin, '秀英')).toEqual(['r-0001'])
    expect(await found(supervisor, '秀英')).toEqual([])
    expect(await found(supervisor, '李')).toEqual([])
    expect(await found(supervisor, 'R-0001')).toEqual(['r-0001'])
  })

  test('keeps its numbers when somebody reads, edits and writes it back', async () => {
    await world.registry.importDocument({ residents: [resident] })
    const { body } = await admin.get('/api/residents/r-0900')
    const read = z.looseObject({ contacts: z.array(z.looseObject({ name: z.string() })) }).parse(body)
    await admin.patch('/api/residents/r-0900', { ...read, name: '李秀兰（改）' })
    expect(stored()).toEqual({ ...resident, name: '李秀兰（改）' })
    // The first is taken out: the others keep what is theirs.
    await admin.patch('/api/residents/r-0900', { contacts: read.contacts.slice(1) })
    expect(stored()?.contacts).toEqual(contacts.slice(1))
    const added = { name: '王强', phone: '13955556666' }
    await admin.patch('/api/residents/r-0900', { contacts: [added, ...read.contacts.slice(1)] })
    expect(stored()?.contacts).toEqual([added, ...contacts.slice(1)])
  })
})

describe('contacts that look alike', () => {
  const alike = [
    { name: '急救', phone: '120' },
    { name: '火警', phone: '119' },
    { name: '女儿', phone: '13900001234' },
    { name: '女儿', phone: '13911111234' },
  ]
  const write = (shown: readonly object[]) =>
    unmaskFields(ResidentRecord, { contacts: shown }, { contacts: alike }, { role: 'administrator' })
  const shown = alike.map(({ name, phone }) => ({
    name,
    phone: phone.length < 8 ? '****' : '139****1234',
  }))

  test('keep each its own number, in their places', () => {
    expect(write(shown)).toEqual({ contacts: alike })
  })

  test('keep it when one before them is taken out', () => {
    expect(write(shown.slice(1, 3))).toEqual({ contacts: alike.slice(1, 3) })
  })

  test('keep it when they are called something else', () => {
    expect(write([{ ...shown[0], name: '医院' }, ...shown.slice(1)])).toEqual({
      contacts: [{ name: '医院', phone: '120' }, ...alike.slice(1)],
    })
  })
})

describe('an alarm', () => {
  test('shows a supervisor neither who it is nor what was measured and written, a dispatcher all but the numbers', async () => {
    const { id } = await world.press()
    await admin.post(`/api/alarms/${id}/note`, { text: '老人头晕' })
    await admin.post(`/api/alarms/${id}/repeat-call`, { note: '女儿来电' })
    const supervisor = JSON.stringify((await (await as('supervisor')).get(`/api/alarms/${id}`)).body)
    const operator = JSON.stringify((await (await as('operator')).get(`/api/alarms/${id}`)).body)
    for (const words of ['李秀英', '胜利路', '钥匙在门卫', '1941', '头晕', '来电']) {
      expect(supervisor).not.toContain(words)
      expect(operator).toContain(words)
    }
    for (const text of [supervisor, operator]) expect(text).not.toContain('13900000000')
  })
})

describe('how far it is from points whose place everybody knows', () => {
  test('is not told to a supervisor: from three of them a home is found', async () => {
    const { id } = await world.press()
    const [supervisor, operator] = [await as('supervisor'), await as('operator')]
    for (const path of [`/api/alarms/${id}`, '/api/alarms?state=open', '/api/coverage?minutes=1']) {
      const told = (await supervisor.get(path)).body
      expect(JSON.stringify(told), path).not.toMatch(/"travelMinutes":\d/)
      expect(JSON.stringify((await operator.get(path)).body), path).toMatch(/"travelMinutes":\d/)
    }
    expect((await supervisor.get(`/api/alarms/${id}/nearest`)).status).toBe(403)
    expect((await operator.get(`/api/alarms/${id}/nearest`)).status).toBe(200)
  })

  test('is not found by a supervisor by asking for ever more minutes either', async () => {
    const supervisor = await as('supervisor')
    const asked = async (minutes: number) =>
      z
        .looseObject({ minutes: z.number() })
        .parse((await supervisor.get(`/api/coverage?minutes=${minutes}`)).body)
    expect(await asked(1)).toEqual(await asked(15))
    expect(await asked(16)).toEqual(await asked(30))
    expect(await asked(16)).toMatchObject({ minutes: 30 })
  })
})

describe('how homes are watched over', () => {
  test('names no address to a supervisor', async () => {
    const supervisor = await as('supervisor')
    for (const path of ['/api/supervision', '/api/homes/h-0001/supervision', '/api/supervision/tests-due']) {
      const { status, body } = await supervisor.get(path)
      expect(status, path).toBe(200)
      expect(JSON.stringify(body), path).not.toMatch(/胜利路|人民路/)
    }
  })
})

describe('masking', () => {
  const text = fc.string({ minLength: 1, maxLength: 20 })
  const someResident = fc.record({
    name: text,
    phone: text,
    birthYear: fc.integer({ min: 1890, max: 2100 }),
    contacts: fc.array(fc.record({ name: text, phone: text }), { maxLength: 4 }),
  })
  const viewer = fc.constantFrom<Viewer>(...roles.map(role => ({ role })))

  test('loses nothing when what was shown is written back', () => {
    fc.assert(
      fc.property(someResident, viewer, (record, who) => {
        const shown = maskFields(ResidentRecord, record, who)
        expect({ ...record, ...unmaskFields(ResidentRecord, shown, record, who) }).toEqual(record)
      }),
    )
  })

  test('shows a revealed record as it is', () => {
    fc.assert(
      fc.property(someResident, record => {
        expect(maskFields(ResidentRecord, record, 'revealed')).toEqual(record)
      }),
    )
  })

  test('takes a new value for what it is', () => {
    const before = { address: '胜利路 1 号', area: 'tiedong' }
    const change = { address: '人民路 2 号' }
    expect(unmaskFields(HomeRecord, change, before, { role: 'supervisor' })).toEqual(change)
    expect(unmaskFields(HomeRecord, { address: '胜**' }, before, { role: 'supervisor' })).toEqual({
      address: '胜利路 1 号',
    })
  })

  test('hides telephone numbers from every role', () => {
    expect(seenBy.contact).toEqual([])
    for (const role of roles) {
      expect(maskFields(ResidentRecord, resident, { role })).toMatchObject({
        phone: '138****2222',
        contacts: [{ phone: '139****0001' }, { phone: '139****0002' }, { phone: '****' }],
      })
    }
  })
})
