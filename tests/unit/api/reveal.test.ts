import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type Client, logInOperator, openWorld, type World } from './world.ts'

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

const reason = '家属来电核对 the family called'
const reveals = () => world.journal.trail.search({ limit: 100 }).then(all => all.filter(isReveal))
const isReveal = ({ action }: { action: string }): boolean => action.endsWith('/reveal')
const setWritable = (writable: boolean): void => world.journal.setHealth({ writable })

describe('a look at what is masked', () => {
  test('shows a resident with home and contacts in clear, and is on record with who, from where, what and why', async () => {
    expect((await operator.get('/api/residents/r-0001')).body).toMatchObject({
      contacts: [{ name: '李明', phone: '139****0000' }],
    })
    expect((await operator.post('/api/residents/r-0001/reveal', { reason })).body).toMatchObject({
      resident: { id: 'r-0001', name: '李秀英', contacts: [{ phone: '13900000000' }] },
      home: { id: 'h-0001', address: '胜利路 1 号' },
    })
    expect(await reveals()).toMatchObject([
      {
        actor: { kind: 'user', id: 'wang', name: 'wang 的名字' },
        address: '127.0.0.1',
        action: 'POST /api/residents/:id/reveal',
        subject: 'residents/r-0001',
        reason,
        outcome: 'done',
        areas: ['tiedong', 'anshan'],
      },
    ])
  })

  test('shows a home with who lives there, and a responder', async () => {
    await world.registry.patch('responders', 'rs-01', { phone: '13811112222' })
    expect((await operator.get('/api/responders/rs-01')).body).toMatchObject({ phone: '138****2222' })
    expect((await operator.post('/api/responders/rs-01/reveal', { reason })).body).toMatchObject({
      responder: { phone: '13811112222' },
    })
    expect((await operator.post('/api/homes/h-0001/reveal', { reason })).body).toMatchObject({
      home: { id: 'h-0001' },
      residents: [{ id: 'r-0001', contacts: [{ phone: '13900000000' }] }],
    })
    expect(await reveals()).toHaveLength(2)
  })

  test('needs a reason, and something to look at', async () => {
    for (const body of [{}, { reason: '' }, { reason: 'x'.repeat(501) }]) {
      expect((await operator.post('/api/residents/r-0001/reveal', body)).status).toBe(400)
    }
    expect((await operator.post('/api/residents/nobody/reveal', { reason })).status).toBe(404)
  })

  test('is not answered when it cannot be put on record', async () => {
    setWritable(false)
    const answer = await operator.post('/api/residents/r-0001/reveal', { reason })
    expect(answer).toMatchObject({ status: 503, body: { code: 'not-recorded' } })
    expect(JSON.stringify(answer.body)).not.toContain('13900000000')
    setWritable(true)
    expect((await operator.post('/api/residents/r-0001/reveal', { reason })).status).toBe(200)
  })
})

describe('a look in an open alarm', () => {
  test('shows whom to call, without a reason of its own, and is on record with whom it was about', async () => {
    await world.registry.patch('responders', 'rs-01', { phone: '13811112222' })
    const { id } = await world.press()
    expect((await operator.post(`/api/alarms/${id}/reveal`, {})).body).toMatchObject({
      home: { address: '胜利路 1 号' },
      residents: [{ id: 'r-0001', contacts: [{ phone: '13900000000' }] }],
      responders: [{ id: 'rs-01', phone: '13811112222' }],
    })
    expect(await reveals()).toMatchObject([
      {
        subject: `alarms/${id}`,
        reason: 'emergency',
        outcome: 'done',
        facts: { home: 'h-0001', resident: 'r-0001' },
      },
    ])
  })

  test('begins with whom it concerns, when several live there', async () => {
    await world.registry.importDocument({
      residents: [{ id: 'r-0000', home: 'h-0001', name: '王福', phone: '13877776666' }],
    })
    const { id } = await world.press()
    const { body } = await operator.post(`/api/alarms/${id}/reveal`, {})
    const { residents } = z.looseObject({ residents: z.array(z.looseObject({ id: z.string() })) }).parse(body)
    expect(residents.map(one => one.id)).toEqual(['r-0001', 'r-0000'])
  })

  test('is over with the alarm', async () => {
    const { id } = await world.press()
    await operator.post(`/api/alarms/${id}/resolve`, { cause: 'accidental' })
    expect(await operator.post(`/api/alarms/${id}/reveal`, { reason })).toMatchObject({
      status: 409,
      body: { code: 'already-resolved' },
    })
    expect(await operator.post('/api/alarms/nothing/reveal', { reason })).toMatchObject({
      status: 404,
      body: { code: 'alarm-not-found' },
    })
  })

  test('is answered though it cannot be put on record, and is recorded as soon as it can', async () => {
    const { id } = await world.press()
    setWritable(false)
    expect((await operator.post(`/api/alarms/${id}/reveal`, {})).body).toMatchObject({
      residents: [{ contacts: [{ phone: '13900000000' }] }],
    })
    await world.clock.pass(5_000)
    expect(await reveals()).toEqual([])
    setWritable(true)
    await world.clock.pass(5_000)
    expect(await reveals()).toMatchObject([{ subject: `alarms/${id}`, outcome: 'done' }])
    await world.clock.pass(60_000)
    expect(await reveals()).toHaveLength(1)
  })
})
