import { createHash } from 'node:crypto'
import decodeQR from 'qr/decode.js'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { AlarmId, DeviceId, HomeId } from '../../../gateway/model/ids.ts'
import { type Answer, type Client, logIn, openWorld, type World } from './world.ts'

let world: World
let admin: Client
/** Of Tiedong: sees nothing of Tiexi. */
let technician: Client

beforeEach(async () => {
  world = await openWorld()
  admin = await logIn(world)
  const password = 'a technician works here'
  const scopes = [{ area: 'tiedong' }]
  await admin.post('/api/users', { username: 'li', name: '李师傅', role: 'technician', scopes, password })
  technician = await logIn(world, 'li', password)
})
afterEach(async () => {
  expect(world.mismatches).toEqual([])
  await world.close()
})

const Made = z.object({ device: z.string(), code: z.string(), payload: z.string() })
const Boxed = z.object({ codes: z.array(Made.extend({ model: z.string() })) })
const Secret = z.object({ secret: z.string() })

const boxed = async (...ids: readonly string[]) => {
  const rows = ids.map(id => ({ id, model: 'native/call-button' }))
  return Boxed.parse((await admin.post('/api/provisioning/devices', rows)).body).codes
}
const claimed = async (id: string) => {
  const [made] = await boxed(id)
  const answer = await technician.post('/api/provisioning/claims', { code: made?.payload ?? '' })
  return Secret.parse(answer.body).secret
}
const logsIn = (device: string, secret: string) =>
  world.registry.checkSecret({ device: DeviceId.parse(device) }, new TextEncoder().encode(secret))
const codeOf = ({ body }: Answer) => z.looseObject({ code: z.string() }).parse(body).code

test('a technician scans a code, binds the button, sees it tested, and finds each step on record', async () => {
  const [made] = await boxed('btn-9')
  expect(made?.payload).toBe(`ANLING:1:btn-9:${made?.code}`)
  const claim = await technician.post('/api/provisioning/claims', { code: made?.payload ?? '' })
  expect(claim).toMatchObject({ status: 200, body: { device: 'btn-9', model: 'native/call-button' } })
  expect(logsIn('btn-9', Secret.parse(claim.body).secret)).toBe(true)

  const fitting = { home: 'h-0001', resident: 'r-0001', room: '卧室' }
  expect(await technician.post('/api/devices/btn-9/install', fitting)).toMatchObject({
    status: 200,
    body: { state: 'installed', untested: ['sos'] },
  })
  const came = { trigger: 'sos', at: world.clock.now(), alarm: AlarmId.parse('a-1') } as const
  world.provisioning.triggerTested(DeviceId.parse('btn-9'), came)
  expect((await technician.get('/api/devices/btn-9/life')).body).toMatchObject({
    state: 'tested',
    untested: [],
    tests: [{ trigger: 'sos', alarm: 'a-1' }],
    events: [
      { type: 'registered', by: { id: 'admin' } },
      { type: 'code-made' },
      { type: 'claimed', by: { id: 'li', name: '李师傅' } },
      { type: 'installed', ...fitting },
      { type: 'trigger-tested', trigger: 'sos' },
      { type: 'tested' },
    ],
  })
})

