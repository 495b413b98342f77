import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { csvLine } from '../../../gateway/api/csv.ts'
import type { AlarmEvent } from '../../../gateway/model/alarm.ts'
import { DeviceId, PointId } from '../../../gateway/model/ids.ts'
import type { Entry } from '../../../gateway/model/journal.ts'
import type { AlarmKind } from '../../../gateway/model/kinds.ts'
import type { Role } from '../../../gateway/model/permissions.ts'
import { type Client, clientWith, logIn, logInOperator, openWorld, type World } from './world.ts'

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

const withRole = async (role: Role, scopes: readonly object[] = []): Promise<Client> => {
  const { body } = await admin.post('/api/tokens', { name: role, role, scopes })
  const { token } = z.looseObject({ token: z.string() }).parse(body)
  return clientWith(world.api, { authorization: `Bearer ${token}` })
}

/** So many more homes live there. */
const settle = async (area: string, homes: number): Promise<void> => {
  await world.registry.importDocument({
    homes: Array.from({ length: homes }, (_, n) => ({ id: `${area}-${n}`, address: `${n} 号`, area })),
  })
}

const Row = z.object({
  id: z.string(),
  value: z.number().nullable(),
  numerator: z.number(),
  denominator: z.number(),
  asOf: z.string(),
})
const Indicators = z.looseObject({
  month: z.string(),
  rows: z.array(Row.loose()),
  byProvider: z.array(z.looseObject({ point: z.string(), name: z.string(), alarms: z.number() })),
  notMeasured: z.array(z.looseObject({ id: z.string() })),
})

const indicators = async (client = operator, query = '') => {
  const { status, body } = await client.get(`/api/indicators${query}`)
  expect(status, JSON.stringify(body)).toBe(200)
  const answer = Indicators.parse(body)
  const row = (id: string) => {
    const { value, numerator, denominator } = answer.rows.find(one => one.id === id) ?? {}
    return [value, numerator, denominator]
  }
  return { ...answer, row }
}

const pass = (seconds: number): void => world.clock.advance(seconds * 1_000)

/** A call that is answered after so many seconds, gone to, and ended. */
const handle = async (
  kind: AlarmKind,
  {
    answer,
    arrive,
    cause,
    device = 'btn-0001',
    home = 'h-0001',
    area = 'tiedong',
  }: {
    answer: number
    arrive?: number
    cause?: string
    device?: string
    home?: string
    area?: string
  },
): Promise<string> => {
  const { id, epoch } = await world.press(kind, device, home, area)
  const act = async (what: string, body: object) =>
    expect(await operator.post(`/api/alarms/${id}/${what}`, { epoch, ...body }), what).toMatchObject({
      status: 200,
    })
  pass(answer)
  await act('acknowledge', {})
  if (arrive !== undefined) {
    await act('dispatch', { responder: 'rs-01' })
    pass(arrive - answer)
    await act('arrive', { responder: 'rs-01' })
  }
  if (cause !== undefined) await act('resolve', { cause })
  return id
}

