import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { AlarmId, UserId } from '../../../gateway/model/ids.ts'
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
