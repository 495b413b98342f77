/** Who may do what with an alarm beyond taking and ending it: responders above all. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { AlarmId } from '../../../gateway/model/ids.ts'
import type { Scope } from '../../../gateway/model/scope.ts'
import { type Client, clientWith, logIn, logInOperator, openWorld, type World } from './world.ts'

let world: World
let operator: Client
beforeEach(async () => {
  world = await openWorld()
  operator = await logIn(world)
})
afterEach(async () => {
  expect(world.mismatches).toEqual([])
  await world.close()
})

const password = 'a long pass phrase'
/** Logs in as a responder at a point. */
const responder = async (username: string, point = 'sp-001'): Promise<Client> => {
  const scopes: Scope[] = z.array(z.custom<Scope>()).parse([{ point }])
  const made = await operator.post('/api/users', { username, role: 'responder', scopes, password })
  expect(made.status).toBe(201)
  return logIn(world, username, password)
}

const act = (client: Client, id: string, command: string, body: object = {}) =>
  client.post(`/api/alarms/${id}/${command}`, body)

/** A call that the operator has taken. */
const taken = async (): Promise<string> => {
  const { id, epoch } = await world.press()
  expect((await act(operator, id, 'acknowledge', { epoch })).status).toBe(200)
  return id
}

const ids = async (client: Client, query: string): Promise<readonly string[]> =>
  z
    .looseObject({ items: z.array(z.looseObject({ id: z.string() })) })
    .parse((await client.get(`/api/alarms?${query}`)).body)
    .items.map(({ id }) => id)

const notHolder = { status: 409, body: { code: 'not-holder' } }

describe('a responder with a login of their own', () => {
  test('is asked, says yes, proves the arrival at the door, and ends it', async () => {
    await operator.patch('/api/responders/rs-01', { user: 'zhao', phone: '13800000001' })
    const zhao = await responder('zhao')
    const id = await taken()
    expect((await act(operator, id, 'dispatch', { responder: 'rs-01', ask: true })).body).toMatchObject({
      state: 'dispatched',
      accepted: false,
      nextDeadline: { kind: 'acceptance', at: '2026-11-21T12:02:00.000Z' },
      responder: { id: 'rs-01', name: '赵强', user: 'zhao', phone: '138****0001' },
    })
    expect((await act(zhao, id, 'accept', { etaMinutes: 6 })).body).toMatchObject({
      accepted: true,
      etaMinutes: 6,
      nextDeadline: { kind: 'arrival' },
    })
    expect(
      await act(zhao, id, 'arrive', { proof: { by: 'door-code', code: 'anling-home:h-0002' } }),
    ).toMatchObject({ status: 409, body: { code: 'wrong-door' } })
    const proof = { by: 'door-code', code: 'anling-home:h-0001' }
    expect((await act(zhao, id, 'arrive', { proof })).body).toMatchObject({ state: 'arrived' })
    expect((await act(zhao, id, 'resolve', { cause: 'real' })).body).toMatchObject({ state: 'resolved' })
  })

  test('says no with a reason, and another is offered', async () => {
    await operator.patch('/api/responders/rs-01', { user: 'zhao' })
    const zhao = await responder('zhao')
    const id = await taken()
    await act(operator, id, 'dispatch', { responder: 'rs-01', ask: true })
    expect((await act(zhao, id, 'decline', { reason: 'because' })).status).toBe(400)
    const { body } = await act(zhao, id, 'decline', { reason: 'too-far', note: '在城西出任务' })
    expect(body).toMatchObject({
      state: 'acknowledged',
      acknowledgedBy: { id: 'admin' },
      dispatchedTo: null,
      responder: null,
      declined: ['rs-01'],
      nextDeadline: { kind: 'lease' },
    })
    const written = JSON.stringify(await world.journal.entriesAfter(0, 100))
    expect(written).toContain('too-far')
    expect(written).not.toContain('城西')
    expect(JSON.stringify((await operator.get(`/api/alarms/${id}`)).body)).toContain('在城西出任务')
  })

  test('works on nothing that is another’s, and still takes and reports calls for the point', async () => {
    await operator.patch('/api/responders/rs-01', { user: 'zhao' })
    const other = await responder('qian')
    const id = await taken()
    await act(operator, id, 'dispatch', { responder: 'rs-01', ask: true })
    const acts = [
      ...(['accept', 'arrive', 'release'] as const).map(command => [command, {}] as const),
      ['decline', { reason: 'busy' }] as const,
      ['resolve', { cause: 'real' }] as const,
      ['note', { text: 'x' }] as const,
      ['call-back', { whom: 'resident', outcome: 'fine' }] as const,
      ['hand-over', { service: '120' }] as const,
      ['dispatch', { responder: 'rs-01' }] as const,
      ['transfer', { to: { point: 'sp-001' } }] as const,
    ]
    for (const [command, body] of acts) {
      expect(await act(other, id, command, body), command).toMatchObject(notHolder)
    }
    expect((await act(other, id, 'repeat-call', { note: '家属来电' })).status).toBe(200)
    const next = await world.press('smoke')
    expect((await act(other, next.id, 'acknowledge', { epoch: next.epoch })).body).toMatchObject({
      acknowledgedBy: { id: 'qian' },
    })
    expect((await act(other, next.id, 'dispatch', { responder: 'rs-01' })).status).toBe(200)
  })

  test('sees what they are sent to, though nobody has asked their point', async () => {
    await operator.post('/api/responders', { id: 'rs-02', name: '钱', point: 'sp-002', user: 'qian' })
    const qian = await responder('qian', 'sp-002')
    const id = await taken()
    expect((await qian.get(`/api/alarms/${id}`)).status).toBe(404)
    expect(await ids(qian, 'state=open')).toEqual([])
    await act(operator, id, 'dispatch', { responder: 'rs-02', ask: true })
    expect(await ids(qian, 'state=open')).toEqual([id])
    expect((await act(qian, id, 'accept')).status).toBe(200)
  })
})