/** The same figures, by a way of their own: over the whole journal, entry by entry. */
const recounted = async () => {
  const entries = await world.journal.entriesAfter(0, 100_000)
  const first = (of: readonly Entry[], type: AlarmEvent['type']) =>
    of.find(({ event }) => event.type === type)?.recordedAt ?? Number.POSITIVE_INFINITY
  const lives = [...new Set(entries.map(({ alarm }) => alarm))].map(alarm => {
    const of = entries.filter(entry => entry.alarm === alarm)
    const [raised] = of
    if (raised?.event.type !== 'raised') throw new Error('an alarm without a beginning')
    const { kind, occurrence } = raised.event
    const ended = of.flatMap(({ event }) => (event.type === 'resolved' ? [event.cause] : []))[0]
    const waited = (type: AlarmEvent['type']) => first(of, type) - occurrence.receivedAt
    return {
      kind,
      ended,
      answer: waited('acknowledged'),
      sent: waited('dispatched'),
      there: waited('arrived'),
    }
  })
  const calls = lives.filter(({ kind }) => kind === 'sos' || kind === 'smoke')
  const emergencies = lives.filter(({ kind }) => kind !== 'test' && kind !== 'battery-low')
  const gone = emergencies.filter(({ sent }) => sent < Number.POSITIVE_INFINITY)
  const share = (numerator: number, denominator: number) => [numerator / denominator, numerator, denominator]
  const times = gone.map(({ there }) => there).toSorted((a, b) => a - b)
  const judged = lives.filter(({ kind, ended }) => kind === 'sos' && ended !== undefined && ended !== 'test')
  return {
    alarms: [lives.length, lives.length, lives.length],
    'answered-15s': share(calls.filter(({ answer }) => answer <= 15_000).length, calls.length),
    'answered-60s': share(calls.filter(({ answer }) => answer <= 60_000).length, calls.length),
    'arrived-in-time': share(gone.filter(({ there }) => there <= 900_000).length, gone.length),
    'received-arrived-median': [
      (times[Math.ceil(times.length / 2) - 1] ?? 0) / 1_000,
      times.length,
      emergencies.length,
    ],
    'false.rule.sos': share(
      judged.filter(({ ended }) => ended !== 'real' && ended !== 'unclear').length,
      judged.length,
    ),
  }
}

