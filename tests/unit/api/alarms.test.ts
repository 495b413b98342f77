import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type Client, logIn, logInOperator, openWorld, type World } from './world.ts'

let world: World
let client: Client
beforeEach(async () => {
  world = await openWorld()
  client = await logIn(world)
})
afterEach(async () => {
  expect(world.mismatches).toEqual([])
  await world.close()
})

const Page = z.object({
  items: z.array(z.looseObject({ id: z.string() })),
  nextCursor: z.string().nullable(),
})
const idsOf = async (query: string): Promise<string[]> => {
  const { status, body } = await client.get(`/api/alarms${query}`)
  expect(status).toBe(200)
  return Page.parse(body).items.map(({ id }) => id)
}

describe('an alarm', () => {
  test('shows all documented members, with names and places from the registry', async () => {
    const { id } = await world.press()
    expect((await client.get('/api/alarms')).body).toEqual({
      items: [
        {
          id,
          version: 2,
          kind: 'sos',
          class: 'call',
          priority: 'high',
          state: 'offered',
          epoch: 1,
          raisedAt: '2026-11-21T11:59:58.000Z',
          receivedAt: '2026-11-21T12:00:00.000Z',
          repeats: 0,
          lastOccurrenceAt: '2026-11-21T12:00:00.000Z',
          home: {
            id: 'h-0001',
            address: '胜利路 1 号',
            area: 'tiedong',
            areaName: '铁东区',
            position: { lat: 41.12, lon: 122.98, datum: 'WGS84' },
            doorNote: '钥匙在门卫',
          },
          resident: {
            id: 'r-0001',
            home: 'h-0001',
            name: '李秀英',
            birthYear: 1941,
            contacts: [{ name: '李明', relation: 'son', phone: '139****0000', order: 1 }],
          },
          device: {
            id: 'btn-0001',
            model: 'native/call-button',
            home: 'h-0001',
            resident: 'r-0001',
            room: 'bedroom',
            transport: { mqtt: {} },
          },
          point: {
            id: 'sp-001',
            name: '第1服务站',
            phone: '0412-555000',
            position: { lat: 41.11, lon: 122.99, datum: 'WGS84' },
            rank: 1,
            travelMinutes: 3,
          },
          asked: [{ kind: 'point', reachable: true, point: expect.objectContaining({ id: 'sp-001' }) }],
          noPoint: null,
          level: 1,
          found: null,
          nextDeadline: { at: '2026-11-21T12:00:30.000Z', kind: 'escalation' },
          acknowledgedBy: null,
          handlers: [],
          callBacks: 0,
          dispatchedTo: null,
          responder: null,
          accepted: false,
          declined: [],
          handedOver: [],
          etaMinutes: null,
          causes: [{ kind: 'sos', occurrences: 1, lastAt: '2026-11-21T12:00:00.000Z' }],
          cause: null,
          followUp: null,
        },
      ],
      nextCursor: null,
      head: 2,
    })
  })

  test('of a device and home that the registry no longer knows is shown by their ids', async () => {
    await world.press('sos', 'btn-gone', 'h-gone', 'tiexi')
    expect((await client.get('/api/alarms')).body).toMatchObject({
      items: [{ home: { id: 'h-gone' }, device: { id: 'btn-gone' } }],
    })
  })

  test('shows the point that holds it, though another was nearer', async () => {
    const { id } = await world.press()
    await client.post(`/api/alarms/${id}/transfer`, { to: { point: 'sp-002' } })
    expect((await client.get('/api/alarms')).body).toMatchObject({
      items: [
        { point: { id: 'sp-002', name: '第2服务站' }, acknowledgedBy: { kind: 'point', id: 'sp-002' } },
      ],
    })
  })

  test('tells its whole story, each occurrence with the event id of its device', async () => {
    const first = await world.press()
    world.clock.advance(5_000)
    const second = await world.press()
    await client.post(`/api/alarms/${first.id}/note`, { text: '正在回拨' })
    const { body } = await client.get(`/api/alarms/${first.id}`)
    const { timeline, deliveries } = z
      .looseObject({
        timeline: z.array(z.looseObject({ type: z.string() })),
        deliveries: z.array(z.unknown()),
      })
      .parse(body)
    expect(timeline[0]).toMatchObject({
      seq: 1,
      version: 1,
      type: 'raised',
      at: '2026-11-21T12:00:00.000Z',
      actor: { kind: 'device', id: 'btn-0001' },
      eventId: first.eventId,
      raisedAt: '2026-11-21T11:59:58.000Z',
      occurrence: {
        eventId: first.eventId,
        receivedAt: '2026-11-21T12:00:00.000Z',
        deviceTime: '2026-11-21T11:59:58.000Z',
        clockSkewMs: 2_000,
      },
    })
    expect(timeline.find(({ type }) => type === 'repeated')).toMatchObject({ eventId: second.eventId })
    expect(timeline.find(({ type }) => type === 'offered')).toMatchObject({
      deadline: { at: '2026-11-21T12:00:30.000Z', kind: 'escalation' },
      recipients: [{ kind: 'point', point: 'sp-001', rank: 1 }],
    })
    expect(timeline.at(-1)).toMatchObject({
      type: 'noted',
      text: '正在回拨',
      actor: { kind: 'user', id: 'admin', name: 'admin' },
    })
    expect(deliveries[0]).toMatchObject({ kind: 'offer', recipient: 'point:sp-001', state: 'pending' })
  })
})