describe('a claim', () => {
  test('takes the scanned payload, or device and code as they are typed, and once only', async () => {
    const [first, second] = await boxed('btn-8', 'btn-9')
    const typed = {
      device: 'btn-8',
      code: `${first?.code.slice(0, 5)}-${first?.code.slice(5)}`.toLowerCase(),
    }
    expect((await technician.post('/api/provisioning/claims', typed)).status).toBe(200)
    const again = await technician.post('/api/provisioning/claims', typed)
    expect(again).toMatchObject({ status: 410, body: { code: 'claim-void' } })
    const foreign = await technician.post('/api/provisioning/claims', {
      code: `ANLING:1:btn-9:${first?.code}`,
    })
    expect(foreign).toMatchObject({ status: 403, body: { code: 'wrong-claim-code' } })
    for (const code of ['https://example.org', `${second?.payload}0`, '0'])
      expect(await technician.post('/api/provisioning/claims', { code })).toMatchObject({
        body: { code: 'wrong-claim-code' },
      })
  })

  test('is locked for a while after five wrong codes, and says how long', async () => {
    const [made, other] = await boxed('btn-8', 'btn-9')
    const guess = { device: 'btn-8', code: other?.code ?? '' }
    for (let turn = 0; turn < 5; turn += 1) await technician.post('/api/provisioning/claims', guess)
    const locked = await technician.post('/api/provisioning/claims', { code: made?.payload ?? '' })
    expect(locked).toMatchObject({ status: 429, body: { code: 'too-many-attempts' } })
    expect(locked.headers['retry-after']).toBe('900')
  })

  test('of a device in a home elsewhere is answered as if there were no such device', async () => {
    const rows = [{ id: 'btn-9', model: 'native/call-button', home: 'h-0002' }]
    const [made] = Boxed.parse((await admin.post('/api/provisioning/devices', rows)).body).codes
    const there = await technician.post('/api/provisioning/claims', { code: made?.payload ?? '' })
    const nowhere = await technician.post('/api/provisioning/claims', {
      code: made?.payload.replace('btn-9', 'btn-7') ?? '',
    })
    expect(there.status).toBe(403)
    expect(there.body).toEqual(nowhere.body)
    expect((await admin.post('/api/provisioning/claims', { code: made?.payload ?? '' })).status).toBe(200)
  })
})

describe('what lies elsewhere', () => {
  test('is no place to install a device, nor one to take it from', async () => {
    await claimed('btn-9')
    const refusals = [
      await technician.post('/api/devices/btn-9/install', { home: 'h-0002', room: '卧室' }),
      await technician.post('/api/devices/btn-9/install', { home: 'h-0001', resident: 'r-9', room: '卧室' }),
      await technician.post('/api/devices/btn-0002/install', { home: 'h-0001', room: '卧室' }),
      await technician.post('/api/devices/btn-0002/suspend', { reason: 'mine' }),
      await technician.get('/api/devices/btn-0002/life'),
      await technician.post('/api/devices/btn-0001/replace', { by: 'btn-0002', reason: 'broken' }),
    ]
    expect(refusals.map(({ status }) => status)).toEqual([422, 422, 404, 404, 404, 422])
    expect(world.registry.get('devices', 'btn-9')).not.toHaveProperty('home')
    expect(world.registry.get('devices', 'btn-0002')).toMatchObject({ home: 'h-0002' })
  })

  test('is left out of the history of a device that was there', async () => {
    await claimed('btn-9')
    await admin.post('/api/devices/btn-9/install', { home: 'h-0002', room: '客厅' })
    await admin.post('/api/devices/btn-9/install', { home: 'h-0001', room: '卧室' })
    const Events = z.object({ events: z.array(z.looseObject({ home: z.string().optional() })) })
    const homesIn = ({ body }: Answer) => Events.parse(body).events.flatMap(({ home }) => home ?? [])
    expect(homesIn(await admin.get('/api/devices/btn-9/life'))).toEqual(['h-0002', 'h-0001'])
    expect(homesIn(await technician.get('/api/devices/btn-9/life'))).toEqual(['h-0001'])
  })
})

