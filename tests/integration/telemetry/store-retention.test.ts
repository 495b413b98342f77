import { readdir } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { DeviceId } from '../../../gateway/model/ids.ts'
import type { Sample } from '../../../gateway/model/telemetry.ts'
import { eventually } from '../../support/eventually.ts'
import { mayMount, withSmallDisk } from '../../support/small-disk.ts'
import { withTemporaryDirectory } from '../../support/temporary-directory.ts'
import { dayMs, sample, today, type World, withNewStore, withStore } from './store-world.ts'

const mebibyte = 2 ** 20
const midnight = today - (today % dayMs)

/** Of 50 devices, each 10 ms: some 600 kB. */
const many = (from: number, count = 10_000): Sample[] =>
  Array.from({ length: count }, (_, index) =>
    sample(
      from + index * 10,
      { heartRate: index, respirationRate: 0.1 },
      DeviceId.parse(`pad-${index % 50}`),
    ),
  )

const dayFilesIn = async (directory: string): Promise<readonly string[]> =>
  (await readdir(directory)).filter(name => /^\d.*\.db/.test(name)).sort()

const everyHour = {
  device: DeviceId.parse('pad-1'),
  metric: 'heartRate',
  from: 0,
  to: today + dayMs,
  everyMs: 3_600_000,
}

/** Lets the time of rounds come until one has brought it about. */
const afterRound = async ({ clock, store }: World, condition: () => boolean): Promise<void> => {
  await eventually(`a round: ${JSON.stringify(store.figures())}`, () => {
    clock.advance(10_000)
    return condition() ? true : undefined
  })
}

it('days that are too old go as whole files, and their samples are counted', () =>
  withNewStore(
    async (world, directory) => {
      const { store, write, clock, minutes } = world
      for (const age of [2, 1, 0]) await write(many(today - age * dayMs, 100 + age))
      expect(store.oldest()).toBe(midnight - 2 * dayMs)
      clock.advance(dayMs)
      await afterRound(world, () => store.figures().retired === 102)
      expect(store.oldest()).toBe(midnight - dayMs)
      clock.advance(3 * dayMs)
      await afterRound(world, () => store.figures().retired === 303)
      expect(store.oldest()).toBeUndefined()
      expect(store.figures().bytes).toBe(0)
      expect(await dayFilesIn(directory)).toEqual([])
      expect(await minutes('heartRate')).toEqual([])
      expect(await write([sample(today + 4 * dayMs, { heartRate: 1 })])).toBe(true)
    },
    { retentionDays: 2 },
  ))

it('what became too old while the gateway was off goes without a sensor having said anything', () =>
  withTemporaryDirectory(async directory => {
    await withStore(directory, ({ write }) => write(many(today - 9 * dayMs, 100)))
    await withStore(
      directory,
      async world => {
        await afterRound(world, () => world.store.figures().retired === 100)
        expect(await dayFilesIn(directory)).toEqual([])
      },
      { retentionDays: 2 },
    )
  }))

it('the oldest days go when all files together are too large', () =>
  withNewStore(
    async (world, directory) => {
      const { store, write } = world
      for (const age of [5, 4, 3, 2, 1, 0]) expect(await write(many(today - age * dayMs))).toBe(true)
      await afterRound(world, () => store.figures().retired >= 30_000)
      expect(store.figures().bytes).toBeLessThanOrEqual(3 * mebibyte)
      const names = await dayFilesIn(directory)
      expect(names).toContain('2026-11-22.db')
      expect(names).not.toContain('2026-11-17.db')
      expect(store.oldest()).toBe(Date.parse(names[0]?.slice(0, 10) ?? ''))
    },
    { maxBytes: 3 * mebibyte },
  ))

it('a single day that is too large lets its oldest rows go, and then grows no more', () =>
  withNewStore(
    async (world, directory) => {
      const { store, write } = world
      const rounds = 30
      let bytesAtTwenty = 0
      for (let round = 0; round < rounds; round += 1) {
        expect(await write(many(midnight + round * 100_000, 5_000))).toBe(true)
        if (round >= 4) await afterRound(world, () => store.figures().bytes > 0)
        if (round === 20) bytesAtTwenty = store.figures().bytes
      }
      await afterRound(world, () => store.figures().retired > 10_000)
      // An eighth of it is free for what comes within one round: until that is enough, it grows.
      expect(store.figures().bytes).toBeLessThan(5 * mebibyte)
      expect(store.figures().bytes).toBeLessThan(bytesAtTwenty * 1.1)
      expect(await dayFilesIn(directory)).toContain('2026-11-22.db')
      const series = await store.query({
        device: DeviceId.parse('pad-1'),
        metric: 'heartRate',
        from: midnight,
        to: midnight + dayMs,
        everyMs: 100_000,
      })
      expect(series.at(-1)).toMatchObject({ at: midnight + (rounds - 1) * 100_000, count: 100 })
      const kept = series.reduce((sum, { count }) => sum + count, 0)
      // Each device has a fiftieth of all.
      expect(kept).toBe((rounds * 5_000 - store.figures().retired) / 50)
    },
    { maxBytes: mebibyte },
  ))

