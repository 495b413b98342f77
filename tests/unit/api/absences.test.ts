import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { HomeId } from '../../../gateway/model/ids.ts'
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

const path = '/api/homes/h-0001/absence'
const wang = { id: 'wang', name: 'wang 的名字' }
const given = { reason: 'hospital', until: '2026-11-25T08:00:00+08:00' }
const absence = {
  reason: 'hospital',
  from: '2026-11-21T12:00:00.000Z',
  until: '2026-11-25T00:00:00.000Z',
  by: wang,
}

describe('an absence', () => {
  test('is set by an operator, shown, and ended by one; the history names who did what', async () => {
    expect((await operator.get(path)).body).toEqual({ absence: null, history: [] })
    const set = { absence, history: [{ absence, by: wang, at: '2026-11-21T12:00:00.000Z' }] }
    expect(await operator.put(path, given)).toMatchObject({ status: 200, body: set })
    expect((await operator.get(path)).body).toEqual(set)
    world.clock.advance(60_000)
    expect((await operator.delete(path)).status).toBe(204)
    expect((await operator.get(path)).body).toEqual({
      absence: null,
      history: [{ absence: null, by: wang, at: '2026-11-21T12:01:00.000Z' }, ...set.history],
    })
    expect(await operator.delete(path)).toMatchObject({ status: 404, body: { code: 'not-found' } })
  })

  test('that a press has ended says so', async () => {
    await operator.put(path, given)
    world.care.endAbsence(HomeId.parse('h-0001'), { id: 'press', name: 'press' })
    expect((await operator.get(path)).body).toMatchObject({
      absence: null,
      history: [{ absence: null, by: { id: 'press' } }, {}],
    })
  })

  test('ends by itself', async () => {
    await operator.put(path, { reason: 'out', until: '2026-11-21T12:30:00Z' })
    world.clock.advance(30 * 60_000)
    expect((await operator.get(path)).body).toMatchObject({
      absence: null,
      history: [{ absence: { reason: 'out', until: '2026-11-21T12:30:00.000Z' } }],
    })
  })

  test('with a mistake is refused, and changes nothing', async () => {
    const put = (body: object, where = path) => operator.put(where, body)
    const invalid = { status: 422, body: { code: 'invalid-absence' } }
    expect(await put({ ...given, until: '2026-11-21T12:00:00Z' })).toMatchObject(invalid)
    expect(await put({ ...given, until: '2027-02-19T12:00:01Z' })).toMatchObject(invalid)
    for (const body of [{}, { reason: 'tired', until: given.until }, { ...given, until: 'soon' }])
      expect(await put(body)).toMatchObject({ status: 400, body: { code: 'invalid-request' } })
    for (const answer of [
      await put(given, '/api/homes/h-9999/absence'),
      await operator.get('/api/homes/h-9999/absence'),
    ])
      expect(answer).toMatchObject({ status: 404, body: { code: 'not-found' } })
    expect((await operator.get(path)).body).toEqual({ absence: null, history: [] })
  })
})
