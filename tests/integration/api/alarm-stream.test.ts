import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { AlarmId, PointId, ResponderId, UserId } from '../../../gateway/model/ids.ts'
import { openEventStreamOf } from '../../support/event-stream.ts'
import { logIn, openWorld, type World } from '../../unit/api/world.ts'

let world: World
let url: string
let cookie: string
let alarm: AlarmId
beforeEach(async () => {
  world = await openWorld()
  url = `${await world.api.listen({ host: '127.0.0.1', port: 0 })}/api/stream?as=alarms`
  cookie = (await logIn(world)).cookie
  // Entries 1 and 2: raised and offered.
  alarm = AlarmId.parse((await world.press()).id)
})
afterEach(() => world.close())

const Told = z.looseObject({
  at: z.string().optional(),
  id: z.string().optional(),
  version: z.int().optional(),
})

const open = (place?: number) =>
  openEventStreamOf(Told, url, { cookie, ...(place !== undefined && { 'last-event-id': String(place) }) })

const actor = { kind: 'user', id: UserId.parse('admin'), name: 'admin' } as const
const note = (text: string) => world.desk.act(alarm, { type: 'note', text }, actor)

describe('the live stream of alarms', () => {
  test('says the time at once, and each alarm as it now is when something happens to it', async () => {
    const stream = await open()
    await stream.until(() => stream.events.length === 1)
    expect(stream.events[0]).toMatchObject({ name: 'time', id: '', data: { at: '2026-11-21T12:00:00.000Z' } })
    await world.desk.act(alarm, { type: 'acknowledge', epoch: 1 }, actor)
    await stream.until(() => stream.events.length > 1)
    expect(stream.events[1]).toMatchObject({
      name: 'alarm',
      id: '3',
      data: {
        id: alarm,
        state: 'acknowledged',
        acknowledgedBy: { name: 'admin' },
        resident: { name: '李秀英' },
        home: { address: '胜利路 1 号', areaName: '铁东区' },
      },
    })
    stream.close()
  })

  test('tells whoever was away each alarm once, under its latest number, and resumes behind it', async () => {
    for (const text of ['a', 'b', 'c']) await note(text)
    const stream = await open(0)
    await stream.until(() => stream.events.length === 2)
    expect(stream.events.map(({ name, id, data }) => [name, id, data.version])).toEqual([
      ['alarm', '5', 5],
      ['time', '', undefined],
    ])
    stream.close()
    const again = await open(5)
    await note('d')
    await again.until(() => again.events.some(({ name }) => name === 'alarm'))
    expect(again.events.filter(({ name }) => name === 'alarm').map(({ id }) => id)).toEqual(['6'])
    again.close()
  })

  test('shows a changed name with the next change of the alarm', async () => {
    const stream = await open()
    const admin = await logIn(world)
    await note('before')
    await stream.until(() => stream.events.length === 2)
    expect((await admin.patch('/api/residents/r-0001', { name: '李秀莲' })).status).toBe(200)
    await note('after')
    await stream.until(() => stream.events.length === 3)
    expect(stream.events.slice(1).map(({ data }) => data['resident'])).toMatchObject([
      { name: '李秀英' },
      { name: '李秀莲' },
    ])
    stream.close()
  })
})

