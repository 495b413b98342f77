import { existsSync } from 'node:fs'
import { readdir, writeFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { openDatabase } from '../../../gateway/kit/sqlite.ts'
import type { SeriesPoint } from '../../../gateway/model/telemetry.ts'
import { dayFile, dayOf } from '../../../gateway/telemetry/schema.ts'
import { withTemporaryDirectory } from '../../support/temporary-directory.ts'
import { dayMs, minuteMs, pad, sample, today, withNewStore, withStore } from './store-world.ts'

const midnight = today - (today % dayMs)

const point = (at: number, value: number): SeriesPoint => ({
  at,
  min: value,
  mean: value,
  max: value,
  count: 1,
})

/** From ten in the evening to six in the morning, a sample a minute. */
const night = Array.from({ length: 480 }, (_, minute) =>
  sample(midnight - 2 * 60 * minuteMs + minute * minuteMs, { heartRate: 50 + (minute % 13), inBed: 1 }),
)

describe('what was written', () => {
  it('is given back in its place, also by the store that is opened next', () =>
    withTemporaryDirectory(async directory => {
      const written = await withStore(directory, async ({ write, minutes }) => {
        expect(await write(night)).toBe(true)
        return minutes('heartRate')
      })
      expect(written).toEqual(night.map(({ at, readings }) => point(at, readings['heartRate'] ?? -1)))
      await withStore(directory, async ({ store, minutes }) => {
        expect(store.oldest()).toBe(midnight - dayMs)
        expect(store.figures().bytes).toBeGreaterThan(0)
        expect(await minutes('heartRate')).toEqual(written)
      })
    }))

  it('a second time gives the same series', () =>
    withNewStore(async ({ write, minutes }) => {
      await write(night)
      const once = await minutes('heartRate')
      expect(await write(night)).toBe(true)
      expect(await minutes('heartRate')).toEqual(once)
    }))

  it('in parts at the same time is one sample of all parts', () =>
    withNewStore(async ({ write, minutes }) => {
      await write([sample(today, { heartRate: 60, own: 1, other: 2 })])
      await write([sample(today, { respirationRate: 14, own: 3 }), sample(today, { heartRate: 61 })])
      for (const [metric, value] of Object.entries({ heartRate: 61, respirationRate: 14, own: 3, other: 2 }))
        expect(await minutes(metric)).toEqual([point(today, value)])
    }))

  it('of a device does not show in the series of another, nor under another metric', () =>
    withNewStore(async ({ write, minutes }) => {
      await write([sample(today, { humidity: 40, own: 1 })])
      expect(await minutes('temperature')).toEqual([])
      expect(await minutes('own2')).toEqual([])
    }))
})

it('a day begins at midnight UTC', () =>
  withNewStore(async ({ write, store, minutes }, directory) => {
    await write([sample(midnight - 1, { inBed: 1 }), sample(midnight, { inBed: 0 })])
    const files = (await readdir(directory)).filter(name => name.endsWith('.db'))
    expect(files.sort()).toEqual(['2026-11-21.db', '2026-11-22.db'])
    expect(store.oldest()).toBe(midnight - dayMs)
    expect(await minutes('inBed')).toEqual([point(midnight - minuteMs, 1), point(midnight, 0)])
  }))

it('a late sample goes into the file of its day, and newer ones keep their place', () =>
  withNewStore(
    async ({ write, minutes }) => {
      // More days than files are kept open.
      const ages = Array.from({ length: 50 }, (_, age) => age)
      for (const age of ages)
        expect(await write([sample(today - age * dayMs, { heartRate: age })])).toBe(true)
      expect(await write([sample(today - 7 * dayMs + minuteMs, { heartRate: 99 })])).toBe(true)
      const oldestFirst = ages.toReversed().flatMap(age => (age === 7 ? [7, 99] : [age]))
      expect((await minutes('heartRate')).map(({ mean }) => mean)).toEqual(oldestFirst)
    },
    { retentionDays: 60 },
  ))

it('samples older than what is kept are shed and counted; the others of their message are stored', () =>
  withNewStore(
    async ({ write, store, minutes }) => {
      const oldestKept = midnight - 3 * dayMs
      expect(
        await write([sample(oldestKept - 1, { heartRate: 1 }), sample(oldestKept, { heartRate: 2 })]),
      ).toBe(false)
      expect(store.figures()).toMatchObject({ stored: 1, shed: new Map([['too-old', 1]]) })
      expect(await minutes('heartRate')).toEqual([point(oldestKept, 2)])
    },
    { retentionDays: 3 },
  ))

it('metrics of devices’ own are stored until there are too many different ones', () =>
  withNewStore(async ({ write, store, minutes }) => {
    const own = Array.from({ length: 300 }, (_, index) => [`own${index}`, index] as const)
    await write([sample(today, { heartRate: 60, ...Object.fromEntries(own) })])
    expect(await minutes('own255')).toEqual([point(today, 255)])
    expect(await minutes('own256')).toEqual([])
    expect(await minutes('heartRate')).toEqual([point(today, 60)])
    expect(await write([sample(today + minuteMs, { own299: 1 })])).toBe(false)
    expect(store.figures().shed).toEqual(new Map([['too-many-metrics', 2]]))
  }))

it('a file made before a metric was known takes it, and shows what it has of it', () =>
  withTemporaryDirectory(async directory => {
    const old = openDatabase(dayFile(directory, dayOf(today)), { durability: 'full' })
    old.exec(`CREATE TABLE samples (device TEXT, at INTEGER, seq INTEGER NOT NULL, "heartRate" REAL, more TEXT,
        PRIMARY KEY (device, at)) WITHOUT ROWID;
      INSERT INTO samples VALUES ('${pad}', ${today}, 1, 60, '{"humidity":41}')`)
    old.close()
    await withStore(directory, async ({ write, minutes }) => {
      expect(await minutes('humidity')).toEqual([point(today, 41)])
      expect(await write([sample(today + minuteMs, { humidity: 42 })])).toBe(true)
      expect(await minutes('humidity')).toEqual([point(today, 41), point(today + minuteMs, 42)])
      expect(await minutes('heartRate')).toEqual([point(today, 60)])
    })
  }))

it('a damaged file costs its own day and no other', () =>
  withTemporaryDirectory(async directory => {
    await writeFile(dayFile(directory, dayOf(today - dayMs)), 'not a database'.repeat(1_000))
    await withStore(directory, async ({ write, store, complaints }) => {
      expect(await write([sample(today, { heartRate: 60 }), sample(today - dayMs, { heartRate: 61 })])).toBe(
        false,
      )
      expect(await write([sample(today + minuteMs, { heartRate: 62 })])).toBe(true)
      expect(store.figures()).toMatchObject({ stored: 2, shed: new Map([['disk', 1]]) })
      expect(complaints).toEqual(['telemetry cannot be stored'])
      const query = { device: pad, metric: 'heartRate', from: today, to: today + dayMs, everyMs: minuteMs }
      expect(await store.query(query)).toEqual([point(today, 60), point(today + minuteMs, 62)])
    })
  }))

describe('states', () => {
  it('outlive the store, and go when they are removed', () =>
    withTemporaryDirectory(async directory => {
      await withStore(directory, async ({ states }) => {
        expect(
          await states.save(
            new Map([
              ['detect/h-1', '{"a":1}'],
              ['bridge', '床'],
              ['gone', 'x'],
            ]),
          ),
        ).toBe(true)
        expect(
          await states.save(
            new Map([
              ['gone', null],
              ['bridge', '垫'],
            ]),
          ),
        ).toBe(true)
      })
      await withStore(directory, async ({ states }) => {
        expect(await states.load()).toEqual(
          new Map([
            ['detect/h-1', '{"a":1}'],
            ['bridge', '垫'],
          ]),
        )
      })
    }))

  it('of a gateway that never had any are none, and nothing is made for them', () =>
    withNewStore(async ({ states, store, minutes, clock }, directory) => {
      expect(await states.load()).toEqual(new Map())
      expect(await states.save(new Map())).toBe(true)
      expect(await store.write([])).toBe(true)
      expect(await minutes('heartRate')).toEqual([])
      await clock.pass(60_000)
      expect(store.oldest()).toBeUndefined()
      // The thread makes the directory first of all.
      expect(existsSync(directory)).toBe(false)
    }))
})

it('what waits when the store is closed is committed; afterwards nothing is taken', () =>
  withTemporaryDirectory(async directory => {
    const { store, states, waiting } = await withStore(directory, async ({ store, states }) => ({
      store,
      states,
      waiting: store.write([sample(today, { heartRate: 60 })]),
    }))
    expect(await waiting).toBe(true)
    expect(await store.write([sample(today, { heartRate: 61 })])).toBe(false)
    expect(await states.save(new Map([['a', 'b']]))).toBe(false)
    await withStore(directory, async ({ minutes }) =>
      expect(await minutes('heartRate')).toEqual([point(today, 60)]),
    )
  }))
