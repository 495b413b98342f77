import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type Client, clientWith, logIn, openWorld, type World } from './world.ts'

let world: World
let client: Client
beforeEach(async () => {
  world = await openWorld()
  client = await logIn(world)
  await world.registry.importDocument({
    responders: [
      { id: 'rs-02', name: '钱', point: 'sp-001', user: 'qian' },
      { id: 'rs-03', name: '孙', point: 'sp-002', phone: '13900000001' },
      { id: 'rs-04', name: '李', point: 'sp-002' },
    ],
  })
})
afterEach(async () => {
  expect(world.mismatches).toEqual([])
  await world.close()
})

const Nearest = z.looseObject({
  points: z.array(
    z.looseObject({
      id: z.string(),
      openAlarms: z.int(),
      responders: z.array(
        z.looseObject({
          id: z.string(),
          order: z.int().nullable(),
          busyWith: z.int(),
          declined: z.boolean(),
        }),
      ),
    }),
  ),
})
const nearest = async (alarm: string, asker = client) =>
  Nearest.parse((await asker.get(`/api/alarms/${alarm}/nearest`)).body).points
const Revealed = z.looseObject({ responders: z.array(z.looseObject({ id: z.string() })) })
const pointLead = async (point: string) => {
  const { body } = await client.post('/api/tokens', { name: '站点', role: 'point-lead', scopes: [{ point }] })
  const { token } = z.looseObject({ token: z.string() }).parse(body)
  return clientWith(world.api, { authorization: `Bearer ${token}` })
}
const turns = async (alarm: string) =>
  (await nearest(alarm)).map(({ responders }) => responders.map(({ id, order }) => `${id} ${order ?? '-'}`))

describe('the nearest who could go', () => {
  test('are points by travel time with their responders, the first three numbered', async () => {
    const { id } = await world.press()
    expect(await nearest(id)).toEqual([
      {
        id: 'sp-001',
        name: '第1服务站',
        phone: '0412-555000',
        area: 'tiedong',
        position: { lat: 41.11, lon: 122.99, datum: 'WGS84' },
        travelMinutes: 3,
        reachable: true,
        openAlarms: 0,
        responders: [
          {
            id: 'rs-01',
            name: '赵强',
            role: 'carer',
            phone: null,
            hasLogin: false,
            busyWith: 0,
            declined: false,
            order: 1,
          },
          {
            id: 'rs-02',
            name: '钱',
            role: null,
            phone: null,
            hasLogin: true,
            busyWith: 0,
            declined: false,
            order: 2,
          },
        ],
      },
      expect.objectContaining({ id: 'sp-002', travelMinutes: 6 }),
    ])
    expect(await turns(id)).toEqual([
      ['rs-01 1', 'rs-02 2'],
      ['rs-03 3', 'rs-04 -'],
    ])
  })

  test('come free before busy, and whoever declined comes last', async () => {
    const other = await world.press('smoke')
    await client.post(`/api/alarms/${other.id}/acknowledge`, { epoch: other.epoch })
    await client.post(`/api/alarms/${other.id}/dispatch`, { responder: 'rs-03' })
    const { id, epoch } = await world.press()
    await client.post(`/api/alarms/${id}/acknowledge`, { epoch })
    await client.post(`/api/alarms/${id}/dispatch`, { responder: 'rs-01', ask: true })
    await client.post(`/api/alarms/${id}/decline`, { reason: 'busy' })
    expect(await turns(id)).toEqual([
      ['rs-02 1', 'rs-01 -'],
      ['rs-04 2', 'rs-03 3'],
    ])
    expect((await nearest(id))[1]?.responders[1]).toMatchObject({ id: 'rs-03', busyWith: 1 })
  })

  test('are shown with what each point holds already', async () => {
    const other = await world.press('smoke')
    await client.post(`/api/alarms/${other.id}/transfer`, { to: { point: 'sp-002' } })
    const { id } = await world.press()
    expect((await nearest(id)).map(({ openAlarms }) => openAlarms)).toEqual([0, 1])
  })

  test('are for somebody who is bound to a point those whom they could send', async () => {
    const { id } = await world.press()
    const lead = await pointLead('sp-001')
    expect((await nearest(id, lead)).map(point => point.id)).toEqual(['sp-001'])
    await client.post(`/api/alarms/${id}/repeat-call`)
    expect((await nearest(id, lead)).map(point => point.id)).toEqual(['sp-001', 'sp-002'])
  })

  test('have numbers that are shown in part, and whole to who asks for them on record', async () => {
    const { id } = await world.press()
    const [, second] = await nearest(id)
    expect(second?.responders[0]).toMatchObject({ id: 'rs-03', phone: '139****0001' })
    const answer = await client.post(`/api/alarms/${id}/reveal`, {})
    const { responders } = Revealed.parse(answer.body)
    // Of the second nearest point, too, which nobody has asked yet.
    expect(responders).toContainEqual(expect.objectContaining({ id: 'rs-03', phone: '13900000001' }))
    const lead = await pointLead('sp-001')
    const seen = Revealed.parse((await lead.post(`/api/alarms/${id}/reveal`, {})).body)
    expect(seen.responders.map(one => one.id)).toEqual(['rs-01', 'rs-02'])
  })

  test('of an alarm that does not exist are not there', async () => {
    expect(await client.get('/api/alarms/nowhere/nearest')).toMatchObject({
      status: 404,
      body: { code: 'alarm-not-found' },
    })
  })
})
