import { beforeEach, describe, expect, test } from 'vitest'
import { createMemoryJournal } from '../../../gateway/journal/memory.ts'
import type { ErrorCode } from '../../../gateway/model/errors.ts'
import type { ResidentId } from '../../../gateway/model/ids.ts'
import { createRetention } from '../../../gateway/privacy/retention.ts'
import { openRegistry } from '../../../gateway/registry/registry.ts'
import { createVirtualClock, type VirtualClock } from '../../support/virtual-clock.ts'

const start = Date.parse('2026-11-22T12:00:00Z')
const minuteMs = 60_000
const dayMs = 86_400_000
const daysAgo = (days: number): string => new Date(start - days * dayMs).toISOString()

let clock: VirtualClock
let journal: ReturnType<typeof createMemoryJournal>
let registry: Awaited<ReturnType<typeof openRegistry>>
let erased: ResidentId[]
let erasedBefore: number[]
let errors: object[]
let refusals: Map<string, ErrorCode>
let isBroken: boolean

beforeEach(async () => {
  clock = createVirtualClock(start)
  journal = createMemoryJournal()
  registry = await openRegistry({ directory: ':memory:' })
  await registry.importDocument({
    areas: [{ id: 'a', name: 'a', level: 'city' }],
    homes: [{ id: 'h', address: '铁东区', area: 'a' }],
    residents: [
      { id: 'here', home: 'h', name: '王' },
      { id: 'left', home: 'h', name: '李', leftAt: daysAgo(364.5) },
      { id: 'gone', home: 'h', name: '赵', leftAt: daysAgo(366) },
    ],
  })
  ;[erased, erasedBefore, errors, refusals, isBroken] = [[], [], [], new Map(), false]
  const retention = createRetention({
    papers: {
      eraseBefore(at) {
        if (isBroken) throw new Error('disk is full')
        return erasedBefore.push(at)
      },
    },
    personalData: {
      async erase(resident) {
        const refused = refusals.get(resident)
        if (refused) return { refused }
        erased.push(resident)
        registry.erase(resident, clock.now())
        return { resident, papers: 0, devices: [], unreached: [] }
      },
    },
    registry,
    trail: journal.trail,
    clock,
    limits: { papersDays: 1_095, formerResidentsDays: 365 },
    log: { error: facts => errors.push(facts) },
  })
  return async () => {
    retention.stop()
    await registry.close()
  }
})

const onRecord = async () => (await journal.trail.search({ action: 'retention', limit: 10 })).toReversed()

describe('retention', () => {
  test('lets go of old papers and of residents who left long ago, and puts on record how many', async () => {
    await clock.pass(11 * minuteMs)
    expect(erasedBefore).toEqual([start + 10 * minuteMs - 1_095 * dayMs])
    expect(erased).toEqual(['gone'])
    expect(await onRecord()).toMatchObject([
      { actor: { kind: 'clock' }, outcome: 'done', facts: { papers: 1, residents: 1, residentsRefused: 0 } },
    ])
  })

  test('runs every day, erases nobody twice, and whoever has come to the end of the time next', async () => {
    await clock.pass(11 * minuteMs + 2 * dayMs)
    expect(erased).toEqual(['gone', 'left'])
    expect(await onRecord()).toMatchObject([
      { facts: { papers: 1, residents: 1 } },
      { facts: { papers: 2, residents: 1 } },
      { facts: { papers: 3, residents: 0 } },
    ])
  })

  test('leaves for tomorrow whoever has an open alarm, and says so', async () => {
    refusals.set('gone', 'alarm-open')
    await clock.pass(11 * minuteMs)
    expect(await onRecord()).toMatchObject([{ facts: { residents: 0, residentsRefused: 1 } }])
    refusals.clear()
    await clock.pass(dayMs)
    expect(erased.toSorted()).toEqual(['gone', 'left'])
  })

  test('that fails is told, and tried again the next day', async () => {
    isBroken = true
    await clock.pass(11 * minuteMs)
    expect(errors).toMatchObject([{ error: 'Error: disk is full' }])
    expect(await onRecord()).toEqual([])
    isBroken = false
    await clock.pass(dayMs)
    expect(erased.toSorted()).toEqual(['gone', 'left'])
  })
})
