/** What lists of alarms hold and in which order, one test for each sentence of the port. `open` gives an empty journal of its own. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Alarm } from '../../../gateway/model/alarm.ts'
import { AreaId, HomeId, PointId, ResidentId, ResponderId } from '../../../gateway/model/ids.ts'
import type { AlarmQuery, AppendRequest, Journal } from '../../../gateway/model/journal.ts'
import {
  acknowledged,
  closed,
  deadlineIn,
  follow,
  followedUp,
  offer,
  raise,
  resolved,
} from '../../support/alarm-samples.ts'

const responder = ResponderId.parse('rs-1')

export const describeLists = (name: string, open: () => Promise<Journal>): void => {
  describe(name, () => {
    let journal: Journal
    beforeEach(async () => {
      journal = await open()
    })
    afterEach(() => journal.close())

    /** Appends, and answers the alarm as it then is. */
    const put = async (request: AppendRequest): Promise<Alarm> => {
      expect(await journal.append(request)).toMatchObject({ ok: true })
      return request.alarm
    }
    const ids = (alarms: readonly Alarm[]) => alarms.map(alarm => alarm.id)
    const list = async (query: Partial<AlarmQuery>) =>
      ids((await journal.list({ order: 'received', limit: 100, ...query })).items)

    it('hold what is unfinished: everything but what is closed', async () => {
      const [a, b, c] = [await put(raise('a')), await put(raise('b')), await put(raise('c'))]
      const resolvedAlarm = await put(follow(b, resolved))
      await put(follow(c, resolved, followedUp, closed))
      expect(await journal.unfinished()).toEqual([a, resolvedAlarm])
    })

    it('filter by state, kind, area and time', async () => {
      const a = await put(raise('a', { area: 'tiedong', receivedAt: 100 }))
      await put(raise('b', { area: 'lishan', kind: 'smoke', receivedAt: 200 }))
      await put(raise('c', { area: 'qianshan', kind: 'fall', receivedAt: 300 }))
      await put(follow(a, resolved))
      expect(await list({})).toEqual(['c', 'b', 'a'])
      expect(await list({ states: ['resolved', 'closed'] })).toEqual(['a'])
      expect(await list({ states: ['offered'] })).toEqual(['c', 'b'])
      expect(await list({ states: [] })).toEqual([])
      expect(await list({ kind: 'smoke' })).toEqual(['b'])
      expect(await list({ areas: [AreaId.parse('tiedong'), AreaId.parse('lishan')] })).toEqual(['b', 'a'])
      expect(await list({ areas: [] })).toEqual([])
      expect(await list({ from: 200 })).toEqual(['c', 'b'])
      expect(await list({ to: 200 })).toEqual(['a'])
      expect(await list({ from: 100, to: 300, kind: 'smoke', states: ['offered'] })).toEqual(['b'])
    })

    it('filter by a point that was asked in the current epoch or holds the alarm', async () => {
      const point = PointId.parse('sp-2')
      const a = await put(raise('a', { points: ['sp-1', 'sp-2'] }))
      const b = await put(raise('b', { points: ['sp-1'] }))
      expect(await list({ point })).toEqual(['a'])
      await put(follow(b, { ...acknowledged, holder: { kind: 'point', id: point } }))
      expect(await list({ point })).toEqual(['b', 'a'])
      await put(follow(a, offer(['sp-3'], { epoch: 2 })))
      expect(await list({ point })).toEqual(['b'])
      expect(await list({ point: PointId.parse('sp-3') })).toEqual(['a'])
    })

    it('hold an alarm for the point of the responder who is sent to it', async () => {
      const point = PointId.parse('sp-2')
      const a = await put(follow(await put(raise('a')), acknowledged))
      const deadline = deadlineIn(60_000, 'acceptance')
      const sent = await put(follow(a, { type: 'dispatched', point, ask: true, responder, deadline }))
      expect(await list({ point })).toEqual(['a'])
      expect(await list({ within: { points: [point] } })).toEqual(['a'])
      await put(follow(sent, { type: 'declined', reason: 'busy', responder, deadline }))
      expect(await list({ point })).toEqual([])
    })

    it('filter by home and by resident', async () => {
      const raiseAt = async (id: string, home: string, resident: string): Promise<void> => {
        const request = raise(id)
        const location = { ...request.alarm.location, home: HomeId.parse(home) }
        const alarm = { ...request.alarm, location: { ...location, resident: ResidentId.parse(resident) } }
        await put({ ...request, alarm })
      }
      await put(raise('a'))
      await raiseAt('b', 'h-2', 'r-1')
      await raiseAt('c', 'h-2', 'r-2')
      expect(await list({ home: HomeId.parse('h-2') })).toEqual(['c', 'b'])
      expect(await list({ resident: ResidentId.parse('r-1') })).toEqual(['b'])
      expect(await list({ home: HomeId.parse('h-1'), resident: ResidentId.parse('r-1') })).toEqual([])
    })

    it('run by deadline: what is due next comes first, on every page once', async () => {
      const ends = { a: 300, b: 100, c: 200, d: 100 }
      for (const [id, ms] of Object.entries(ends)) {
        await put(
          follow(await put(raise(id)), {
            type: 'resolved',
            cause: 'real',
            deadline: deadlineIn(ms, 'follow-up'),
          }),
        )
      }
      const query = { order: 'due' as const, states: ['resolved' as const], limit: 3 }
      const first = await journal.list(query)
      expect(ids(first.items)).toEqual(['b', 'd', 'c'])
      if (first.nextCursor === null) throw new Error('there is no second page')
      expect(ids((await journal.list({ ...query, cursor: first.nextCursor })).items)).toEqual(['a'])
    })

    it('run by urgency: the loudest first, among equals the oldest', async () => {
      await put(raise('low', { kind: 'service', receivedAt: 1 }))
      await put(raise('new', { receivedAt: 4 }))
      await put(raise('old', { receivedAt: 2 }))
      await put(raise('medium', { kind: 'tamper', receivedAt: 3 }))
      expect(await list({ order: 'urgency' })).toEqual(['old', 'new', 'medium', 'low'])
    })

    const allPages = async (query: Omit<AlarmQuery, 'cursor'>, between: () => Promise<unknown>) => {
      const seen: string[] = []
      for (let cursor: string | null | undefined; cursor !== null; ) {
        const page = await journal.list({ ...query, ...(cursor !== undefined && { cursor }) })
        expect(page.items.length).toBeLessThanOrEqual(query.limit)
        seen.push(...ids(page.items))
        cursor = page.nextCursor
        await between()
      }
      return seen
    }

    it.each(['received', 'urgency'] as const)(
      'come in pages by %s without a repeat or a gap while new alarms arrive',
      async order => {
        const kinds = ['sos', 'tamper', 'service'] as const
        for (let n = 0; n < 17; n += 1)
          await put(raise(`a-${n}`, { kind: kinds[n % 3] ?? 'sos', receivedAt: 1_000 + Math.floor(n / 4) }))
        const before = await list({ order })
        let arrivals = 0
        const seen = await allPages({ order, limit: 4 }, async () => {
          if (arrivals < 5) await put(raise(`new-${arrivals}`, { kind: 'sos', receivedAt: 2_000 }))
          arrivals += 1
        })
        expect(seen.filter(id => !id.startsWith('new'))).toEqual(before)
        expect(new Set(seen).size).toBe(seen.length)
      },
    )

    it('name no next page when there is none', async () => {
      for (const id of ['a', 'b']) await put(raise(id))
      expect(await journal.list({ order: 'received', limit: 2 })).toMatchObject({ nextCursor: null })
      expect(await journal.list({ order: 'received', limit: 1 })).toMatchObject({
        nextCursor: expect.any(String),
      })
    })

    it('begin at the beginning after a cursor that is none', async () => {
      await put(raise('a'))
      expect(await list({ cursor: 'nonsense' })).toEqual(['a'])
    })
  })
}
