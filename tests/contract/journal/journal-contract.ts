/** What every journal must do, one test for each sentence of the port. `open` gives an empty journal of its own. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Alarm } from '../../../gateway/model/alarm.ts'
import type { DeliveryUpdate } from '../../../gateway/model/delivery.ts'
import { AlarmId, DeviceId } from '../../../gateway/model/ids.ts'
import type { AppendRequest, Entry, Journal } from '../../../gateway/model/journal.ts'
import {
  acknowledged,
  closed,
  deadlineIn,
  follow,
  followedUp,
  message,
  raise,
  resolved,
  sampleTime,
} from '../../support/alarm-samples.ts'

export const describeJournal = (name: string, open: () => Promise<Journal>): void => {
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
    const everything = () => journal.entriesAfter(0, 10_000)

    describe('append', () => {
      it('answers the entries as they are then read', async () => {
        const request = raise('a')
        const result = await journal.append(request)
        expect(result).toEqual({ ok: true, entries: await everything() })
        expect(await everything()).toMatchObject([
          {
            seq: 1,
            alarm: 'a',
            version: 1,
            recordedAt: sampleTime,
            actor: request.actor,
            event: request.events[0],
          },
          {
            seq: 2,
            alarm: 'a',
            version: 2,
            recordedAt: sampleTime,
            actor: request.actor,
            event: request.events[1],
          },
        ])
      })

      it('makes the alarm, its deliveries and its message visible together', async () => {
        const request = raise('a', { points: ['sp-1', 'sp-2'] })
        await put({ ...request, inbox: message('btn-1', '1') })
        expect(await journal.load(request.alarm.id)).toEqual(request.alarm)
        expect(await journal.deliveriesOf(request.alarm.id)).toEqual(
          request.deliveries.map(delivery => ({ ...delivery, state: 'pending', attempts: 0 })),
        )
        expect(await journal.keep(message('btn-1', '1'))).toEqual({ ok: true, duplicate: true })
      })

      it('answers conflict when the version has moved, and changes nothing', async () => {
        const alarm = await put(raise('a'))
        await put(follow(alarm, acknowledged))
        const before = await everything()
        const late = follow(alarm, { type: 'noted', text: 'late' })
        expect(await journal.append({ ...late, inbox: message('btn-1', '2') })).toEqual({
          ok: false,
          why: 'conflict',
        })
        expect(await everything()).toEqual(before)
        expect(await journal.load(alarm.id)).toMatchObject({ state: 'acknowledged', version: 3 })
        expect(await journal.keep(message('btn-1', '2'))).toEqual({ ok: true, duplicate: false })
      })

      it('answers conflict for a new alarm whose id is taken and for a change of one that is not there', async () => {
        await put(raise('a'))
        expect(await journal.append(raise('a', { subject: 'other' }))).toEqual({ ok: false, why: 'conflict' })
        expect(await journal.append(follow(raise('b').alarm, acknowledged))).toEqual({
          ok: false,
          why: 'conflict',
        })
      })

      it('lets only one of many that decided on the same version win', async () => {
        const alarm = await put(raise('a'))
        const results = await Promise.all(
          Array.from({ length: 20 }, (_, n) =>
            journal.append(follow(alarm, { type: 'noted', text: String(n) })),
          ),
        )
        expect(results.filter(result => result.ok)).toHaveLength(1)
        expect(results.filter(result => !result.ok && result.why === 'conflict')).toHaveLength(19)
      })

      it('answers conflict while another open alarm has the subject', async () => {
        await put(raise('a', { subject: 'sos/btn-1' }))
        expect(await journal.append(raise('b', { subject: 'sos/btn-1' }))).toEqual({
          ok: false,
          why: 'conflict',
        })
        expect(await journal.load(AlarmId.parse('b'))).toBeUndefined()
      })

      it('frees the subject when its alarm is resolved', async () => {
        const alarm = await put(raise('a', { subject: 'sos/btn-1' }))
        await put(follow(alarm, resolved))
        expect(await journal.findOpen('sos/btn-1')).toBeUndefined()
        const next = await put(raise('b', { subject: 'sos/btn-1' }))
        expect(await journal.findOpen('sos/btn-1')).toEqual(next)
      })

      it('finds the open alarm by its subject', async () => {
        const alarm = await put(raise('a', { subject: 'sos/btn-1' }))
        const after = await put(follow(alarm, acknowledged))
        expect(await journal.findOpen('sos/btn-1')).toEqual(after)
        expect(await journal.findOpen('sos/btn-2')).toBeUndefined()
      })

      it('takes each device message once, and says to which alarm it belongs', async () => {
        await put({ ...raise('a'), inbox: message('btn-1', '1') })
        const again = await journal.append({ ...raise('b'), inbox: message('btn-1', '1') })
        expect(again).toEqual({ ok: false, why: 'duplicate', alarm: 'a' })
        expect(await everything()).toHaveLength(2)
      })

      it('calls a message duplicate also when its alarm has moved on', async () => {
        const alarm = await put({ ...raise('a'), inbox: message('btn-1', '1') })
        await put(follow(alarm, acknowledged))
        expect(await journal.append({ ...raise('a'), inbox: message('btn-1', '1') })).toEqual({
          ok: false,
          why: 'duplicate',
          alarm: 'a',
        })
      })

      it('takes the same event id from another device and of another type', async () => {
        await put({ ...raise('a'), inbox: message('btn-1', '1') })
        await put({ ...raise('b'), inbox: message('btn-2', '1') })
        await put({ ...raise('c'), inbox: message('btn-1', '1', { eventKey: 'smoke/1', type: 'smoke' }) })
        expect(await everything()).toHaveLength(6)
      })

      it('takes one of many copies that arrive at once', async () => {
        const results = await Promise.all(
          Array.from({ length: 20 }, (_, n) =>
            journal.append({ ...raise(`a-${n}`), inbox: message('btn-1', 'same') }),
          ),
        )
        const [winner, ...others] = results.filter(result => result.ok)
        expect(others).toEqual([])
        expect(winner).toMatchObject({ entries: [{ seq: 1 }, { seq: 2 }] })
      })

      it('rejects a request that contradicts itself, without harm to those beside it', async () => {
        const bad = { ...raise('bad'), expectedVersion: 7 }
        const results = await Promise.allSettled([
          journal.append(raise('a')),
          journal.append(bad),
          journal.append(raise('b')),
        ])
        expect(results.map(result => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
        expect((await everything()).map(entry => entry.alarm)).toEqual(['a', 'a', 'b', 'b'])
        expect(journal.health()).toEqual({ writable: true })
      })

      it('keeps texts of any alphabet and bodies of any shape', async () => {
        const text = '老人说：“没事” 👵\u0000\n\ud800'
        const alarm = await put(raise('a'))
        await put(follow(alarm, { type: 'noted', text }))
        expect((await journal.timeline(alarm.id)).at(-1)?.event).toEqual({ type: 'noted', text })
        const data = { deep: [null, { a: null, b: 1.5 }], text: '门' }
        await journal.keep(message('btn-1', '1', { data }))
        await journal.keep(message('btn-1', '2', { data: null }))
        expect((await journal.inboxOf(DeviceId.parse('btn-1'), 10)).map(entry => entry.data)).toEqual([
          null,
          data,
        ])
        expect(await journal.verify()).toMatchObject({ ok: true })
      })
    })

    describe('order', () => {
      it('numbers the entries of 200 concurrent appends without a gap, each append in one piece', async () => {
        const results = await Promise.all(
          Array.from({ length: 200 }, (_, n) => journal.append(raise(`a-${n}`, { points: ['sp-1'] }))),
        )
        const entries = await everything()
        expect(entries.map(entry => entry.seq)).toEqual(Array.from({ length: 400 }, (_, n) => n + 1))
        expect(results.flatMap(result => (result.ok ? result.entries : []))).toEqual(entries)
        expect(await journal.verify()).toMatchObject({ ok: true, entries: 400, head: journal.head() })
      })

      it('knows its head', async () => {
        expect(journal.head()).toEqual({ seq: 0, hash: '0'.repeat(64) })
        await put(raise('a'))
        const last = (await everything()).at(-1)
        expect(journal.head()).toEqual({ seq: 2, hash: last?.hash })
      })

      it('reads entries after any number, at most as many as asked for', async () => {
        for (const id of ['a', 'b', 'c']) await put(raise(id))
        const seqs = (entries: readonly Entry[]) => entries.map(entry => entry.seq)
        expect(seqs(await journal.entriesAfter(0, 2))).toEqual([1, 2])
        expect(seqs(await journal.entriesAfter(2, 3))).toEqual([3, 4, 5])
        expect(seqs(await journal.entriesAfter(5, 10))).toEqual([6])
        expect(await journal.entriesAfter(6, 10)).toEqual([])
        expect(await journal.entriesAfter(99, 10)).toEqual([])
      })

      it('tells the story of one alarm in order', async () => {
        const alarm = await put(raise('a'))
        await put(raise('b'))
        await put(follow(alarm, acknowledged, resolved))
        const timeline = await journal.timeline(alarm.id)
        expect(timeline.map(entry => [entry.version, entry.event.type])).toEqual([
          [1, 'raised'],
          [2, 'offered'],
          [3, 'acknowledged'],
          [4, 'resolved'],
        ])
        expect(await journal.timeline(AlarmId.parse('nobody'))).toEqual([])
      })
    })

    describe('device messages that raise nothing', () => {
      it('keeps each once', async () => {
        expect(await journal.keep(message('btn-1', '1'))).toEqual({ ok: true, duplicate: false })
        expect(await journal.keep(message('btn-1', '1'))).toEqual({ ok: true, duplicate: true })
        expect(await journal.append({ ...raise('a'), inbox: message('btn-1', '1') })).toEqual({
          ok: false,
          why: 'duplicate',
        })
      })

      it('shows them by device, newest first, at most as many as asked for, as they came in', async () => {
        const kept = [1, 2, 3].map(n =>
          message('btn-1', String(n), {
            type: 'hum',
            receivedAt: sampleTime + n,
            deviceTime: 5,
            data: { n },
          }),
        )
        for (const entry of kept) await journal.keep(entry)
        await journal.keep(message('btn-2', '1'))
        expect(await journal.inboxOf(DeviceId.parse('btn-1'), 2)).toEqual([kept[2], kept[1]])
        expect(await journal.inboxOf(DeviceId.parse('btn-3'), 2)).toEqual([])
      })

      it('does not show what has become an alarm: that is not strange', async () => {
        await put({ ...raise('a'), inbox: message('btn-1', '1') })
        expect(await journal.inboxOf(DeviceId.parse('btn-1'), 10)).toEqual([])
      })
    })

    describe('deliveries', () => {
      const delivered = (id: string): DeliveryUpdate => ({
        id,
        state: 'delivered',
        attempts: 1,
        settledAt: 7,
      })

      it('are pending in the order in which they were owed', async () => {
        const first = raise('z', { points: ['sp-2', 'sp-1'] })
        const second = raise('a')
        await put(first)
        await put(second)
        expect((await journal.pendingDeliveries()).map(delivery => delivery.id)).toEqual(
          [...first.deliveries, ...second.deliveries].map(delivery => delivery.id),
        )
      })

      it('are no longer pending once settled, and keep their outcome', async () => {
        const request = raise('a')
        const alarm = await put(request)
        const [offered, feedback] = request.deliveries.map(delivery => delivery.id)
        const failed = { state: 'failed', outcome: 'ambiguous', reason: 'no answer', attempts: 3 } as const
        expect(await journal.settle([delivered(offered ?? ''), { id: feedback ?? '', ...failed }])).toBe(true)
        expect(await journal.pendingDeliveries()).toEqual([])
        expect(await journal.deliveriesOf(alarm.id)).toEqual([
          { ...request.deliveries[0], state: 'delivered', attempts: 1, settledAt: 7 },
          { ...request.deliveries[1], ...failed },
        ])
      })

      it('settle to the same when told twice', async () => {
        const request = raise('a')
        const alarm = await put(request)
        const updates = request.deliveries.map(delivery => delivered(delivery.id))
        await journal.settle(updates)
        const once = await journal.deliveriesOf(alarm.id)
        expect(await journal.settle(updates)).toBe(true)
        expect(await journal.deliveriesOf(alarm.id)).toEqual(once)
      })

      it('stay pending, with their tries counted, when they have only been tried', async () => {
        const request = raise('a', { points: [] })
        await put(request)
        const [id = ''] = request.deliveries.map(delivery => delivery.id)
        await journal.settle([
          { id, state: 'pending', outcome: 'transient', reason: 'not connected', attempts: 2 },
        ])
        expect(await journal.pendingDeliveries()).toMatchObject([
          { id, attempts: 2, outcome: 'transient', reason: 'not connected' },
        ])
      })

      it('that nobody owes are settled without effect', async () => {
        expect(await journal.settle([delivered('nobody/1/webhook')])).toBe(true)
        expect(await journal.pendingDeliveries()).toEqual([])
      })

      it('are owed once, also when an append names one twice', async () => {
        const request = raise('a', { points: [] })
        await put({ ...request, deliveries: [...request.deliveries, ...request.deliveries] })
        expect(await journal.pendingDeliveries()).toHaveLength(1)
      })

      it('owed by an append that was refused are not owed', async () => {
        const alarm = await put({ ...raise('a'), deliveries: [] })
        await put(follow(alarm, acknowledged))
        await journal.append({ ...follow(alarm, resolved), deliveries: raise('a').deliveries })
        expect(await journal.deliveriesOf(alarm.id)).toEqual([])
      })
    })

    describe('audit', () => {
      it('knows the deadline that the latest event has set', async () => {
        const alarm = await put(raise('a'))
        expect((await journal.audit(sampleTime * 2)).overdue).toEqual(
          new Map([[alarm.id, deadlineIn(30_000)]]),
        )
        await put(follow(alarm, acknowledged))
        expect((await journal.audit(sampleTime * 2)).overdue).toEqual(
          new Map([[alarm.id, deadlineIn(120_000, 'lease')]]),
        )
      })

      it('forgets the deadline of an alarm that has none any more', async () => {
        const alarm = await put(raise('a'))
        await put(follow(alarm, resolved, followedUp, closed))
        expect(await journal.audit(sampleTime * 2)).toEqual({ withoutDeadline: [], overdue: new Map() })
      })

      it('names deadlines before the given moment only, the earliest first', async () => {
        const a = await put(raise('a'))
        const b = await put(raise('b'))
        await put(follow(a, acknowledged))
        const { overdue } = await journal.audit(deadlineIn(120_000).at)
        expect([...overdue.keys()]).toEqual([b.id])
        expect([...(await journal.audit(deadlineIn(120_001).at)).overdue.keys()]).toEqual([b.id, a.id])
      })

      it('names alarms that are not closed and have no deadline', async () => {
        const { alarm, ...request } = raise('a')
        const { deadline: _, ...forgotten } = alarm
        await put({ ...request, alarm: forgotten })
        await put(raise('b'))
        expect((await journal.audit(0)).withoutDeadline).toEqual(['a'])
      })
    })

    describe('its end', () => {
      it('takes nothing after it was closed, and says so', async () => {
        const heard: boolean[] = []
        journal.onHealth(health => heard.push(health.writable))
        await journal.close()
        expect(journal.health()).toMatchObject({ writable: false })
        expect(heard).toEqual([false])
        expect(await journal.append(raise('a'))).toMatchObject({ ok: false, why: 'unavailable' })
        expect(await journal.keep(message('btn-1', '1'))).toMatchObject({ ok: false, why: 'unavailable' })
        expect(await journal.settle([])).toBe(false)
      })

      it('answers what was asked before it was closed', async () => {
        const appended = journal.append(raise('a'))
        await journal.close()
        expect(await appended).toMatchObject({ ok: true })
      })

      it('tells nobody who no longer listens', async () => {
        const heard: unknown[] = []
        journal.onHealth(health => heard.push(health))()
        await journal.close()
        expect(heard).toEqual([])
      })
    })
  })
}
