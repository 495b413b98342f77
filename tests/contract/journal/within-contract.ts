/** Lists of what somebody may see, one test for each sentence of the port. `open` gives an empty journal of its own. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Location } from '../../../gateway/model/alarm.ts'
import { AreaId, HomeId, PointId } from '../../../gateway/model/ids.ts'
import type { AlarmQuery, Journal } from '../../../gateway/model/journal.ts'
import { raise } from '../../support/alarm-samples.ts'

const [tiedong, lishan] = [AreaId.parse('tiedong'), AreaId.parse('lishan')]
const [home, otherHome] = [HomeId.parse('h-1'), HomeId.parse('h-2')]
const [near, far] = [PointId.parse('sp-1'), PointId.parse('sp-2')]

export const describeWithin = (name: string, open: () => Promise<Journal>): void => {
  describe(name, () => {
    let journal: Journal
    beforeEach(async () => {
      journal = await open()
      const raiseAt = async (id: string, where: Partial<Location>, points: readonly string[]) => {
        const request = raise(id, { receivedAt: id.charCodeAt(0), points })
        const alarm = { ...request.alarm, location: { preset: 'urban' as const, ...where } }
        expect(await journal.append({ ...request, alarm })).toMatchObject({ ok: true })
      }
      await raiseAt('a', { area: tiedong, home }, ['sp-9'])
      await raiseAt('b', { area: lishan, home: otherHome }, ['sp-9'])
      await raiseAt('c', {}, ['sp-9'])
      await raiseAt('d', { area: lishan }, ['sp-1'])
    })
    afterEach(() => journal.close())
    const list = async (query: Partial<AlarmQuery>): Promise<readonly string[]> =>
      (await journal.list({ order: 'received', limit: 100, ...query })).items.map(({ id }) => id)

    it('holds what is in an area, and for every area what is in none', async () => {
      expect(await list({ within: { areas: [tiedong] } })).toEqual(['c', 'a'])
      expect(await list({ within: { areas: [] } })).toEqual(['c'])
    })

    it('holds what is asked of a point, and what is in a home, and nothing from nowhere', async () => {
      expect(await list({ within: { points: [near] } })).toEqual(['d'])
      expect(await list({ within: { homes: [otherHome] } })).toEqual(['b'])
      expect(await list({ within: {} })).toEqual([])
    })

    it('holds all of several', async () => {
      const within = { areas: [tiedong], points: [near], homes: [otherHome] }
      expect(await list({ within })).toEqual(['d', 'c', 'b', 'a'])
    })

    it('is narrowed further by what else is asked', async () => {
      expect(await list({ within: { areas: [tiedong] }, areas: [lishan] })).toEqual([])
      expect(await list({ within: { homes: [home], points: [far] }, point: near })).toEqual([])
      expect(await list({ within: { areas: [lishan] }, point: near })).toEqual(['d'])
    })

    it('is read in full pages', async () => {
      const query = { order: 'urgency' as const, limit: 2, within: { areas: [lishan] } }
      const first = await journal.list(query)
      expect(first.items.map(({ id }) => id)).toEqual(['b', 'c'])
      const { nextCursor } = first
      if (nextCursor === null) throw new Error('there is no second page')
      const second = await journal.list({ ...query, cursor: nextCursor })
      expect(second.items.map(({ id }) => id)).toEqual(['d'])
      expect(second.nextCursor).toBeNull()
    })
  })
}
