/** What is wrong in a request, and the code that says so. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { type ApiClient, importRegistry, logIn } from '../../support/api-client.ts'
import { type GatewayProcess, startGateway } from '../../support/gateway-process.ts'
import { bodyOf, claim, registerDevices } from '../../support/installation-steps.ts'
import { connectParty } from '../../support/mqtt-party.ts'
import { buttonOf, people, twoCounties } from '../../support/two-counties.ts'

let directory = ''
let gateway: GatewayProcess
let admin: ApiClient

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'anling-refusals-'))
  gateway = await startGateway({ directory })
  admin = await logIn(gateway.httpUrl)
  await importRegistry(admin, twoCounties)
})

afterAll(async () => {
  await gateway.stop()
  await rm(directory, { recursive: true, force: true })
})

const newDevice = async (device: string): Promise<{ readonly code: string; readonly payload: string }> => {
  const { codes } = await registerDevices(admin, `id,model\n${device},native/call-button\n`)
  const [made] = codes
  if (!made) throw new Error(`no code for ${device}`)
  return made
}

const tryClaim = (body: object) => admin.post('/api/provisioning/claims', body)

/** A slip of the finger: the last of the ten characters is another one. */
const mistyped = (code: string): string =>
  `${code.slice(0, 9)}${code[9] === '0' ? '1' : '0'}${code.slice(10)}`

describe('a claim code', () => {
  test('that is mistyped, of another device, of nobody, or no code at all is wrong, and the right one still works', async () => {
    const [mine, other] = [await newDevice('btn-4001'), await newDevice('btn-4002')]
    const wrong = [
      { device: 'btn-4001', code: mistyped(mine.code) },
      { device: 'btn-4001', code: other.code },
      { device: 'btn-nowhere', code: mine.code },
      { device: buttonOf('tiedong').id, code: mine.code },
      { code: `ANLING:2:btn-4001:${mine.code}` },
      { code: mine.code },
      { code: 'https://example.org/' },
    ]
    for (const body of wrong)
      expect(await tryClaim(body), JSON.stringify(body)).toMatchObject({
        status: 403,
        body: { code: 'wrong-claim-code' },
      })
    await claim(admin, mine.payload)
    await claim(admin, other.payload)
  })

  test('that was used or replaced is void', async () => {
    const first = await newDevice('btn-4003')
    const renewed = z
      .looseObject({ payload: z.string() })
      .parse(bodyOf(await admin.post('/api/devices/btn-4003/claim-code', {})))
    const isVoid = { status: 410, body: { code: 'claim-void' } }
    expect(await tryClaim({ code: first.payload })).toMatchObject(isVoid)
    await claim(admin, renewed.payload)
    expect(await tryClaim({ code: renewed.payload })).toMatchObject(isVoid)
  })

  test('tried wrongly five times is locked for a while; a device that has its secret is not', async () => {
    const { code, payload } = await newDevice('btn-4004')
    const secret = await claim(admin, payload)
    const again = z
      .looseObject({ payload: z.string() })
      .parse(bodyOf(await admin.post('/api/devices/btn-4004/claim-code', {})))
    const { code: foreign } = await newDevice('btn-4005')
    for (let time = 0; time < 5; time += 1) await tryClaim({ device: 'btn-4004', code: foreign })
    expect(await tryClaim({ code: again.payload })).toMatchObject({
      status: 429,
      body: { code: 'too-many-attempts' },
    })
    await (await connectParty(gateway.mqttUrl, { username: 'btn-4004', password: secret })).end()
    expect(code).not.toBe(foreign)
  })

  test('that has expired is void, also after the clock was set back', async () => {
    const copy = await mkdtemp(join(tmpdir(), 'anling-expired-'))
    onTestFinished(() => rm(copy, { recursive: true }))
    const first = await startGateway({ directory: copy })
    const { codes } = await registerDevices(
      await logIn(first.httpUrl),
      'id,model\nbtn-1,native/call-button\n',
    )
    await first.stop()
    const [made] = codes

    const since = Date.now()
    const startAt = new Date(since + 91 * 86_400_000).toISOString()
    const simulation = { startAt, since: new Date(since).toISOString() }
    for (const settings of [{ simulation }, {}]) {
      const later = await startGateway({ directory: copy, settings })
      onTestFinished(async () => void (await later.kill()))
      const api = await logIn(later.httpUrl)
      expect(await api.post('/api/provisioning/claims', { code: made?.payload })).toMatchObject({
        status: 410,
        body: { code: 'claim-void' },
      })
      await later.stop()
    }
  })
})