describe('a telephone that was without a network', () => {
  test('brings the arrival of who is on the way after a change of shift', async () => {
    await operator.patch('/api/responders/rs-01', { user: 'zhao' })
    const zhao = await responder('zhao')
    await logInOperator(world, 'sun')
    const id = await taken()
    await act(operator, id, 'dispatch', { responder: 'rs-01', ask: true })
    await act(zhao, id, 'accept', { epoch: 1 })
    await act(operator, id, 'transfer', { to: { user: 'sun' } })
    expect((await act(zhao, id, 'arrive', { epoch: 1 })).body).toMatchObject({
      state: 'arrived',
      epoch: 2,
      acknowledgedBy: { id: 'sun' },
    })
  })

  test('answers for nobody else: not for a colleague of the point that holds it, who was asked since', async () => {
    await operator.patch('/api/responders/rs-01', { user: 'zhao' })
    await operator.post('/api/responders', { id: 'rs-02', name: '钱', point: 'sp-001', user: 'qian' })
    const zhao = await responder('zhao')
    const { id } = await world.press()
    await act(operator, id, 'transfer', { to: { point: 'sp-001' } })
    await act(operator, id, 'dispatch', { responder: 'rs-01', ask: true })
    await act(operator, id, 'dispatch', { responder: 'rs-02', ask: true })
    for (const [command, body] of [
      ['accept', {}],
      ['decline', { reason: 'busy' }],
    ] as const)
      expect(await act(zhao, id, command, { epoch: 2, ...body }), command).toMatchObject(notHolder)
    expect((await operator.get(`/api/alarms/${id}`)).body).toMatchObject({
      dispatchedTo: 'rs-02',
      accepted: false,
    })
  })

  test('nor does a word that a seat writes down for who was asked before', async () => {
    await operator.post('/api/responders', { id: 'rs-02', name: '钱', point: 'sp-001' })
    const id = await taken()
    await act(operator, id, 'dispatch', { responder: 'rs-01', ask: true })
    await act(operator, id, 'dispatch', { responder: 'rs-02', ask: true })
    expect(await act(operator, id, 'decline', { responder: 'rs-01', reason: 'busy' })).toMatchObject({
      status: 409,
      body: { code: 'wrong-state', dispatchedTo: 'rs-02' },
    })
    expect((await act(operator, id, 'accept', { responder: 'rs-02' })).body).toMatchObject({ accepted: true })
  })
})

