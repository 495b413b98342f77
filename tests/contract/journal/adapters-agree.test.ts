/** Whatever is asked of both journals, they answer the same: entries, hashes, refusals, lists and all. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createMemoryJournal } from '../../../gateway/journal/memory.ts'
import { openSqliteJournal } from '../../../gateway/journal/sqlite/adapter.ts'
import type { Alarm, AlarmEvent } from '../../../gateway/model/alarm.ts'
import { AlarmId, AreaId, DeviceId, HomeId, PointId, ResidentId } from '../../../gateway/model/ids.ts'
import type { AppendRequest, Journal } from '../../../gateway/model/journal.ts'
import {
  acknowledged,
  closed,
  follow,
  followedUp,
  message,
  offer,
  raise,
  resolved,
} from '../../support/alarm-samples.ts'

let directory: string
let onDisk: Journal
const inMemory = createMemoryJournal()
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'anling-journal-'))
  onDisk = await openSqliteJournal({ directory })
})
afterAll(async () => {
  await onDisk.close()
  await rm(directory, { recursive: true })
})

type Step = (journal: Journal) => Promise<unknown>

const nextEvents: readonly (readonly [AlarmEvent, ...AlarmEvent[]])[] = [
  [acknowledged],
  [{ type: 'released', reason: 'handed-back', epoch: 2 }, offer(['sp-2'], { epoch: 2 })],
  [{ ...acknowledged, holder: { kind: 'point', id: PointId.parse('sp-3') } }],
  [offer(['sp-2', 'sp-3'], { level: 2 })],
  [resolved],
  [resolved, followedUp, closed],
  [{ type: 'noted', text: '已联系家属' }],
]

const small = fc.nat({ max: 3 })
const choices = fc.record({
  what: fc.constantFrom('raise', 'follow', 'follow', 'keep', 'settle', 'list', 'look'),
  alarm: small,
  other: small,
  stale: fc.boolean(),
  withMessage: fc.boolean(),
  event: fc.nat({ max: nextEvents.length - 1 }),
  kind: fc.constantFrom('sos' as const, 'fall' as const, 'service' as const),
  order: fc.constantFrom('received' as const, 'urgency' as const, 'due' as const),
})
type Choice = typeof choices extends fc.Arbitrary<infer T> ? T : never

/** The question that a choice stands for. `seen` gathers all versions of the alarms of this run, the newest last. */
const stepFor = (choice: Choice, run: string, seen: Alarm[]): Step => {
  const { alarm, other, kind, order, event } = choice
  const id = `${run}-${alarm}`
  const inbox = message(`${run}-btn-${other}`, String(alarm), { receivedAt: 1_000 + alarm })
  const append =
    (request: AppendRequest): Step =>
    async journal => {
      const result = await journal.append(choice.withMessage ? { ...request, inbox } : request)
      if (result.ok && !seen.includes(request.alarm)) seen.push(request.alarm)
      return result
    }
  const known = seen.filter(version => version.id === id)
  const base = choice.stale ? known[0] : known.at(-1)
  switch (choice.what) {
    case 'raise':
      return append(
        raise(id, {
          kind,
          subject: `${run}-${other}`,
          area: `${run}-area-${other}`,
          points: [`sp-${other}`, 'sp-9'],
          receivedAt: 1_000 + other,
        }),
      )
    case 'follow':
      return base
        ? append(follow(base, ...(nextEvents[choice.event] ?? [closed])))
        : journal => journal.unfinished()
    case 'keep':
      return journal => journal.keep(inbox)
    case 'settle':
      return journal =>
        journal.settle([
          { id: `${id}/2/point:sp-${other}`, state: 'delivered', attempts: other, settledAt: 9 },
        ])
    case 'list':
      return async journal => {
        const areas = [0, 1, 2, 3].map(n => AreaId.parse(`${run}-area-${n}`))
        const query = {
          order,
          limit: 2,
          ...(event === 0 && { home: HomeId.parse('h-1'), states: ['offered' as const] }),
          ...(event === 1 && { resident: ResidentId.parse('r-1') }),
          ...(choice.stale ? { areas } : { point: PointId.parse(`sp-${other}`) }),
          ...(choice.withMessage && {
            within: { areas: areas.slice(alarm), points: [PointId.parse(`sp-${event % 4}`)] },
          }),
        }
        const first = await journal.list(query)
        return [
          first,
          first.nextCursor === null || (await journal.list({ ...query, cursor: first.nextCursor })),
        ]
      }
    default:
      return async journal =>
        Promise.all([
          journal.load(AlarmId.parse(id)),
          journal.findOpen(`${run}-${other}`),
          journal.timeline(AlarmId.parse(id)),
          journal.entriesOf([1, 0, 2].map(n => AlarmId.parse(`${run}-${n}`))),
          journal.deliveriesOf(AlarmId.parse(id)),
          journal.inboxOf(DeviceId.parse(`${run}-btn-${other}`), 3),
          journal.inboxCounts(DeviceId.parse(`${run}-btn-${other}`), 1_001, 2),
          journal.audit(raise('x').recordedAt + 60_000),
        ])
  }
}

it('both journals answer the same to whatever is asked', async () => {
  let runs = 0
  await fc.assert(
    fc.asyncProperty(fc.array(choices, { minLength: 1, maxLength: 25 }), async chosen => {
      runs += 1
      const seen: Alarm[] = []
      for (const choice of chosen) {
        const step = stepFor(choice, `run-${runs}`, seen)
        expect(await step(onDisk)).toEqual(await step(inMemory))
        expect(onDisk.head()).toEqual(inMemory.head())
      }
    }),
    { numRuns: 60 },
  )
  expect(await onDisk.entriesAfter(0, 10_000)).toEqual(await inMemory.entriesAfter(0, 10_000))
  expect(await onDisk.unfinished()).toEqual(await inMemory.unfinished())
  expect(await onDisk.pendingDeliveries()).toEqual(await inMemory.pendingDeliveries())
  expect(await onDisk.verify()).toEqual(await inMemory.verify())
})