describe('the list', () => {
  test('shows all newest first, and open ones by urgency', async () => {
    const service = await world.press('service')
    world.clock.advance(1_000)
    const call = await world.press('sos')
    world.clock.advance(1_000)
    const test = await world.press('test')
    world.clock.advance(1_000)
    const smoke = await world.press('smoke')
    expect(await idsOf('')).toEqual([smoke.id, test.id, call.id, service.id])
    const open = await idsOf('?state=open')
    expect(open.slice(0, 2)).toEqual([call.id, smoke.id])
    await client.post(`/api/alarms/${call.id}/resolve`, { cause: 'accidental' })
    expect(await idsOf('?state=open')).not.toContain(call.id)
    expect(await idsOf('?state=all')).toContain(call.id)
  })

  test('narrows by kind, area with all inside it, point and time', async () => {
    const here = await world.press('sos')
    world.clock.advance(60_000)
    const there = await world.press('smoke', 'btn-0002', 'h-0002', 'tiexi')
    expect(await idsOf('?kind=smoke')).toEqual([there.id])
    expect(await idsOf('?area=tiedong')).toEqual([here.id])
    expect(await idsOf('?area=anshan')).toEqual([there.id, here.id])
    expect(await idsOf('?point=sp-001&kind=sos')).toEqual([here.id])
    expect(await idsOf('?from=2026-11-21T20:01:00%2B08:00')).toEqual([there.id])
    expect(await idsOf('?to=2026-11-21T12:01:00Z')).toEqual([here.id])
  })

  test('gives each alarm once when it is read page by page', async () => {
    const pressed: string[] = []
    for (let number = 0; number < 7; number += 1) {
      pressed.push((await world.press('sos', `btn-${number}`, 'h-0002', 'tiexi')).id)
      world.clock.advance(number % 2)
    }
    const seen: string[] = []
    for (let cursor: string | null = ''; cursor !== null; ) {
      const { body } = await client.get(
        `/api/alarms?limit=3${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
      )
      const page = Page.parse(body)
      seen.push(...page.items.map(({ id }) => id))
      cursor = page.nextCursor
    }
    expect(seen.toSorted()).toEqual(pressed)
  })
})

describe('a command', () => {
  const act = (id: string, command: string, body?: object) =>
    client.post(`/api/alarms/${id}/${command}`, body)

  test('leads an alarm through its whole life', async () => {
    const { id, epoch } = await world.press()
    expect((await act(id, 'acknowledge', { epoch })).body).toMatchObject({
      state: 'acknowledged',
      acknowledgedBy: { kind: 'user', id: 'admin', name: 'admin' },
      nextDeadline: { kind: 'lease' },
    })
    expect((await act(id, 'dispatch', { responder: 'rs-01', etaMinutes: 8, epoch })).body).toMatchObject({
      state: 'dispatched',
      dispatchedTo: 'rs-01',
      etaMinutes: 8,
    })
    expect((await act(id, 'arrive')).body).toMatchObject({ state: 'arrived' })
    expect((await act(id, 'resolve', { cause: 'real', note: '已送医' })).body).toMatchObject({
      state: 'resolved',
      cause: 'real',
    })
    expect(await act(id, 'follow-up', { reached: true, satisfaction: 5 })).toMatchObject({
      status: 409,
      body: { code: 'follow-up-by-handler' },
    })
    const other = await logInOperator(world)
    expect(
      (await other.post(`/api/alarms/${id}/follow-up`, { reached: true, satisfaction: 5 })).body,
    ).toMatchObject({ state: 'closed', nextDeadline: null })
  })

  test('that loses a race answers 409 and who holds the alarm', async () => {
    const operator = await logInOperator(world)
    const { id, epoch } = await world.press()
    const answers = await Promise.all([
      act(id, 'acknowledge', { epoch }),
      operator.post(`/api/alarms/${id}/acknowledge`, { epoch }),
    ])
    expect(answers.map(({ status }) => status)).toEqual([200, 409])
    expect(answers[1]?.body).toMatchObject({
      code: 'already-held',
      holder: { kind: 'user', id: 'admin', name: 'admin' },
    })
  })

  test('with an epoch that is over is refused', async () => {
    const { id, epoch } = await world.press()
    await act(id, 'acknowledge', { epoch })
    const { body } = await act(id, 'release', { note: '交班' })
    const { epoch: later } = z.looseObject({ epoch: z.int() }).parse(body)
    expect(later).toBeGreaterThan(epoch)
    expect(await act(id, 'acknowledge', { epoch })).toMatchObject({
      status: 409,
      body: { code: 'stale-epoch', epoch: later },
    })
    expect((await act(id, 'acknowledge', { epoch: later })).status).toBe(200)
  })

  test('hands an alarm to a colleague, but to nobody who does not exist or may not log in', async () => {
    await logInOperator(world)
    const { id } = await world.press()
    expect((await act(id, 'transfer', { to: { user: 'wang' } })).body).toMatchObject({
      acknowledgedBy: { kind: 'user', id: 'wang', name: 'wang 的名字' },
    })
    const unknown = { status: 422, body: { code: 'unknown-reference' } }
    expect(await act(id, 'transfer', { to: { user: 'nobody' } })).toMatchObject(unknown)
    expect(await act(id, 'transfer', { to: { point: 'sp-999' } })).toMatchObject(unknown)
    await client.patch('/api/users/wang', { disabled: true })
    expect(await act(id, 'transfer', { to: { user: 'wang' } })).toMatchObject(unknown)
    expect(await act(id, 'dispatch', { responder: 'rs-99' })).toMatchObject(unknown)
    expect(await act(id, 'arrive', { responder: 'rs-99' })).toMatchObject(unknown)
  })

  test('reports a further call, which counts like a press and keeps what was said', async () => {
    const { id } = await world.press()
    world.clock.advance(4_000)
    expect((await act(id, 'repeat-call', { note: '女儿来电' })).body).toMatchObject({
      repeats: 1,
      level: 2,
      causes: [{ kind: 'sos', occurrences: 2, lastAt: '2026-11-21T12:00:04.000Z' }],
    })
    const { timeline } = z
      .looseObject({ timeline: z.array(z.looseObject({ type: z.string() })) })
      .parse((await client.get(`/api/alarms/${id}`)).body)
    const repeated = timeline.find(({ type }) => type === 'repeated')
    expect(repeated).toMatchObject({ occurrence: { data: { note: '女儿来电' } } })
    expect(repeated).not.toHaveProperty('eventId')
  })

  test('confirms a suspected fall, which is then offered', async () => {
    const { id } = await world.press('fall')
    expect((await act(id, 'confirm')).body).toMatchObject({ state: 'offered', point: { id: 'sp-001' } })
  })

  test('passes over members that it does not know', async () => {
    const { id, epoch } = await world.press()
    expect((await act(id, 'acknowledge', { epoch, screen: 'left' })).status).toBe(200)
  })

  test('on an alarm that does not exist answers 404', async () => {
    expect(await act('nowhere', 'acknowledge', { epoch: 1 })).toMatchObject({
      status: 404,
      body: { code: 'alarm-not-found' },
    })
  })

  test('by a program is written down under the token’s own name', async () => {
    const { body } = await client.post('/api/tokens', { name: '电话网关' })
    const { id: tokenId, token } = z.looseObject({ id: z.string(), token: z.string() }).parse(body)
    const { id, epoch } = await world.press()
    const response = await world.api.inject({
      method: 'POST',
      url: `/api/alarms/${id}/acknowledge`,
      headers: { authorization: `Bearer ${token}` },
      payload: { epoch },
    })
    expect(response.json()).toMatchObject({ acknowledgedBy: { kind: 'user', id: tokenId, name: '电话网关' } })
  })
})