describe('an alarm that leaves sight', () => {
  const password = 'a fitting password'
  const addUser = async (username: string, role: string, scopes: readonly object[]) => {
    const admin = await logIn(world)
    const { status } = await admin.post('/api/users', { username, role, scopes, password })
    expect(status).toBe(201)
    return logIn(world, username, password)
  }
  const watch = (who: { readonly cookie: string }, place: number) =>
    openEventStreamOf(Told, `${url}&lastEventId=${place}`, { cookie: who.cookie })
  type Watched = Awaited<ReturnType<typeof watch>>
  const told = ({ events }: Watched) =>
    events.flatMap(({ name, id, data }) => (name === 'time' ? [] : [[name, id, data.id, data.version]]))
  const send = (number: number) =>
    world.desk.act(
      alarm,
      {
        type: 'dispatch',
        responder: ResponderId.parse(`rs-0${number}`),
        point: PointId.parse(`sp-00${number}`),
      },
      actor,
    )

  /** Entries 3 and 4: point 2, which nobody has asked, sees the alarm because somebody of it is sent. */
  const sendSecond = async (): Promise<void> => {
    const rows = [{ id: 'rs-02', name: '钱进', point: 'sp-002', role: 'carer' }]
    await world.registry.importDocument({ responders: rows })
    await world.desk.act(alarm, { type: 'acknowledge', epoch: 1 }, actor)
    await send(2)
  }

  test('is told as gone to who saw it, and to nobody else', async () => {
    const [second, first] = await Promise.all([
      addUser('second', 'point-lead', [{ point: 'sp-002' }]),
      addUser('first', 'point-lead', [{ point: 'sp-001' }]),
    ])
    await sendSecond()
    const [seesNoMore, seesOn] = await Promise.all([watch(second, 3), watch(first, 3)])
    await seesNoMore.until(() => told(seesNoMore).length === 1)
    await send(1)
    await seesNoMore.until(() => told(seesNoMore).length === 2)
    await note('nobody of point 2 is told of this')
    await seesOn.until(() => told(seesOn).length === 3)
    expect(told(seesNoMore)).toEqual([
      ['alarm', '4', alarm, 4],
      ['gone', '5', alarm, 5],
    ])
    expect(told(seesOn).map(([name]) => name)).toEqual(['alarm', 'alarm', 'alarm'])
    // The member says no more than which alarm it is.
    const gone = seesNoMore.events.find(({ name }) => name === 'gone')
    expect(Object.keys(gone?.data ?? {}).toSorted()).toEqual(['id', 'version'])
    for (const stream of [seesNoMore, seesOn]) stream.close()
  })

  test('is told to who was away then, though more has happened to it since, and once alone', async () => {
    const second = await addUser('second', 'point-lead', [{ point: 'sp-002' }])
    await sendSecond()
    await send(1)
    const other = AlarmId.parse((await world.press('fall')).id)
    await note('later')
    const stream = await watch(second, 4)
    await world.desk.act(other, { type: 'acknowledge', epoch: 1 }, actor)
    await send(2)
    await stream.until(() => told(stream).some(([name]) => name === 'alarm'))
    expect(told(stream).map(([name, id]) => [name, id])).toEqual([
      ['gone', '5'],
      ['alarm', String(world.journal.head().seq)],
    ])
    const again = await watch(second, 5)
    await again.until(() => told(again).length === 1)
    expect(told(again).map(([name]) => name)).toEqual(['alarm'])
    for (const one of [stream, again]) one.close()
  })

  test('is told to who was away as gone, though it came back in between, and as nothing else', async () => {
    const second = await addUser('second', 'point-lead', [{ point: 'sp-002' }])
    const first = await addUser('first', 'point-lead', [{ point: 'sp-001' }])
    const live = await watch(first, 2)
    await sendSecond()
    // Who is there has each of them by itself, so that each is placed where the alarm was right then.
    for (const [index, number] of [1, 2, 1].entries()) {
      await send(number)
      await live.until(() => told(live).at(-1)?.[1] === String(5 + index))
    }
    const stream = await watch(second, 4)
    await stream.until(() => stream.events.some(({ name }) => name === 'time'))
    expect(told(stream)).toEqual([['gone', '7', alarm, 7]])
    for (const one of [stream, live]) one.close()
  })

  test('is not shown as it now is to who is far behind, but told as gone', async () => {
    const second = await addUser('second', 'point-lead', [{ point: 'sp-002' }])
    const first = await addUser('first', 'point-lead', [{ point: 'sp-001' }])
    const live = await watch(first, 2)
    await sendSecond()
    // More than are read at one time.
    for (let count = 0; count < 200; count += 1) await note('on the way')
    await live.until(() => told(live).at(-1)?.[1] === '204')
    await send(1)
    const stream = await watch(second, 4)
    await stream.until(() => told(stream).some(([name]) => name === 'gone'))
    expect(told(stream)).toEqual([['gone', '205', alarm, 205]])
    for (const one of [stream, live]) one.close()
  })

  test('goes with a change of scopes, by the next word of the time; and what comes into sight is shown', async () => {
    const operator = await addUser('operator', 'operator', [{ area: 'tiedong' }])
    const elsewhere = await world.press('sos', 'btn-0002', 'h-0002', 'tiexi')
    const stream = await watch(operator, world.journal.head().seq)
    await stream.until(() => stream.events.length === 1)
    const admin = await logIn(world)
    expect((await admin.patch('/api/users/operator', { scopes: [{ area: 'tiexi' }] })).status).toBe(200)
    world.clock.advance(5_000)
    await stream.until(() => stream.events.filter(({ name }) => name === 'time').length === 2)
    expect(told(stream)).toEqual([
      ['gone', '', alarm, 2],
      ['alarm', '', elsewhere.id, 2],
    ])
    stream.close()
  })

  test('goes with a change of scopes also from who was away meanwhile, though nothing has happened to it', async () => {
    const operator = await addUser('operator', 'operator', [{ area: 'tiedong' }])
    const elsewhere = await world.press('sos', 'btn-0002', 'h-0002', 'tiexi')
    const head = world.journal.head().seq
    const before = await watch(operator, head)
    await before.until(() => before.events.length === 1)
    before.close()
    const admin = await logIn(world)
    expect((await admin.patch('/api/users/operator', { scopes: [{ area: 'tiexi' }] })).status).toBe(200)
    for (const tab of ['one', 'another']) {
      const stream = await watch(operator, head)
      await stream.until(() => stream.events.some(({ name }) => name === 'time'))
      expect(told(stream), tab).toEqual([
        ['gone', '', alarm, 2],
        ['alarm', '', elsewhere.id, 2],
      ])
      stream.close()
    }
  })
})
