import { parse } from 'csv-parse/sync'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { AreaId, UserId } from '../../../gateway/model/ids.ts'
import type { TrailEntry } from '../../../gateway/model/trail.ts'
import { type Client, logIn, logInOperator, openWorld, type World } from './world.ts'

const noon = Date.parse('2026-11-21T12:00:00Z')
const password = 'a supervisor password'

let world: World
let admin: Client
/** Sees Tiedong only. */
let supervisor: Client
beforeEach(async () => {
  world = await openWorld()
  admin = await logIn(world)
  const scopes = [{ area: 'tiedong' }]
  await admin.post('/api/users', { username: 'zhao', name: '赵', role: 'supervisor', scopes, password })
  supervisor = await logIn(world, 'zhao', password)
})
afterEach(async () => {
  expect(world.mismatches).toEqual([])
  await world.close()
})

const looked = (more: Partial<TrailEntry> = {}): TrailEntry => ({
  at: noon,
  actor: { kind: 'user', id: UserId.parse('li'), name: '李' },
  address: '10.0.0.7',
  action: 'POST /api/residents/:id/reveal',
  subject: 'residents/r-0001',
  reason: '回访',
  outcome: 'done',
  facts: { fields: 'phone' },
  areas: [AreaId.parse('tiedong'), AreaId.parse('anshan')],
  ...more,
})
const put = async (...entries: readonly TrailEntry[]) => {
  for (const entry of entries) expect(await world.journal.trail.record(entry)).toBe(true)
}

const Page = z.object({
  items: z.array(z.looseObject({ seq: z.int(), action: z.string(), reason: z.string().nullable() })),
  nextCursor: z.string().nullable(),
})
const read = async (client: Client, search = '') => Page.parse((await client.get(`/api/trail${search}`)).body)
const reasons = async (client: Client, search = '') =>
  (await read(client, search)).items.map(({ reason }) => reason)

describe('the search of the trail', () => {
  test('shows who did what, from where and why, newest first', async () => {
    await put(looked(), { at: noon + 1_000, actor: { kind: 'clock' }, action: 'retention', outcome: 'done' })
    const { body } = await admin.get('/api/trail?limit=2')
    const hash = expect.stringMatching(/^[0-9a-f]{64}$/)
    expect(body).toEqual({
      items: [
        {
          seq: expect.any(Number),
          at: '2026-11-21T12:00:01.000Z',
          actor: { kind: 'clock', id: null, name: null },
          action: 'retention',
          outcome: 'done',
          ...{ address: null, subject: null, reason: null, facts: {}, areas: [], hash },
        },
        {
          seq: expect.any(Number),
          at: '2026-11-21T12:00:00.000Z',
          actor: { kind: 'user', id: 'li', name: '李' },
          address: '10.0.0.7',
          action: 'POST /api/residents/:id/reveal',
          subject: 'residents/r-0001',
          reason: '回访',
          outcome: 'done',
          facts: { fields: 'phone' },
          areas: ['tiedong', 'anshan'],
          hash,
        },
      ],
      nextCursor: expect.any(String),
    })
  })

  test('finds what is asked for', async () => {
    await put(
      looked({ reason: 'a' }),
      looked({ reason: 'b', actor: { kind: 'user', id: UserId.parse('wang'), name: '王' } }),
      looked({ reason: 'c', subject: 'homes/h-0001', action: 'POST /api/homes/:id/reveal' }),
      looked({ reason: 'd', at: noon + 60_000 }),
    )
    const found = (search: string) => reasons(admin, `?action=POST%20%2Fapi%2F&${search}`)
    expect(await reasons(admin, '?actor=wang')).toEqual(['b'])
    expect(await reasons(admin, '?action=POST%20%2Fapi%2Fhomes')).toEqual(['c'])
    expect(await reasons(admin, '?subject=residents%2F')).toEqual(['d', 'b', 'a'])
    expect(await reasons(admin, '?text=c')).toEqual(['c'])
    expect(await found('from=2026-11-21T20:01:00%2B08:00')).toEqual(['d'])
    expect(await found('actor=li&to=2026-11-21T12:01:00Z')).toEqual(['c', 'a'])
  })

  test('is read page by page, none twice and none left out', async () => {
    await put(...Array.from({ length: 7 }, (_, n) => looked({ reason: `page ${n}` })))
    const seen: (string | null)[] = []
    for (let cursor = ''; ; ) {
      const { items, nextCursor } = await read(admin, `?limit=3&text=page${cursor}`)
      seen.push(...items.map(({ reason }) => reason))
      if (nextCursor === null) break
      cursor = `&cursor=${nextCursor}`
    }
    expect(seen).toEqual([6, 5, 4, 3, 2, 1, 0].map(n => `page ${n}`))
  })

  test('shows somebody who is bound to an area what happened there, and nothing of its sibling', async () => {
    await put(
      looked({ reason: 'here' }),
      looked({ reason: 'next door', areas: [AreaId.parse('tiexi'), AreaId.parse('anshan')] }),
      looked({ reason: 'nowhere', areas: [] }),
    )
    expect(await reasons(supervisor)).toEqual(['here'])
    expect((await supervisor.get('/api/trail.csv')).body).not.toContain('next door')
    expect(await reasons(admin, '?subject=residents%2F')).toEqual(['nowhere', 'next door', 'here'])
  })

  test('is for administrators and supervisors, and refuses what it does not understand', async () => {
    const operator = await logInOperator(world)
    for (const path of ['/api/trail', '/api/trail/head', '/api/trail.csv']) {
      expect((await operator.get(path)).status, path).toBe(403)
      expect((await supervisor.get(path)).status, path).toBe(200)
    }
    for (const search of ['?until=now', '?from=yesterday', '?cursor=x', '?limit=0', '?actor=%2F'])
      expect((await admin.get(`/api/trail${search}`)).status, search).toBe(400)
  })

  test('says where both chains stand', async () => {
    await put(looked())
    await world.press()
    expect((await supervisor.get('/api/trail/head')).body).toEqual({
      events: world.journal.head(),
      trail: world.journal.trail.head(),
    })
  })
})

