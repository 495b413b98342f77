import { once } from 'node:events'
import { appendFile, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { anchorToFile, anchorToUrl, createAnchoring } from '../../../gateway/anchor.ts'
import { verifyAnchors } from '../../../gateway/journal/anchors.ts'
import { sealLink } from '../../../gateway/journal/chain.ts'
import { openSqliteJournal } from '../../../gateway/journal/sqlite/adapter.ts'
import { journalFileName } from '../../../gateway/journal/sqlite/schema.ts'
import { verifyJournal } from '../../../gateway/journal/verify.ts'
import { openDatabase } from '../../../gateway/kit/sqlite.ts'
import type { Journal } from '../../../gateway/model/journal.ts'
import { createWebhook, sign } from '../../../gateway/outbox/webhook.ts'
import { operator, raise } from '../../support/alarm-samples.ts'
import { eventually } from '../../support/eventually.ts'
import { withTemporaryDirectory } from '../../support/temporary-directory.ts'
import { createVirtualClock } from '../../support/virtual-clock.ts'

const hourMs = 3_600_000
const log = pino({ level: 'silent' })
const start = Date.parse('2026-11-21T12:00:00Z')

const act = async (journal: Journal, name: string): Promise<void> => {
  await journal.append(raise(name))
  await journal.trail.record({ at: 1, actor: operator, action: 'POST /api/tokens', outcome: 'done' })
}

const linesOf = async (file: string) => (await readFile(file, 'utf8')).split('\n').filter(line => line !== '')

/** A journal of 3 × (2 events + 1 look), anchored at its start, each hour and at its end. */
const anchoredJournal = async (directory: string): Promise<string> => {
  const file = join(directory, 'anchors.jsonl')
  const journal = await openSqliteJournal({ directory })
  const clock = createVirtualClock(start)
  const anchoring = createAnchoring({
    heads: () => ({ events: journal.head(), trail: journal.trail.head() }),
    anchorers: [anchorToFile(file)],
    intervalMs: hourMs,
    clock,
    log,
  })
  const written = (count: number) =>
    eventually(`${count} anchors`, async () =>
      (await linesOf(file).catch(() => [])).length === count ? true : undefined,
    )
  anchoring.start()
  await written(1)
  await act(journal, 'a')
  await act(journal, 'b')
  clock.advance(hourMs)
  await written(2)
  await act(journal, 'c')
  await anchoring.stop()
  expect(anchoring.figures()).toEqual({ anchoredAt: start + hourMs, failures: 0 })
  await journal.close()
  return file
}

const tamper = (directory: string, work: (database: ReturnType<typeof openDatabase>) => void): void => {
  const database = openDatabase(join(directory, journalFileName), { durability: 'full' })
  work(database)
  database.close()
}

/** Makes the chain of events sound again from `seq` on, as somebody who knows how could. */
const sealAnew = (database: ReturnType<typeof openDatabase>, seq: number): void => {
  const text = (value: unknown) => String(value)
  let before = text(database.prepare('SELECT hash FROM events WHERE seq = ?').get(seq - 1)?.['hash'])
  for (const row of database.prepare('SELECT * FROM events WHERE seq >= ? ORDER BY seq').all(seq)) {
    before = sealLink(before, {
      seq: Number(row['seq']),
      alarm: text(row['alarm_id']),
      version: Number(row['version']),
      recordedAt: Number(row['recorded_at']),
      actor: text(row['actor']),
      type: text(row['type']),
      data: text(row['data']),
    })
    database.prepare('UPDATE events SET hash = ? WHERE seq = ?').run(before, Number(row['seq']))
  }
  database.prepare('UPDATE meta SET head_hash = ?').run(before)
}

describe('anchors in a file', () => {
  it('hold the heads of both chains at the start, at each interval and at the end', () =>
    withTemporaryDirectory(async directory => {
      const file = await anchoredJournal(directory)
      const anchors = (await linesOf(file)).map((line): unknown => JSON.parse(line))
      expect(anchors).toMatchObject([
        { at: '2026-11-21T12:00:00.000Z', events: { seq: 0 }, trail: { seq: 0 } },
        { at: '2026-11-21T13:00:00.000Z', events: { seq: 4 }, trail: { seq: 2 } },
        { at: '2026-11-21T13:00:00.000Z', events: { seq: 6 }, trail: { seq: 3 } },
      ])
      expect(await verifyAnchors(directory, file)).toEqual({ ok: true, anchors: 3, unreadable: 0 })
    }))

  it('show that a chain was rewritten, though it is sound again', () =>
    withTemporaryDirectory(async directory => {
      const file = await anchoredJournal(directory)
      tamper(directory, database => {
        database.exec(`UPDATE events SET recorded_at = recorded_at + 1 WHERE seq = 3`)
        sealAnew(database, 3)
      })
      expect(await verifyJournal(directory, () => undefined)).toMatchObject({ ok: true })
      expect(await verifyAnchors(directory, file)).toEqual({
        ok: false,
        line: 2,
        at: '2026-11-21T13:00:00.000Z',
        chain: 'events',
        seq: 4,
        detail: 'rewritten',
      })
    }))

  it('show that the end of a chain was cut off, head and all', () =>
    withTemporaryDirectory(async directory => {
      const file = await anchoredJournal(directory)
      tamper(directory, database =>
        database.exec(`DELETE FROM trail WHERE seq = 3;
          UPDATE meta SET trail_seq = 2, trail_hash = (SELECT hash FROM trail WHERE seq = 2)`),
      )
      expect(await verifyJournal(directory, () => undefined)).toMatchObject({ ok: true })
      expect(await verifyAnchors(directory, file)).toMatchObject({
        ...{ ok: false, line: 3, chain: 'trail', seq: 3, detail: 'cut off' },
      })
    }))

  it('begin a new line behind one that was cut short, which is counted and not believed', () =>
    withTemporaryDirectory(async directory => {
      const file = await anchoredJournal(directory)
      await appendFile(file, '{"at":"2026-11-21T1')
      await anchorToFile(file)({
        at: '2026-11-21T14:00:00.000Z',
        events: { seq: 7, hash: 'x' },
        trail: { seq: 0, hash: 'x' },
      })
      expect(await verifyAnchors(directory, file)).toMatchObject({ line: 5, detail: 'cut off', seq: 7 })
      const lines = (await linesOf(file)).slice(0, -1)
      await writeFile(file, lines.join('\n'))
      expect(await verifyAnchors(directory, file)).toEqual({ ok: true, anchors: 3, unreadable: 1 })
    }))
})

describe('anchoring', () => {
  const head = (seq: number) => ({ events: { seq, hash: 'e' }, trail: { seq, hash: 't' } })

  it('tries again what failed, later and later, and the latest heads only', async () => {
    const clock = createVirtualClock(start)
    const tried: number[] = []
    let broken = true
    let seq = 1
    const anchoring = createAnchoring({
      heads: () => head(seq),
      anchorers: [
        async ({ events }) => {
          tried.push(events.seq)
          if (broken) throw new Error('no such host')
        },
      ],
      intervalMs: 600_000,
      clock,
      log,
    })
    anchoring.start()
    await clock.pass(5_000 + 10_000 + 20_000 + 40_000 + 80_000 + 160_000)
    expect(tried).toEqual([1, 1, 1, 1, 1, 1, 1])
    seq = 2
    await clock.pass(600_000 - 315_000)
    expect(tried.slice(7)).toEqual([2])
    broken = false
    seq = 3
    await clock.pass(300_000)
    expect(tried.slice(7)).toEqual([2, 2])
    expect(anchoring.figures()).toEqual({ anchoredAt: start + 600_000, failures: 8 })
    await anchoring.stop()
    expect(tried.at(-1)).toBe(3)
  })

  it('does not hold up the end when its place does not answer', async () => {
    const clock = createVirtualClock(start)
    const anchoring = createAnchoring({
      heads: () => head(1),
      anchorers: [() => new Promise(() => {})],
      intervalMs: 60_000,
      clock,
      log,
    })
    anchoring.start()
    const stopped = anchoring.stop()
    await clock.pass(2_000)
    await stopped
    expect(anchoring.figures()).toEqual({ anchoredAt: undefined, failures: 0 })
  })

  it('goes over HTTP signed like a notice', async () => {
    const requests: { headers: Record<string, unknown>; body: string }[] = []
    const server = createServer((request, response) => {
      request.setEncoding('utf8')
      let body = ''
      request.on('data', text => (body += text))
      request.on('end', () => {
        requests.push({ headers: request.headers, body })
        response.writeHead(requests.length === 1 ? 500 : 200).end()
      })
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('no port')
    const secret = 'a secret of sixteen or more'
    const now = () => start
    const send = createWebhook({ url: `http://127.0.0.1:${address.port}/`, secret, timeoutMs: 5_000 }, now)
    const anchor = anchorToUrl(send)
    const value = { at: new Date(start).toISOString(), ...head(7) }
    await expect(anchor(value)).rejects.toThrow('HTTP 500')
    await anchor(value)
    const [first, second] = requests
    expect(second?.body).toBe(JSON.stringify(value))
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id'])
    expect(second?.headers['webhook-signature']).toBe(
      sign(secret, { id: `anchor-${start}`, timestamp: start / 1_000, body: JSON.stringify(value) }),
    )
    server.close()
  })

  it('says that a file cannot be written, and goes on', () =>
    withTemporaryDirectory(async directory => {
      const clock = createVirtualClock(start)
      const missing = join(directory, 'away')
      const anchoring = createAnchoring({
        heads: () => head(1),
        anchorers: [anchorToFile(join(missing, 'anchors.jsonl'))],
        intervalMs: 60_000,
        clock,
        log,
      })
      anchoring.start()
      await eventually('a failure', () => (anchoring.figures().failures === 1 ? true : undefined))
      await anchoring.stop()
      expect(anchoring.figures()).toEqual({ anchoredAt: undefined, failures: 2 })
    }))
})