describe('a yes or no that was given by telephone', () => {
  const Timeline = z.looseObject({
    timeline: z.array(
      z.looseObject({ type: z.string(), onBehalf: z.boolean().optional(), actor: z.looseObject({}) }),
    ),
  })
  const answersOf = async (id: string) =>
    Timeline.parse((await operator.get(`/api/alarms/${id}`)).body)
      .timeline.filter(({ type }) => type === 'accepted' || type === 'declined')
      .map(({ type, onBehalf, actor }) => ({ type, onBehalf, by: actor['id'] }))

  test('is written down on behalf of who is asked, and their own word is not', async () => {
    await operator.patch('/api/responders/rs-01', { user: 'zhao' })
    const zhao = await responder('zhao')
    const id = await taken()
    const ask = () => act(operator, id, 'dispatch', { responder: 'rs-01', ask: true })
    await ask()
    await act(operator, id, 'decline', { responder: 'rs-01', reason: 'busy' })
    await ask()
    await act(operator, id, 'accept', { responder: 'rs-01' })
    await ask()
    await act(zhao, id, 'accept', { onBehalf: true })
    expect(await answersOf(id)).toEqual([
      { type: 'declined', onBehalf: true, by: 'admin' },
      { type: 'accepted', onBehalf: true, by: 'admin' },
      { type: 'accepted', onBehalf: undefined, by: 'zhao' },
    ])
  })

  test('is written down by who may: not by a program that was narrowed to working alarms', async () => {
    const id = await taken()
    await act(operator, id, 'dispatch', { responder: 'rs-01', ask: true })
    const program = async (permissions: readonly string[]): Promise<Client> => {
      const { body } = await operator.post('/api/tokens', { name: '网格', role: 'operator', permissions })
      const { token } = z.looseObject({ token: z.string() }).parse(body)
      return clientWith(world.api, { authorization: `Bearer ${token}` })
    }
    expect(await act(await program(['alarm:work']), id, 'accept')).toMatchObject(notHolder)
    const allowed = await program(['alarm:work', 'alarm:answer-for'])
    expect((await act(allowed, id, 'accept')).body).toMatchObject({ accepted: true })
  })
})

describe('a responder without a login', () => {
  test('is answered for by the login of the point, or by whoever has them on the telephone', async () => {
    const atPoint = await responder('tablet')
    const elsewhere = await responder('tablet-2', 'sp-002')
    const id = await taken()
    await act(operator, id, 'dispatch', { responder: 'rs-01', ask: true })
    expect((await act(elsewhere, id, 'accept')).status).toBe(404)
    expect((await act(atPoint, id, 'decline', { reason: 'off-duty' })).status).toBe(200)
    await act(operator, id, 'dispatch', { responder: 'rs-01', ask: true })
    expect((await act(operator, id, 'accept')).body).toMatchObject({ accepted: true })
  })

  test('works with the point on what the point holds', async () => {
    const atPoint = await responder('tablet')
    const { id } = await world.press()
    await act(operator, id, 'transfer', { to: { point: 'sp-001' } })
    expect((await act(atPoint, id, 'arrive')).body).toMatchObject({ state: 'arrived' })
  })
})

describe('asking somebody to go', () => {
  test('needs a name', async () => {
    const id = await taken()
    expect(await act(operator, id, 'dispatch', { ask: true })).toMatchObject({
      status: 400,
      body: { code: 'invalid-request' },
    })
  })
})

