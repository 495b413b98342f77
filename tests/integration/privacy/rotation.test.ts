import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { createMemoryJournal } from '../../../gateway/journal/memory.ts'
import { ResidentId } from '../../../gateway/model/ids.ts'
import type { KeyRing, SealedRows } from '../../../gateway/model/vault.ts'
import { openPersonal, type Personal } from '../../../gateway/privacy/personal.ts'
import { createRotation } from '../../../gateway/privacy/rotation.ts'
import { openRegistry } from '../../../gateway/registry/registry.ts'
import { openTestVault } from '../../support/privacy.ts'
import { createVirtualClock } from '../../support/virtual-clock.ts'

const clock = createVirtualClock(Date.parse('2026-11-22T12:00:00Z'))
const minuteMs = 60_000
const residents = 350
const texts = 120

let directory: string
let keys: KeyRing
let personal: Personal
let registry: Awaited<ReturnType<typeof openRegistry>>
let journal: ReturnType<typeof createMemoryJournal>
let complaints: object[]
let refs: string[]

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'anling-rotation-'))
  complaints = []
  const log = {
    warn: (facts: object) => complaints.push(facts),
    error: (facts: object) => complaints.push(facts),
  }
  keys = openTestVault(join(directory, 'keys.json'), clock)
  personal = openPersonal({ directory: ':memory:', vault: keys, newId: randomUUID, log })
  registry = await openRegistry({ directory: ':memory:', vault: keys, log })
  journal = createMemoryJournal()
  await registry.importDocument({
    areas: [{ id: 'a', name: 'a', level: 'city' }],
    homes: [{ id: 'h', address: '铁东区', area: 'a' }],
    residents: Array.from({ length: residents }, (_, index) => ({ id: `r-${index}`, home: 'h', name: '王' })),
  })
  refs = Array.from({ length: texts }, (_, index) => {
    const kept = personal.papers.keep(`text ${index}`, { resident: ResidentId.parse('r-1') }, clock.now())
    return 'ref' in kept ? kept.ref : kept.refused
  })
  return async () => {
    personal.close()
    await registry.close()
    rmSync(directory, { recursive: true })
  }
})

const start = (sealed: readonly SealedRows[] = [registry.sealed, personal.sealed]) =>
  createRotation({
    keys,
    sealed,
    clock,
    trail: journal.trail,
    log: { error: facts => complaints.push(facts) },
  })

describe('a rotation of keys', () => {
  test('seals everything anew, takes the old key out of the file, and puts it on record', async () => {
    const rotation = start()
    const old = keys.currentKey()
    const total = residents + 1 + texts
    expect(rotation.keys()).toMatchObject([{ id: old, current: true, rows: total }])
    expect(rotation.start()).toBeUndefined()
    expect(rotation.keys()).toMatchObject([
      { id: old, current: false, rows: total },
      { current: true, rows: 0 },
    ])
    await clock.pass(minuteMs)
    expect(rotation.running()).toBe(false)
    expect(rotation.keys()).toEqual([
      { id: keys.currentKey(), createdAt: expect.any(Number), current: true, rows: total },
    ])
    expect(keys.currentKey()).not.toBe(old)
    expect(refs.map(personal.papers.text)).toEqual(refs.map((_, index) => `text ${index}`))
    expect(openTestVault(join(directory, 'keys.json'), clock).keys()).toHaveLength(1)
    expect(await journal.trail.search({ limit: 10 })).toMatchObject([
      { action: 'key-rotation', actor: { kind: 'clock' }, facts: { retired: old, kept: 0 } },
    ])
    expect(complaints).toEqual([])
  })

  test('goes in slices, and what is written meanwhile is sealed with the new key', async () => {
    const rotation = start()
    rotation.start()
    await clock.pass(100)
    const [old, current] = rotation.keys()
    expect(old?.rows).toBeGreaterThan(0)
    expect(current?.rows).toBeGreaterThan(0)
    const rows = current?.rows ?? 0
    await registry.create('residents', { id: 'new', home: 'h', name: '新' })
    expect(rotation.keys()[1]?.rows).toBe(rows + 1)
    rotation.stop()
  })

  test('that is interrupted goes on at the next start, with no further key', async () => {
    const first = start()
    first.start()
    await clock.pass(100)
    first.stop()
    const current = keys.currentKey()
    const second = start()
    expect(second.running()).toBe(true)
    await clock.pass(minuteMs)
    expect(second.keys()).toMatchObject([{ id: current, rows: residents + 1 + texts }])
  })

  test('leaves a key in the file as long as one row needs it that does not open', async () => {
    const damaged = {
      ...keys,
      open(sealed: Uint8Array, about: string) {
        if (about === broken) throw new Error('damaged')
        return keys.open(sealed, about)
      },
    }
    const other = openPersonal({
      directory: ':memory:',
      vault: damaged,
      newId: randomUUID,
      log: { error: facts => complaints.push(facts) },
    })
    const [broken] = ['a', 'b'].map(text => {
      const kept = other.papers.keep(text, {}, 0)
      return 'ref' in kept ? kept.ref : kept.refused
    })
    const rotation = start([other.sealed])
    const old = keys.currentKey()
    rotation.start()
    await clock.pass(minuteMs)
    expect(rotation.keys()).toMatchObject([
      { id: old, rows: 1 },
      { current: true, rows: 1 },
    ])
    expect(complaints).toMatchObject([{ name: broken }])
    other.close()
  })

  test('that the disk refuses is tried again until it is done', async () => {
    let refusals = 2
    const refusing: SealedRows = {
      counts: registry.sealed.counts,
      reseal(cursor) {
        if (cursor !== '' && refusals-- > 0) throw new Error('disk is full')
        return registry.sealed.reseal(cursor)
      },
    }
    const rotation = start([refusing])
    rotation.start()
    await clock.pass(10 * minuteMs)
    expect(rotation.keys()).toMatchObject([{ current: true, rows: residents + 1 }])
    expect(complaints).toMatchObject([{ error: 'Error: disk is full' }, { error: 'Error: disk is full' }])
  })
})