describe('the indicators of a month', () => {
  test('are what anybody who has the journal can count again', async () => {
    await handle('sos', { answer: 10, arrive: 600, cause: 'real' })
    await handle('sos', { answer: 40, arrive: 1_200, cause: 'accidental' })
    await handle('smoke', { answer: 15, arrive: 300, cause: 'sensor-false' })
    await handle('sos', { answer: 90, cause: 'unclear' })
    await world.press('fall')
    await world.press('battery-low')
    await world.press('test')
    await world.press('sos')
    const { row } = await indicators()
    const again = await recounted()
    for (const [id, figures] of Object.entries(again)) expect(row(id), id).toEqual(figures)
    // They are not all nothing.
    expect(again['answered-15s']).toEqual([2 / 5, 2, 5])
    expect(again['received-arrived-median']).toEqual([600, 3, 6])
  })

  test('are of the month in which it was received, by local time, and of an area with everything inside it', async () => {
    await handle('sos', { answer: 10 })
    await handle('sos', { answer: 10, device: 'btn-0002', home: 'h-0002', area: 'tiexi' })
    const count = async (query: string) => (await indicators(operator, query)).row('alarms')[0]
    expect(await count('')).toBe(2)
    expect(await count('?month=2026-11&area=anshan')).toBe(2)
    expect(await count('?month=2026-11&area=tiexi')).toBe(1)
    expect(await count('?month=2026-10')).toBe(0)
    expect((await operator.get('/api/indicators?area=nowhere')).status).toBe(422)
    expect((await operator.get('/api/indicators?month=2026-13')).status).toBe(400)
  })

  test('are of what the caller sees, and name nobody', async () => {
    await handle('sos', { answer: 10, arrive: 60, cause: 'real' })
    await handle('sos', { answer: 10, device: 'btn-0002', home: 'h-0002', area: 'tiexi' })
    await settle('tiexi', 4)
    const assessor = await withRole('assessor', [{ area: 'tiexi' }])
    const { row } = await indicators(assessor)
    expect(row('alarms')[0]).toBe(1)
    expect(row('devices-online')).toEqual([1, 1, 1])
    expect((await assessor.get('/api/indicators?area=tiedong')).status).toBe(422)
    const everybody = await withRole('assessor')
    const text = JSON.stringify((await everybody.get('/api/indicators')).body)
    expect(text).toContain('第1服务站')
    for (const name of ['李秀英', '李明', '赵强', '胜利路', 'btn-0001', 'h-0001', 'wang'])
      expect(text).not.toContain(name)
  })

  test('of so few homes that they would be somebody’s are only for who sees whose', async () => {
    await settle('tiexi', 3)
    for (const path of ['indicators', 'indicators.csv', 'reports/false-alarms']) {
      const status = async (role: Role, area: string) =>
        (await (await withRole(role)).get(`/api/${path}?area=${area}`)).status
      for (const role of ['assessor', 'supervisor'] as const) {
        expect(await status(role, 'tiexi'), path).toBe(400)
        expect(await status(role, 'anshan'), path).toBe(200)
      }
      expect(await status('operator', 'tiexi'), path).toBe(200)
    }
    const bound = await withRole('assessor', [{ area: 'tiexi' }])
    expect((await bound.get('/api/indicators')).status).toBe(400)
    await settle('tiexi', 4)
    expect((await bound.get('/api/indicators')).status).toBe(200)
  })

  test('are not told apart by what is left of the whole: beside a few homes the next larger area is not shown either', async () => {
    const row = (id: string, parent: string) => ({ id, name: id, level: 'street', parent })
    await world.registry.importDocument({
      areas: [row('large', 'tiexi'), row('larger', 'tiexi'), row('small', 'tiexi'), row('inside', 'large')],
    })
    for (const [area, homes] of [
      ['inside', 6],
      ['larger', 8],
      ['small', 2],
    ] as const)
      await settle(area, homes)
    const bound = await withRole('assessor', [{ area: 'tiexi' }])
    const shown = async () => {
      const found: string[] = []
      for (const area of ['tiexi', 'larger', 'large', 'inside', 'small'])
        if ((await bound.get(`/api/indicators?area=${area}`)).status === 200) found.push(area)
      return found
    }
    expect(await shown()).toEqual(['tiexi', 'larger'])
    await settle('small', 5)
    // One home of the area around them is in none of them: figures of all three would tell of it.
    expect(await shown()).toEqual(['tiexi', 'larger', 'large', 'inside'])
    await settle('tiexi', 5)
    expect(await shown()).toEqual(['tiexi', 'larger', 'large', 'inside', 'small'])
  })

  test('tell how devices and beds are now, apart from what happened in the month', async () => {
    const now = world.clock.now()
    world.presence.set(DeviceId.parse('btn-0001'), {
      lastSeenAt: now,
      status: {},
      battery: [],
      lastPressedAt: now - 1,
    })
    const home = world.registry.get('homes', 'h-0002')?.id
    if (!home) throw new Error('no home')
    const device = DeviceId.parse('btn-0002')
    const weaknesses = [
      { reason: 'device-silent', device },
      { reason: 'battery-low', device },
    ] as const
    world.supervision.set(home, { home, state: 'unprotected', weaknesses })
    const { rows, row } = await indicators(operator, '?month=2026-10')
    expect(row('devices-online')).toEqual([0.5, 1, 2])
    expect(row('weekly-tests')).toEqual([0.5, 1, 2])
    expect(row('batteries-low')).toEqual([1, 1, 2])
    expect(row('beds-enabled')).toEqual([0, 0, 0])
    expect(rows.filter(({ asOf }) => asOf === 'now').map(({ id }) => id)).toEqual([
      ...[
        'devices-online',
        'weekly-tests',
        'batteries-low',
        'beds-enabled',
        'beds-online',
        'outside-circles',
      ],
    ])
  })

  test('count who lives outside every 15-minute circle, of homes whose place is known', async () => {
    const [near, far] = [41.11, 41.9].map(lat => ({ lat, lon: 122.99, datum: 'WGS84' }))
    const { rejected } = await world.registry.importDocument({
      homes: [
        { id: 'h-0001', address: '胜利路 1 号', area: 'tiedong', position: near },
        { id: 'h-0009', address: '山里', area: 'tiexi', position: far },
      ],
      residents: ['r-0008', 'r-0009'].map(id => ({ id, home: 'h-0009', name: '孙' })),
    })
    expect(rejected).toEqual([])
    expect((await indicators()).row('outside-circles')).toEqual([2, 2, 3])
    expect((await indicators(operator, '?area=tiedong')).row('outside-circles')).toEqual([0, 0, 1])
  })

  test('tell how each service point did, and what this gateway cannot tell', async () => {
    await handle('sos', { answer: 10, arrive: 600, cause: 'real' })
    const { byProvider, notMeasured } = await indicators()
    expect(byProvider).toMatchObject([
      {
        point: PointId.parse('sp-001'),
        name: '第1服务站',
        alarms: 1,
        medianArriveSeconds: 600,
        arrivedInTime: { numerator: 1, denominator: 1 },
      },
    ])
    expect(notMeasured.map(({ id }) => id)).toEqual(['monthly-visits', 'complaints'])
  })
})