test('bad rows of a CSV are named with row, field and code, and spoil no good one', async () => {
  const csv = [
    'id,model,room,home',
    'btn-5001,native/call-button,bedroom,',
    ',native/smoke,,',
    'btn 5002,native/smoke,,',
    'btn-5003,,,',
    'btn-5001,native/smoke,,',
    `${buttonOf('tiedong').id},native/call-button,,`,
    'btn-5004,native/smoke,kitchen,h-nowhere',
    `btn-5005,native/smoke,kitchen,${people.tiedong.home}`,
  ]
  const { codes, rejected } = await registerDevices(admin, `${csv.join('\n')}\n`)
  expect(codes.map(({ device }) => device)).toEqual(['btn-5001', 'btn-5005'])
  expect(rejected).toMatchObject([
    { row: 1, field: 'id', code: 'invalid-record' },
    { row: 2, field: 'id', code: 'invalid-record' },
    { row: 3, field: 'model', code: 'invalid-record' },
    { row: 4, id: 'btn-5001', code: 'duplicate-id' },
    { row: 5, id: buttonOf('tiedong').id, code: 'already-registered' },
    { row: 6, id: 'btn-5004', field: 'home', code: 'unknown-reference' },
  ])
})

describe('a person', () => {
  const password = 'nine-paper-kites-9'
  test.each([
    [
      'a scope that does not exist',
      { role: 'operator', scopes: [{ area: 'nowhere' }], password },
      422,
      'unknown-reference',
    ],
    [
      'a point that does not exist',
      { role: 'responder', scopes: [{ point: 'sp-nowhere' }], password },
      422,
      'unknown-reference',
    ],
    [
      'a resident that does not exist',
      { role: 'family', scopes: [{ resident: 'r-nowhere' }], password },
      422,
      'unknown-reference',
    ],
    [
      'a scope of the wrong kind',
      { role: 'operator', scopes: [{ point: people.tiedong.point }], password },
      422,
      'invalid-scope',
    ],
    ['no scope where one is needed', { role: 'family', scopes: [], password }, 422, 'invalid-scope'],
    ['a common password', { role: 'operator', password: 'password123' }, 422, 'weak-password'],
    ['a run of the keyboard', { role: 'operator', password: 'qwertyuiop' }, 422, 'weak-password'],
    ['their own name as a password', { role: 'operator', password: 'somebody1' }, 422, 'weak-password'],
    ['a short password', { role: 'operator', password: 'kites-9' }, 400, 'invalid-request'],
  ])('with %s is not made', async (_what, person, status, code) => {
    const refused = await admin.post('/api/users', { username: 'somebody', ...person })
    expect(refused).toMatchObject({ status, body: { code } })
    expect(JSON.stringify((await admin.get('/api/users')).body)).not.toContain('somebody')
  })

  test('comes in by no link that is used, withdrawn or made up, and not with a weak password', async () => {
    const invite = async (username: string) =>
      z
        .looseObject({ id: z.string(), token: z.string() })
        .parse(bodyOf(await admin.post('/api/invitations', { username, name: username, role: 'operator' })))
    const accept = (token: string, secret = password) =>
      fetch(`${gateway.httpUrl}/api/invitations/accept`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ token, password: secret }),
      }).then(
        async response => z.looseObject({ code: z.string().optional() }).parse(await response.json()).code,
      )
    const [used, withdrawn] = [await invite('op-used'), await invite('op-withdrawn')]
    expect(await accept(used.token, 'password123')).toBe('weak-password')
    expect(await accept(used.token)).toBeUndefined()
    await admin.delete(`/api/invitations/${withdrawn.id}`)
    for (const token of [used.token, withdrawn.token, 'made-up'])
      expect(await accept(token)).toBe('invitation-void')
  })
})