describe('the trail as a table', () => {
  const rowsOf = async (search = '') => {
    const { status, headers, body } = await admin.get(`/api/trail.csv${search}`)
    expect(status).toBe(200)
    expect(headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="trail.csv"',
    })
    return z.array(z.record(z.string(), z.string())).parse(parse(String(body), { bom: true, columns: true }))
  }

  test('has the same filters, and all that they find', async () => {
    await put(
      ...Array.from({ length: 1_203 }, (_, n) => looked({ reason: `row ${n}` })),
      looked({ reason: 'other' }),
    )
    const rows = await rowsOf('?text=row')
    expect(rows.map(({ reason }) => reason)).toEqual(
      Array.from({ length: 1_203 }, (_, n) => `row ${1_202 - n}`),
    )
    expect(rows[0]).toMatchObject({
      at: '2026-11-21T12:00:00.000Z',
      actorKind: 'user',
      actorId: 'li',
      actorName: '李',
      address: '10.0.0.7',
      subject: 'residents/r-0001',
      outcome: 'done',
      facts: '{"fields":"phone"}',
      areas: 'tiedong anshan',
    })
  })

  test('keeps quotes, commas and lines, and nothing in it runs in a spreadsheet', async () => {
    const wicked = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '"a", b\r\nc', '说“好”']
    await put(...wicked.map(reason => looked({ reason, subject: 'wicked' })))
    const found = (await rowsOf('?subject=wicked')).map(({ reason }) => reason).toReversed()
    expect(found).toEqual(wicked.map((reason, index) => (index < 6 ? `'${reason}` : reason)))
  })

  test('is on record when it is taken, and not taken when it cannot be', async () => {
    await rowsOf()
    const [latest] = (await read(admin)).items
    expect(latest).toMatchObject({ action: 'GET /api/trail.csv', actor: { id: 'admin' }, outcome: 'done' })
    world.journal.setHealth({ writable: false })
    expect(await admin.get('/api/trail.csv')).toMatchObject({ status: 503, body: { code: 'not-recorded' } })
  })
})