describe('the indicators as a table', () => {
  test('are the same rows, in Chinese for a spreadsheet', async () => {
    await handle('sos', { answer: 10, arrive: 600, cause: 'real' })
    const { rows } = await indicators()
    const { body, headers } = await operator.get('/api/indicators.csv')
    expect(headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="indicators-2026-11.csv"',
    })
    const text = z.string().parse(body)
    expect(text.startsWith('\u{feff}"id","名称","name"')).toBe(true)
    const lines = text.trimEnd().split('\r\n').slice(1)
    expect(lines).toHaveLength(rows.length)
    rows.forEach(({ id, value, numerator, denominator }, index) => {
      const cells = lines[index]?.slice(1, -1).split('","') ?? []
      expect([cells[0], ...cells.slice(4, 7)]).toEqual([
        id,
        String(value ?? ''),
        String(numerator),
        String(denominator),
      ])
    })
  })

  test('run nothing in a spreadsheet, and leave numbers numbers', () => {
    expect(csvLine(['＝1+1', '\n=1', '=HYPERLINK("x")', '+1', '-1', '@SUM', '\tx', 'a"b', -1, null])).toBe(
      `"'＝1+1","'\n=1","'=HYPERLINK(""x"")","'+1","'-1","'@SUM","'\tx","a""b","-1",""\r\n`,
    )
  })
})

describe('the report of false alarms', () => {
  const Report = z.looseObject({
    weeks: z.number(),
    byDevice: z.array(z.looseObject({ device: z.string(), closed: z.number() })),
    byRule: z.array(
      z.looseObject({ rule: z.string(), watched: z.number(), falsePerWeek: z.number().nullable() }),
    ),
  })

  test('tells by device and rule how alarms of the last four weeks turned out', async () => {
    await handle('sos', { answer: 10, cause: 'accidental' })
    await handle('sos', { answer: 10, cause: 'real' })
    pass(1)
    const { status, body } = await operator.get('/api/reports/false-alarms')
    expect(status).toBe(200)
    const report = Report.parse(body)
    expect(report.weeks).toBe(4)
    expect(report.byDevice).toMatchObject([
      { device: 'btn-0001', closed: 2, false: { numerator: 1, denominator: 2, share: 0.5 } },
    ])
    expect(report.byRule).toMatchObject([{ rule: 'sos', watched: 2, falsePerWeek: 0.125 }])
  })

  test('shows aggregates only to whoever does not see who somebody is', async () => {
    await handle('sos', { answer: 10, cause: 'accidental' })
    await settle('tiexi', 3)
    pass(1)
    const { body } = await (await withRole('assessor')).get('/api/reports/false-alarms')
    const report = Report.parse(body)
    expect(report.byDevice).toEqual([])
    expect(report.byRule).toHaveLength(1)
    expect((await (await withRole('technician')).get('/api/reports/false-alarms')).status).toBe(403)
  })

  test('refuses a time that is too long or the wrong way round', async () => {
    const status = async (query: string) => (await operator.get(`/api/reports/false-alarms?${query}`)).status
    expect(await status('from=2026-07-01T00:00:00Z')).toBe(400)
    expect(await status('from=2026-11-22T00:00:00Z')).toBe(400)
    expect(await status('area=nowhere')).toBe(422)
  })
})