describe('an arrival by position', () => {
  test('puts on record how far that was from the home, and never where', async () => {
    const id = await taken()
    const position = { lat: 41.1209, lon: 122.98, accuracyMeters: 12 }
    await act(operator, id, 'arrive', { proof: { by: 'position', ...position } })
    const entries = await world.journal.entriesAfter(0, 100)
    const { event } = entries.find(entry => entry.event.type === 'arrived') ?? {}
    // 0.0009° of latitude.
    expect(event).toMatchObject({ proof: { by: 'position', distanceMeters: 100, accuracyMeters: 12 } })
    expect(JSON.stringify([entries, await world.journal.load(AlarmId.parse(id))])).not.toContain('41.12')
  })

  test('is taken where nobody knows the position of the home', async () => {
    const { id, epoch } = await world.press('sos', 'btn-0002', 'h-0002', 'tiexi')
    await act(operator, id, 'acknowledge', { epoch })
    const proof = { by: 'position', lat: 41, lon: 123, accuracyMeters: 5 }
    expect((await act(operator, id, 'arrive', { proof })).status).toBe(200)
  })
})

describe('handing over', () => {
  test('goes by the agreement that the registry has', async () => {
    const id = await taken()
    const refused = { status: 409, body: { code: 'no-agreement', agreement: [] } }
    expect(await act(operator, id, 'hand-over', { service: '120' })).toMatchObject(refused)
    await operator.patch('/api/residents/r-0001', { agreement: ['120'] })
    expect((await act(operator, id, 'hand-over', { service: '120', note: '胸痛' })).body).toMatchObject({
      state: 'dispatched',
      handedOver: ['120'],
      resident: { agreement: ['120'] },
    })
    expect(await act(operator, id, 'hand-over', { service: '110' })).toMatchObject({
      status: 409,
      body: { code: 'no-agreement', agreement: ['120'] },
    })
  })
})

describe('a program', () => {
  test('calls no ambulance: that takes a person who has logged in', async () => {
    await operator.patch('/api/residents/r-0001', { agreement: ['120'] })
    const { body } = await operator.post('/api/tokens', { name: '电话网关' })
    const { token } = z.looseObject({ token: z.string() }).parse(body)
    const program = clientWith(world.api, { authorization: `Bearer ${token}` })
    const id = await taken()
    expect(await act(program, id, 'hand-over', { service: '120' })).toMatchObject({
      status: 403,
      body: { code: 'not-allowed' },
    })
  })
})

describe('calling back', () => {
  test('twice in vain makes a suspected fall real', async () => {
    const { id } = await world.press('fall')
    const call = { whom: 'resident', outcome: 'no-answer' }
    expect((await act(operator, id, 'call-back', call)).body).toMatchObject({
      state: 'suspected',
      callBacks: 1,
    })
    expect((await act(operator, id, 'call-back', call)).body).toMatchObject({
      state: 'offered',
      callBacks: 2,
      point: { id: 'sp-001' },
    })
  })
})

describe('what is to be followed up', () => {
  test('is listed by when it is due, with the tries so far, until somebody has asked', async () => {
    const first = await taken()
    world.clock.advance(60_000)
    const { id: second } = await world.press('smoke')
    await act(operator, second, 'resolve', { cause: 'nuisance' })
    world.clock.advance(60_000)
    await act(operator, first, 'resolve', { cause: 'real' })
    expect(await ids(operator, 'state=follow-up')).toEqual([second, first])
    const wang = await logInOperator(world)
    const answer = await act(wang, second, 'follow-up', { reached: false })
    expect(answer.body).toMatchObject({
      handlers: [{ id: 'admin' }],
      followUp: { tries: 1, due: '2026-11-23T12:01:00.000Z' },
    })
    await act(wang, second, 'follow-up', { reached: true })
    expect(await ids(operator, 'state=follow-up')).toEqual([first])
  })
})

describe('the alarms of one home or resident', () => {
  test('are listed, and a home that is not there is named', async () => {
    await operator.post('/api/residents', { id: 'r-0002', home: 'h-0002', name: '张' })
    const { id: here } = await world.press()
    const { id: there } = await world.press('sos', 'btn-0002', 'h-0002', 'tiexi')
    expect(await ids(operator, 'home=h-0002')).toEqual([there])
    expect(await ids(operator, 'resident=r-0001&home=h-0001&state=open')).toEqual([here])
    expect(await ids(operator, 'resident=r-0002')).toEqual([])
    for (const query of ['home=h-9', 'resident=r-9']) {
      expect(await operator.get(`/api/alarms?${query}`)).toMatchObject({
        status: 422,
        body: { code: 'unknown-reference' },
      })
    }
  })
})