test('secrets are changed, devices replaced, stopped, let in again, reset and retired, each with a reason', async () => {
  const secret = await claimed('btn-9')
  const replaced = await technician.post('/api/devices/btn-0001/replace', { by: 'btn-9', reason: '损坏' })
  expect(replaced.body).toMatchObject({ device: 'btn-9', state: 'installed', replaces: 'btn-0001' })
  expect((await admin.get('/api/devices/btn-0001/life')).body).toMatchObject({
    state: 'retired',
    replacedBy: 'btn-9',
    events: [{ type: 'adopted' }, { type: 'retired', reason: '损坏', replacedBy: 'btn-9' }],
  })
  expect(logsIn('btn-0001', 'button-secret')).toBe(false)

  await technician.post('/api/devices/btn-9/secret')
  expect(await technician.post('/api/devices/btn-9/secret')).toMatchObject({
    status: 409,
    body: { code: 'wrong-life-state', unconfirmed: true },
  })
  const changed = await technician.post('/api/devices/btn-9/secret', { force: true })
  expect(changed.body).toMatchObject({ sent: false, oldUntil: '2026-11-22T12:00:00.000Z' })
  expect([logsIn('btn-9', secret), logsIn('btn-9', Secret.parse(changed.body).secret)]).toEqual([true, true])

  expect((await technician.post('/api/devices/btn-9/suspend', {})).status).toBe(400)
  const suspended = await technician.post('/api/devices/btn-9/suspend', { reason: '失窃' })
  expect(suspended.body).toMatchObject({ state: 'suspended' })
  expect(logsIn('btn-9', Secret.parse(changed.body).secret)).toBe(false)
  expect((await technician.post('/api/devices/btn-9/claim-code')).body).toMatchObject({
    code: 'wrong-life-state',
    state: 'suspended',
  })
  expect((await technician.post('/api/devices/btn-9/resume')).body).toMatchObject({ state: 'installed' })

  const reset = await technician.post('/api/devices/btn-9/reset')
  expect(world.registry.get('devices', 'btn-9')).not.toHaveProperty('home')
  const newer = await admin.post('/api/devices/btn-9/claim-code')
  expect(codeOf(newer)).not.toBe(codeOf(reset))
  expect((await admin.post('/api/devices/btn-9/retire', { reason: '报废' })).body).toMatchObject({
    state: 'retired',
    claimUntil: null,
  })
  expect((await admin.post('/api/devices/btn-9/reset')).body).toMatchObject({ code: 'wrong-life-state' })
})

test('a device that nothing was done to is shown as at work', async () => {
  expect((await technician.get('/api/devices/btn-0001/life')).body).toEqual({
    device: 'btn-0001',
    model: 'native/call-button',
    state: 'enabled',
    since: null,
    claimUntil: null,
    oldSecretUntil: null,
    tests: [],
    untested: ['sos'],
    replaces: null,
    replacedBy: null,
    events: [],
  })
})

describe('a box of devices', () => {
  test('comes as CSV, in GB18030 as well; bad rows are named and spoil no other', async () => {
    const gb18030 = Buffer.concat([
      Buffer.from('id,model,room\nbtn-9,native/call-button,'),
      // 卧室
      Buffer.from([0xce, 0xd4, 0xca, 0xd2]),
      Buffer.from('\nbtn-0001,native/smoke,\nno id,native/smoke,\n'),
    ])
    const answer = await world.api.inject({
      method: 'POST',
      url: '/api/provisioning/devices',
      headers: { cookie: admin.cookie, 'content-type': 'text/csv' },
      payload: gb18030,
    })
    expect(answer.json()).toMatchObject({
      codes: [{ device: 'btn-9', model: 'native/call-button', until: '2027-02-19T12:00:00.000Z' }],
      rejected: [
        { row: 1, id: 'btn-0001', code: 'already-registered' },
        { row: 2, id: 'no id', code: 'invalid-record' },
      ],
    })
    expect(world.registry.get('devices', 'btn-9')).toMatchObject({ room: '卧室' })
  })

  test('is registered by administrators of the whole only', async () => {
    expect((await technician.post('/api/provisioning/devices', [])).status).toBe(403)
  })
})

