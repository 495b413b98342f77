import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { DeviceId } from '../../../gateway/model/ids.ts'
import { dayMs, minuteMs, pad, sample, today, withNewStore } from './store-world.ts'

const named = (name: string) => DeviceId.parse(name)
const other = named('door-of-somebody-else')
const gone = named('pad-of-the-erased')

describe('what a device has measured', () => {
  test('is let go of on request, on every day, and nothing of others', () =>
    withNewStore(async ({ store, write, minutes }, directory) => {
      const days = [0, 1, 5].map(day => today - day * dayMs)
      await write(days.flatMap(at => [pad, other, gone].map(device => sample(at, { heartRate: 60 }, device))))
      await store.erase(gone)
      const files = readdirSync(directory).map(name => readFileSync(join(directory, name)))
      expect(files.some(bytes => bytes.includes(other))).toBe(true)
      expect(files.some(bytes => bytes.includes(gone))).toBe(false)
      expect((await minutes('heartRate')).map(({ at }) => at)).toEqual(days.toSorted((a, b) => a - b))
      const all = { metric: 'heartRate', from: 0, to: today + dayMs, everyMs: minuteMs }
      expect(await store.query({ ...all, device: gone })).toEqual([])
      expect(await store.query({ ...all, device: other })).toHaveLength(3)
    }))

  test('goes also where it still waited for the disk; what it measures afterwards stays', () =>
    withNewStore(async ({ store, clock, write, minutes }) => {
      const waiting = store.write([sample(today, { heartRate: 60 })])
      const erased = store.erase(pad)
      clock.advance(1_000)
      expect(await waiting).toBe(true)
      await erased
      expect(await minutes('heartRate')).toEqual([])
      await write([sample(today + 1, { heartRate: 61 })])
      expect(await minutes('heartRate')).toMatchObject([{ mean: 61 }])
    }))

  test('of a store that was never written to is nothing', () =>
    withNewStore(async ({ store }, directory) => {
      await store.erase(pad)
      expect(existsSync(directory)).toBe(false)
    }))
})
