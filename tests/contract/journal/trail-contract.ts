/** What the audit trail of every journal must do, one test for each sentence of the port. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AreaId, UserId } from '../../../gateway/model/ids.ts'
import type { Journal } from '../../../gateway/model/journal.ts'
import type { TrailEntry, TrailQuery } from '../../../gateway/model/trail.ts'
import { raise } from '../../support/alarm-samples.ts'

export const person = (id: string) => ({ kind: 'user', id: UserId.parse(id), name: `${id} 的名字` }) as const

export const reveal = (more: Partial<TrailEntry> = {}): TrailEntry => ({
  at: 1_000,
  actor: person('li'),
  address: '10.0.0.7',
  action: 'POST /api/residents/:id/reveal',
  subject: 'residents/r-0001',
  reason: '回访 call back',
  outcome: 'done',
  facts: { fields: 'phone', count: 2, all: false },
  areas: [AreaId.parse('tiedong'), AreaId.parse('anshan')],
  ...more,
})

/** `open` gives an empty journal of its own. */
export const describeTrail = (name: string, open: () => Promise<Journal>): void => {
  describe(`the trail of ${name}`, () => {
    let journal: Journal
    beforeEach(async () => {
      journal = await open()
    })
    afterEach(() => journal.close())

    const put = async (...entries: readonly TrailEntry[]) => {
      for (const entry of entries) expect(await journal.trail.record(entry)).toBe(true)
    }
    const search = (query: Partial<TrailQuery> = {}) => journal.trail.search({ limit: 100, ...query })
    const found = async (query: Partial<TrailQuery>) => (await search(query)).map(({ seq }) => seq)

    it('gives back what was recorded, newest first, with its place in the chain', async () => {
      const bare: TrailEntry = { at: 2_000, actor: { kind: 'clock' }, action: 'retention', outcome: 'done' }
      await put(reveal(), bare)
      const hash = expect.stringMatching(/^[0-9a-f]{64}$/)
      expect(await search()).toEqual([
        { ...bare, seq: 2, hash },
        { ...reveal(), seq: 1, hash },
      ])
    })

    it('knows its head, which is not that of the events', async () => {
      expect(journal.trail.head()).toEqual({ seq: 0, hash: '0'.repeat(64) })
      await put(reveal(), reveal())
      const [last] = await search({ limit: 1 })
      expect(journal.trail.head()).toEqual({ seq: 2, hash: last?.hash })
      await journal.append(raise('a'))
      expect(journal.trail.head().seq).toBe(2)
      expect(await journal.verify()).toEqual({
        ok: true,
        entries: 2,
        head: journal.head(),
        trail: { entries: 2, head: journal.trail.head() },
      })
    })

    it('numbers without a gap what is recorded at once with calls', async () => {
      const results = await Promise.all(
        Array.from({ length: 300 }, (_, n) => [
          journal.trail.record(reveal({ at: n })),
          journal.append(raise(`a-${n}`)),
        ]).flat(),
      )
      expect(results.filter(result => result === true)).toHaveLength(300)
      expect(await found({ limit: 1_000 })).toEqual(Array.from({ length: 300 }, (_, n) => 300 - n))
      expect(await journal.verify()).toMatchObject({ ok: true, entries: 600, trail: { entries: 300 } })
    })

    it('keeps texts of any alphabet, and replaces what no alphabet has', async () => {
      await put(reveal({ reason: '“没事” 👵\u0000\n"\\', subject: '門' }), reveal({ reason: '\ud800' }))
      expect((await search()).map(({ reason }) => reason)).toEqual(['\ufffd', '“没事” 👵\u0000\n"\\'])
      expect(await journal.verify()).toMatchObject({ ok: true })
    })

    it('is searched by who, what was done, to what, why and when', async () => {
      await put(
        reveal(),
        reveal({ actor: person('wang'), at: 2_000 }),
        reveal({ action: 'POST /api/session', outcome: 'wrong-credentials', at: 3_000 }),
        reveal({ subject: 'residents/r-00012', reason: '投诉 100%', at: 4_000 }),
        { at: 5_000, actor: { kind: 'clock' }, action: 'retention', outcome: 'done' },
      )
      expect(await found({ actor: UserId.parse('wang') })).toEqual([2])
      expect(await found({ action: 'POST /api/residents/' })).toEqual([4, 2, 1])
      expect(await found({ action: 'post' })).toEqual([])
      expect(await found({ subject: 'residents/r-0001' })).toEqual([4, 3, 2, 1])
      expect(await found({ subject: 'residents/r-00012' })).toEqual([4])
      expect(await found({ text: '100%' })).toEqual([4])
      expect(await found({ text: '%' })).toEqual([4])
      expect(await found({ from: 2_000, to: 4_000 })).toEqual([3, 2])
      expect(await found({ actor: UserId.parse('li'), from: 3_000, text: 'call' })).toEqual([3])
    })

    it('is searched for areas, in which an entry of no area is not', async () => {
      const [tiexi, anshan] = [AreaId.parse('tiexi'), AreaId.parse('anshan')]
      await put(reveal(), reveal({ areas: [tiexi, anshan] }), reveal({ areas: [] }))
      await put({ at: 1, actor: { kind: 'clock' }, action: 'retention', outcome: 'done' })
      expect(await found({ areas: [tiexi] })).toEqual([2])
      expect(await found({ areas: [anshan] })).toEqual([2, 1])
      expect(await found({ areas: [tiexi, anshan, AreaId.parse('lishan')] })).toEqual([2, 1])
      expect(await found({ areas: [] })).toEqual([])
    })

    it('is read page by page, none twice and none left out', async () => {
      await put(...Array.from({ length: 11 }, (_, at) => reveal({ at })))
      const seen: number[] = []
      for (let before: number | undefined; ; ) {
        const page = await found({ limit: 4, ...(before !== undefined && { before }) })
        seen.push(...page)
        before = page.at(-1)
        if (page.length < 4) break
      }
      expect(seen).toEqual([11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1])
    })

    it('takes nothing after its journal was closed, and says so', async () => {
      await journal.close()
      expect(await journal.trail.record(reveal())).toBe(false)
    })
  })
}
