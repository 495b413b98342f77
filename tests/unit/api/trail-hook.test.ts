import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { TrailEntry } from '../../../gateway/model/trail.ts'
import { adminPassword, type Client, logIn, logInOperator, openWorld, type World } from './world.ts'

let world: World
let operator: Client
beforeEach(async () => {
  world = await openWorld()
  operator = await logInOperator(world)
})
afterEach(async () => {
  expect(world.mismatches).toEqual([])
  await world.close()
})

/** Newest last. */
const recorded = async (action: string) =>
  (await world.journal.trail.search({ limit: 10_000, action })).toReversed()
const login = (username: string, password: string, remoteAddress = '10.0.0.1') =>
  world.api.inject({
    method: 'POST',
    url: '/api/session',
    payload: { username, password },
    remoteAddress,
  })
const failures = async (): Promise<readonly TrailEntry[]> =>
  (await recorded('POST /api/session')).filter(({ outcome }) => outcome !== 'done')
const metricsText = async (): Promise<string> => (await world.api.inject('/metrics')).payload

describe('the audit trail', () => {
  test('holds each act: who, from where, what, on what and how it ended, but nothing that was written down', async () => {
    const { id, epoch } = await world.press()
    await operator.post(`/api/alarms/${id}/acknowledge`, { epoch })
    await operator.post(`/api/alarms/${id}/note`, { text: '正在回拨' })
    await operator.post(`/api/alarms/${id}/release`, { note: '交班' })
    const entries = await recorded('POST /api/alarms/')
    expect(entries).toMatchObject([
      { action: 'POST /api/alarms/:id/acknowledge', subject: `alarms/${id}`, outcome: 'done' },
      { action: 'POST /api/alarms/:id/note' },
      { action: 'POST /api/alarms/:id/release' },
    ])
    expect(entries[0]).toMatchObject({
      actor: { kind: 'user', id: 'wang', name: 'wang 的名字' },
      address: '127.0.0.1',
      areas: ['tiedong', 'anshan'],
    })
    expect(JSON.stringify(entries)).not.toMatch(/回拨|交班/)
  })

  test('holds what was refused, with the code', async () => {
    await operator.post('/api/alarms/nothing/acknowledge', { epoch: 1 })
    await operator.post('/api/homes', {})
    expect(await recorded('POST /api/alarms/')).toMatchObject([{ outcome: 'alarm-not-found' }])
    expect(await recorded('POST /api/homes')).toMatchObject([{ outcome: 'not-allowed' }])
  })

  test('holds what was made under its id', async () => {
    const admin = await logIn(world)
    await admin.post('/api/homes', { id: 'h-0003', address: '和平路 3 号', area: 'tiexi' })
    expect(await recorded('POST /api/homes')).toMatchObject([
      { subject: 'homes/h-0003', outcome: 'done', areas: ['tiexi', 'anshan'] },
    ])
  })

  test('names the fields that a change has touched, and nothing of what they hold', async () => {
    const admin = await logIn(world)
    const path = '/api/residents/r-0001'
    const read = z.looseObject({}).parse((await admin.get(path)).body)
    await admin.patch(path, { ...read, name: '李秀莲', phone: '13800000000', 甲乙丙: 'x' })
    await admin.patch(path, { phone: null, birthYear: 1941 })
    await admin.patch('/api/devices/btn-0001', { room: 'kitchen', secret: 'another secret' })
    await admin.patch('/api/users/wang', { name: '王', role: 'operator', password: 'a new pass phrase' })
    await admin.patch(path, { home: 'h-none' })
    const entries = await recorded('PATCH /api/')
    expect(entries.map(({ subject, facts }) => [subject, facts])).toEqual([
      ['residents/r-0001', { fields: 'name phone' }],
      ['residents/r-0001', { fields: 'phone' }],
      ['devices/btn-0001', { fields: 'room secret' }],
      ['users/wang', { fields: 'name password' }],
      ['residents/r-0001', undefined],
    ])
    expect(JSON.stringify(entries)).not.toMatch(/李秀|1380000|甲乙丙|kitchen|another secret|pass phrase/)
  })

  test('says how many tokens and invitations went with somebody who was disabled', async () => {
    const admin = await logIn(world)
    await admin.patch('/api/users/wang', { role: 'administrator' })
    await operator.post('/api/tokens', { name: 'board', role: 'operator' })
    const invited = { username: 'zhao', name: '赵', role: 'operator' }
    expect((await operator.post('/api/invitations', invited)).status).toBe(201)
    const disabled = await admin.patch('/api/users/wang', { disabled: true })
    expect(disabled).toMatchObject({ status: 200, body: { disabled: true } })
    expect((await recorded('PATCH /api/users')).at(-1)).toMatchObject({
      subject: 'users/wang',
      facts: { fields: 'disabled', tokens: 1, invitations: 1 },
    })
    expect((await admin.get('/api/tokens')).body).toMatchObject({ items: [] })
  })

  test('holds which person, token, invitation, level or session it was about', async () => {
    const admin = await logIn(world)
    const who = { username: 'zhao', name: '赵' }
    await admin.post('/api/users', who)
    await admin.patch('/api/users/zhao', { role: 'supervisor' })
    await admin.patch('/api/users/nobody', { role: 'supervisor' })
    const made = async (path: string, body: object) =>
      z.looseObject({ id: z.string() }).parse((await admin.post(path, body)).body).id
    const token = await made('/api/tokens', { name: 'board' })
    await admin.delete(`/api/tokens/${token}`)
    const invitation = await made('/api/invitations', { ...who, username: 'qian', role: 'operator' })
    await admin.delete(`/api/invitations/${invitation}`)
    await admin.patch('/api/presets/2/thresholds', { values: {}, why: '试行' })
    for (const { id } of world.access.sessions.list('wang')) await admin.delete(`/api/sessions/${id}`)
    const subjects = (await recorded('')).map(({ subject }) => subject)
    expect(subjects.slice(-9)).toEqual([
      ...['users/zhao', 'users/zhao', 'users/nobody'],
      ...[`tokens/${token}`, `tokens/${token}`],
      ...[`invitations/${invitation}`, `invitations/${invitation}`],
      ...['presets/2', 'users/wang'],
    ])
  })

  test('holds no look at anything, and nothing of whom nobody knows', async () => {
    const before = world.journal.trail.head().seq
    await operator.get('/api/alarms')
    await operator.get('/api/residents/r-0001')
    await world.api.inject({ method: 'POST', url: '/api/alarms/x/acknowledge', payload: { epoch: 1 } })
    await world.api.inject({ method: 'POST', url: '/api/nowhere' })
    expect(world.journal.trail.head().seq).toBe(before)
  })

  test('holds logins and logouts', async () => {
    await login('admin', adminPassword)
    expect((await recorded('POST /api/session')).at(-1)).toMatchObject({
      actor: { kind: 'user', id: 'admin', name: 'admin' },
      address: '10.0.0.1',
      outcome: 'done',
    })
    await operator.delete('/api/session')
    expect(await recorded('DELETE /api/session')).toMatchObject([{ actor: { id: 'wang' }, outcome: 'done' }])
    await operator.delete('/api/session')
    expect(await recorded('DELETE /api/session')).toHaveLength(1)
  })

  test('lets the answer go out though it cannot be written, and counts that', async () => {
    const admin = await logIn(world)
    expect(await metricsText()).toContain('anling_trail_failures_total 0')
    world.journal.setHealth({ writable: false })
    expect((await admin.patch('/api/homes/h-0002', { address: '人民路 3 号' })).status).toBe(200)
    expect(await metricsText()).toContain('anling_trail_failures_total 1')
  })
})

describe('failed logins', () => {
  test('are recorded at once, and then once a minute with their number, for each name and address', async () => {
    for (let attempt = 0; attempt < 20; attempt += 1) await login('wang', 'wrong')
    await login('wang', 'wrong', '10.0.0.2')
    expect(await failures()).toMatchObject([
      { subject: 'users/wang', address: '10.0.0.1', outcome: 'wrong-credentials', facts: { attempts: 1 } },
      { subject: 'users/wang', address: '10.0.0.2', facts: { attempts: 1 } },
    ])
    await world.clock.pass(60_000)
    expect((await failures()).slice(2)).toMatchObject([{ address: '10.0.0.1', facts: { attempts: 19 } }])
    await world.clock.pass(600_000)
    expect(await failures()).toHaveLength(3)
    await login('wang', 'wrong')
    expect(await failures()).toHaveLength(4)
  })

  test('do not write down what somebody typed in place of a name', async () => {
    await login('my-secret-password', 'x')
    expect(await failures()).toMatchObject([{ actor: { id: 'nobody' } }])
    expect(JSON.stringify(await recorded(''))).not.toContain('my-secret-password')
  })

  test('that have not the shape of a login are none', async () => {
    await login('wang', '')
    expect(await failures()).toEqual([])
  })
})