describe.skipIf(!mayMount())('on a small disk (needs root, to mount one)', () => {
  it('as much is left free as is to be left, and newer days take the place of older ones', () =>
    withTemporaryDirectory(parent =>
      withSmallDisk(parent, 16, disk =>
        withStore(
          `${disk.directory}/telemetry`,
          async world => {
            const { store, write } = world
            for (let age = 19; age >= 0; age -= 1) {
              expect(await write(many(today - age * dayMs))).toBe(true)
              await afterRound(world, () => store.figures().bytes < 10 * mebibyte)
            }
            expect(store.figures().shed).toEqual(new Map())
            expect(store.figures().retired).toBeGreaterThan(50_000)
            expect(store.oldest()).toBeGreaterThan(midnight - 19 * dayMs)
            expect(store.figures().bytes).toBeGreaterThan(2 * mebibyte)
          },
          { minFreeBytes: 6 * mebibyte },
        ),
      ),
    ))

  it('a write that meets a full disk makes room by letting the oldest day go, and is stored', () =>
    withTemporaryDirectory(parent =>
      withSmallDisk(parent, 16, disk =>
        withStore(
          `${disk.directory}/telemetry`,
          async ({ store, write }) => {
            for (let age = 9; age >= 0; age -= 1) await write(many(today - age * dayMs, 2_000))
            await disk.fill()
            for (let round = 1; store.figures().retired === 0; round += 1)
              expect(await write(many(today + round * 20_000, 2_000))).toBe(true)
            expect(store.figures().shed).toEqual(new Map())
            expect(store.oldest()).toBeGreaterThan(midnight - 9 * dayMs)
            expect(await store.query(everyHour)).toHaveLength(((store.oldest() ?? 0) - midnight) / -dayMs + 1)
          },
          { minFreeBytes: mebibyte },
        ),
      ),
    ))

  it('with nothing left to let go it sheds, keeps all it said to be stored, and goes on when there is room', () =>
    withTemporaryDirectory(parent =>
      withSmallDisk(parent, 16, disk =>
        withStore(`${disk.directory}/telemetry`, async ({ store, states, write, complaints, clock }) => {
          const count = async () => {
            const query = { device: DeviceId.parse('pad-0'), metric: 'heartRate', from: 0, to: today + dayMs }
            return (await store.query({ ...query, everyMs: 10 })).reduce((sum, point) => sum + point.count, 0)
          }
          expect(await states.save(new Map([['before', '1']]))).toBe(true)
          let [at, stored] = [today, 0]
          const tryOne = async () => {
            at += 100_000
            const done = await write(many(at))
            if (done) stored += 200
            return done
          }
          // Three times over: what a refused commit leaves behind must not spoil the next.
          for (let round = 0; round < 3; round += 1) {
            expect(await tryOne()).toBe(true)
            await disk.fill()
            while (await tryOne());
            expect(await tryOne()).toBe(false)
            expect(await count()).toBe(stored)
            await disk.free()
            expect(await tryOne()).toBe(true)
            expect(await count()).toBe(stored)
            clock.advance(10_000)
          }
          expect(store.figures().shed.get('disk')).toBeGreaterThanOrEqual(60_000)
          expect(store.figures().stored).toBe(stored * 50)
          expect(new Set(complaints)).toEqual(new Set(['telemetry cannot be stored']))
          expect(complaints.length).toBeLessThan(20)
          expect(await states.save(new Map([['after', '2']]))).toBe(true)
          expect(await states.load()).toEqual(
            new Map([
              ['before', '1'],
              ['after', '2'],
            ]),
          )
        }),
      ),
    ))

  it('a disk that is read-only when the store is opened takes nothing, and ends nothing', () =>
    withTemporaryDirectory(parent =>
      withSmallDisk(parent, 4, async disk => {
        expect(disk.remount('ro')).toBe(true)
        await withStore(`${disk.directory}/telemetry`, async ({ store, states, write, clock }) => {
          expect(await write([sample(today, { heartRate: 60 })])).toBe(false)
          expect(await states.save(new Map([['a', 'b']]))).toBe(false)
          expect(store.figures().shed).toEqual(new Map([['disk', 1]]))
          expect(disk.remount('rw')).toBe(true)
          clock.advance(5_000)
          expect(await write([sample(today, { heartRate: 60 })])).toBe(true)
        })
      }),
    ))
})
