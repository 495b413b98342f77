import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { thresholdNames } from '../../../gateway/model/thresholds.ts'
import { type Client, logIn, logInOperator, openWorld, type World } from './world.ts'

let world: World
let admin: Client
let operator: Client
beforeEach(async () => {
  world = await openWorld()
  admin = await logIn(world)
  operator = await logInOperator(world)
})
afterEach(async () => {
  expect(world.mismatches).toEqual([])
  await world.close()
})

const Thresholds = z.object({ items: z.array(z.looseObject({ name: z.string() })) })
const resident = '/api/residents/r-0001/thresholds'
const preset = '/api/presets/3/thresholds'
const read = async (path: string, name: string) =>
  Thresholds.parse((await operator.get(path)).body).items.find(one => one.name === name)
const change = { values: { 'bedExit.highAfter': 40 }, why: '夜间如厕较多' }

describe('thresholds', () => {
  test('are listed with where each comes from, its unit, range, default and ground', async () => {
    for (const path of [resident, preset]) {
      const { items } = Thresholds.parse((await operator.get(path)).body)
      expect(items.map(({ name }) => name)).toEqual(thresholdNames)
    }
    expect(await read(resident, 'test.every')).toEqual({
      name: 'test.every',
      value: 7,
      source: 'default',
      unit: 'days',
      min: 1,
      max: 90,
      default: 7,
      ground: 'JGJ/T 484 10.3.1',
    })
  })

  test('of a resident are changed by an operator, and taken back; the history names who and why', async () => {
    expect((await operator.patch(resident, change)).status).toBe(200)
    expect(await read(resident, 'bedExit.highAfter')).toMatchObject({ value: 40, source: 'resident' })
    world.clock.advance(1_000)
    const back = await operator.patch(resident, { values: { 'bedExit.highAfter': null }, why: '复原' })
    expect(Thresholds.parse(back.body).items).toContainEqual(
      expect.objectContaining({ name: 'bedExit.highAfter', value: 30, source: 'default' }),
    )
    const by = { id: 'wang', name: 'wang 的名字' }
    const name = 'bedExit.highAfter'
    expect((await operator.get(`${resident}/history`)).body).toEqual({
      items: [
        { name, before: 40, after: null, by, at: '2026-11-21T12:00:01.000Z', why: '复原' },
        { name, before: null, after: 40, by, at: '2026-11-21T12:00:00.000Z', why: '夜间如厕较多' },
      ],
    })
    expect((await operator.get(`${resident}/history?limit=1`)).body).toMatchObject({
      items: [{ why: '复原' }],
    })
  })

  test('of a preset are changed by an administrator only, and count for residents of that level', async () => {
    expect(await operator.patch(preset, change)).toMatchObject({ status: 403, body: { code: 'not-allowed' } })
    expect((await admin.patch(preset, change)).status).toBe(200)
    expect(await read(preset, 'bedExit.highAfter')).toMatchObject({ value: 40, source: 'preset' })
    expect(await read(resident, 'bedExit.highAfter')).toMatchObject({ value: 30, source: 'default' })
    await admin.patch('/api/residents/r-0001', { abilityLevel: 3 })
    expect(await read(resident, 'bedExit.highAfter')).toMatchObject({ value: 40, source: 'preset' })
    expect((await operator.get(`${preset}/history`)).body).toMatchObject({
      items: [{ name: 'bedExit.highAfter', by: { id: 'admin' } }],
    })
  })

  test('with mistakes are refused, each mistake named, and nothing is changed', async () => {
    const values = { 'bedExit.highAftr': 40, 'battery.lowAt': 99, 'test.every': 14 }
    expect(await operator.patch(resident, { values, why: 'x' })).toMatchObject({
      status: 422,
      body: {
        code: 'invalid-thresholds',
        mistakes: [
          { name: 'bedExit.highAftr', problem: 'is not a threshold; did you mean bedExit.highAfter?' },
          { name: 'battery.lowAt', problem: 'must be from 1 to 60 (%)' },
        ],
      },
    })
    expect(await read(resident, 'test.every')).toMatchObject({ value: 7 })
  })

  test('need a reason, figures, and not more of them than there are', async () => {
    const many = Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`x${index}`, 1]))
    for (const body of [
      {},
      { values: change.values },
      { ...change, why: '' },
      { ...change, values: { 'test.every': '14' } },
      { ...change, values: many },
      { ...change, vales: {} },
    ])
      expect(await operator.patch(resident, body)).toMatchObject({
        status: 400,
        body: { code: 'invalid-request' },
      })
  })

  test('of nobody are not found, and there are five levels', async () => {
    for (const path of ['', '/history'])
      expect(await operator.get(`/api/residents/r-9999/thresholds${path}`)).toMatchObject({
        status: 404,
        body: { code: 'not-found' },
      })
    expect((await operator.patch('/api/residents/r-9999/thresholds', change)).status).toBe(404)
    for (const [level, status] of [
      ['0', 200],
      ['4', 200],
      ['5', 400],
      ['%20', 400],
    ] as const)
      expect((await operator.get(`/api/presets/${level}/thresholds`)).status).toBe(status)
  })
})