describe('the sheet of labels', () => {
  const sheet = async (codes: object) => technician.post('/api/provisioning/sheet', { codes })

  test('shows each code as text and as a QR code that a scanner reads', async () => {
    const codes = await boxed('btn-8', 'btn-9')
    const { status, body, headers } = await sheet(
      codes.map(({ device, code }) => ({ device, code, model: '<b>&"' })),
    )
    expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
    const page = z.string().parse(body)
    expect(page).toContain('<html lang="zh-CN">')
    expect(page.match(/<article>/g)).toHaveLength(2)
    expect(page).toContain('&lt;b&gt;&amp;&quot;')
    for (const { code } of codes)
      expect(page).toContain(`${code.slice(0, 5)}-${code.slice(5, 10)}-${code.slice(10)}`)
    expect([...page.matchAll(/<path d="([^"]+)"/g)].map(([, path = '']) => decodeQR(imageOf(path)))).toEqual(
      codes.map(({ payload }) => payload),
    )
  })

  test('runs nothing, loads nothing, and has one style that its policy names', async () => {
    const { body, headers } = await sheet(await boxedLabels(30))
    const page = z.string().parse(body)
    expect(page).not.toMatch(/<script|style="|\bon\w+=|src=|href=/)
    expect(page.match(/<section>/g)).toHaveLength(2)
    const [, style = ''] = /<style>([^]*)<\/style>/.exec(page) ?? []
    const hash = `'sha256-${createHash('sha256').update(style).digest('base64')}'`
    expect(headers['content-security-policy']).toBe(
      `default-src 'none';style-src ${hash};base-uri 'none';form-action 'none';frame-ancestors 'none'`,
    )
    expect(page).toContain(`content="default-src 'none'; style-src ${hash};`)
  })

  test('is not made of what is no code', async () => {
    expect((await sheet([{ device: 'btn-9', code: '0000000000A' }])).body).toMatchObject({
      code: 'invalid-request',
    })
    expect((await sheet([])).status).toBe(400)
  })

  const boxedLabels = async (count: number) =>
    (await boxed(...Array.from({ length: count }, (_, index) => `box-${index}`))).map(({ device, code }) => ({
      device,
      code,
    }))
})

/** The squares of `M2 2h1v1H2Z`, four pixels each, as a camera would see them. */
const imageOf = (path: string) => {
  const side = 41 * 4
  const data = new Uint8Array(side * side * 4).fill(255)
  let [x, y] = [0, 0]
  for (const [, kind, dx = '0', dy = '0'] of path.matchAll(/([Mm])(-?\d+)[ ,]?(-?\d+)h1v1[Hh]-?\d+[Zz]/g)) {
    ;[x, y] = kind === 'M' ? [Number(dx), Number(dy)] : [x + Number(dx), y + Number(dy)]
    for (let row = y * 4; row < y * 4 + 4; row += 1)
      for (let column = x * 4; column < x * 4 + 4; column += 1)
        data.fill(0, (row * side + column) * 4, (row * side + column) * 4 + 3)
  }
  return { width: side, height: side, data }
}

describe('a stranger', () => {
  const pad = { source: 'serial', line: 'pads', address: '7' } as const
  const device = { id: 'pad-7', model: 'native/call-button', home: 'h-0001', room: '卧室' }
  const seen = () => world.strangers.push({ ...pad, firstSeenAt: 0, lastSeenAt: 0, messages: 1, facts: {} })

  test('becomes a device of a home, which has to be tested there', async () => {
    expect((await technician.post('/api/strangers/adopt', { ...pad, ...device })).status).toBe(404)
    seen()
    expect(await technician.post('/api/strangers/adopt', { ...pad, ...device })).toMatchObject({
      status: 201,
      body: { ...device, transport: { serial: { line: 'pads', number: 7 } } },
    })
    expect((await technician.get('/api/devices/pad-7/life')).body).toMatchObject({
      state: 'installed',
      untested: ['sos'],
    })
    expect(await technician.post('/api/strangers/adopt', { ...pad, ...device, id: 'pad-8' })).toMatchObject({
      status: 409,
      body: { code: 'already-registered' },
    })
  })

  test('is not adopted into a home elsewhere, nor from a line elsewhere', async () => {
    seen()
    const elsewhere = { ...pad, ...device, home: 'h-0002' }
    expect((await technician.post('/api/strangers/adopt', elsewhere)).status).toBe(422)
    world.lines.set('pads', HomeId.parse('h-0002'))
    expect((await technician.post('/api/strangers/adopt', { ...pad, ...device })).status).toBe(404)
    expect(world.registry.get('devices', 'pad-7')).toBeUndefined()
  })
})
