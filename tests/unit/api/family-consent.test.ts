import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { DeviceId } from '../../../gateway/model/ids.ts'
import { openEventStream } from '../../support/event-stream.ts'
import { type Client, clientWith, logIn, openWorld, type World } from './world.ts'

let world: World
let admin: Client
beforeEach(async () => {
  world = await openWorld()
  admin = await logIn(world)
  await admin.patch('/api/residents/r-0001', { allergies: '青霉素' })
  await admin.post('/api/residents', { id: 'r-0002', home: 'h-0001', name: '王建国' })
  await admin.post('/api/devices', {
    id: 'bed-0002',
    model: 'native/bed',
    home: 'h-0001',
    resident: 'r-0002',
  })
  const at = world.clock.now() - 60_000
  for (const device of ['btn-0001', 'bed-0002'])
    world.telemetry.samples.push({ device: DeviceId.parse(device), at, readings: { heartRate: 70 } })
})
afterEach(async () => {
  expect(world.mismatches).toEqual([])
  await world.close()
})

const Made = z.looseObject({ token: z.string() })
const authorizationOf = async (...residents: readonly string[]): Promise<string> => {
  const scopes = residents.map(resident => ({ resident }))
  const { body } = await admin.post('/api/tokens', { name: 'daughter', role: 'family', scopes })
  return `Bearer ${Made.parse(body).token}`
}
const daughterOf = async (...residents: readonly string[]): Promise<Client> =>
  clientWith(world.api, { authorization: await authorizationOf(...residents) })
const consent = (resident: string, given: boolean, more: object = {}) =>
  admin.post(`/api/residents/${resident}/consents`, { purpose: 'family', given, ...more })
const curve = '/api/telemetry?device=btn-0001&metric=heartRate'
const review = '/api/residents/r-0001/review'
const refused = { status: 403, body: { code: 'no-consent' } }

describe('a relative', () => {
  test('sees readings while the resident agrees to it, and no longer', async () => {
    const daughter = await daughterOf('r-0001')
    for (const path of [curve, review]) expect(await daughter.get(path), path).toMatchObject(refused)
    await consent('r-0001', true, { until: '2026-11-21T12:10:00Z' })
    expect(await daughter.get(curve)).toMatchObject({ status: 200, body: { series: [{ mean: 70 }] } })
    expect((await daughter.get(review)).status).toBe(200)
    world.clock.advance(600_000)
    for (const path of [curve, review]) expect(await daughter.get(path), path).toMatchObject(refused)
    await consent('r-0001', true)
    expect((await daughter.get(curve)).status).toBe(200)
    await consent('r-0001', false)
    expect(await daughter.get(curve)).toMatchObject(refused)
    // Nobody else is asked for it.
    expect((await admin.get(curve)).status).toBe(200)
  })

  test('sees the strip of a home only when all who live there have agreed: sensors tell of each of them', async () => {
    const daughter = await daughterOf('r-0001')
    const strip = '/api/homes/h-0001/strip'
    await consent('r-0001', true)
    expect((await daughter.get(strip)).body).toMatchObject({ isMasked: true })
    await consent('r-0002', true)
    expect((await daughter.get(strip)).body).toMatchObject({ isMasked: false })
    await consent('r-0002', false)
    await admin.patch('/api/residents/r-0002', { leftAt: '2026-11-20T00:00:00Z' })
    expect((await daughter.get(strip)).body).toMatchObject({ isMasked: false })
  })

  test('sees without it that there is an alarm and who has it, and nothing of health', async () => {
    const { id, epoch } = await world.press()
    await admin.post(`/api/alarms/${id}/acknowledge`, { epoch })
    await admin.post(`/api/alarms/${id}/note`, { text: '老人头晕' })
    const daughter = await daughterOf('r-0001')
    const shown = await daughter.get(`/api/alarms/${id}`)
    expect(shown).toMatchObject({
      status: 200,
      body: {
        kind: 'sos',
        state: 'acknowledged',
        acknowledgedBy: { id: 'admin' },
        resident: { name: '李秀英' },
      },
    })
    const listed = await daughter.get('/api/alarms')
    const file = await daughter.get('/api/residents/r-0001')
    expect(JSON.stringify([shown.body, listed.body, file.body])).not.toMatch(/头晕|青霉素|1941/)
    await consent('r-0001', true)
    expect(JSON.stringify((await daughter.get(`/api/alarms/${id}`)).body)).toMatch(/头晕/)
    expect((await daughter.get('/api/residents/r-0001')).body).toMatchObject({ allergies: '青霉素' })
  })

  test('reads on the live stream what the consent of then allows', async () => {
    const base = await world.api.listen({ host: '127.0.0.1', port: 0 })
    const { id } = await world.press()
    const authorization = await authorizationOf('r-0001')
    const read = async (): Promise<string> => {
      const stream = await openEventStream(`${base}/api/stream?lastEventId=0`, { authorization })
      await stream.until(() => stream.events.some(({ data }) => data.type === 'noted'))
      stream.close()
      return JSON.stringify(stream.events)
    }
    await admin.post(`/api/alarms/${id}/note`, { text: '老人头晕' })
    expect(await read()).not.toContain('头晕')
    await consent('r-0001', true)
    expect(await read()).toContain('头晕')
  })

  test('sees nothing of another who lives there and has not agreed', async () => {
    await consent('r-0001', true)
    const daughter = await daughterOf('r-0001')
    const ofAnother = '/api/telemetry?device=bed-0002&metric=heartRate'
    expect(await daughter.get(ofAnother)).toMatchObject(refused)
    await consent('r-0002', true)
    expect((await daughter.get(ofAnother)).status).toBe(200)
  })

  test('of two residents sees health when both have agreed', async () => {
    const child = await daughterOf('r-0001', 'r-0002')
    await consent('r-0001', true)
    expect(await child.get(curve)).toMatchObject(refused)
    await consent('r-0002', true)
    expect((await child.get(curve)).status).toBe(200)
  })
})
