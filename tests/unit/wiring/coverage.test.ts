import { pino } from 'pino'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createCoverage } from '../../../gateway/coverage.ts'
import { AreaId } from '../../../gateway/model/ids.ts'
import type { Registry } from '../../../gateway/model/registry.ts'
import { openRegistry } from '../../../gateway/registry/registry.ts'
import { createVirtualClock } from '../../support/virtual-clock.ts'

/** 20:00 in Shanghai. */
const evening = Date.UTC(2026, 10, 21, 12)
const hours = 3_600_000

const position = (lat: number, lon = 122.99) => ({ lat, lon, datum: 'WGS84' })

const cover = async (document: object) => {
  const opened = await openRegistry({ directory: ':memory:', log: pino({ level: 'silent' }) })
  onTestFinished(() => opened.close())
  const { rejected } = await opened.importDocument(document)
  expect(rejected).toEqual([])
  const clock = createVirtualClock(evening)
  return {
    registry: opened,
    clock,
    ...createCoverage({ registry: opened, clock, timeZone: 'Asia/Shanghai' }),
  }
}

const areas = [
  { id: 'anshan', name: '鞍山市', level: 'city' },
  { id: 'tiedong', name: '铁东区', level: 'county', parent: 'anshan' },
  { id: 'xiuyan', name: '岫岩县', level: 'county', parent: 'anshan', preset: 'rural' },
]
const homes = [
  { id: 'h-near', address: '一号', area: 'tiedong', position: position(41.101) },
  { id: 'h-far', address: '二号', area: 'tiedong', position: position(41.12) },
  { id: 'h-lost', address: '三号', area: 'tiedong' },
  // As far, but somebody rides there.
  { id: 'h-rural', address: '四号', area: 'xiuyan', position: position(41.12) },
]
const points = [
  { id: 'day', name: '日间站', area: 'tiedong', position: position(41.1), hours: 'Mo-Su 08:00-21:00' },
]

describe('the coverage of a town', () => {
  test('counts homes that nobody reaches in 15 minutes as people travel there, by area', async () => {
    const { uncovered } = await cover({ areas, homes, servicePoints: points })
    expect(await uncovered()).toEqual({ total: 4, uncovered: 1, withoutPosition: 1 })
    expect(await uncovered(AreaId.parse('tiedong'))).toEqual({ total: 3, uncovered: 1, withoutPosition: 1 })
    expect(await uncovered(AreaId.parse('xiuyan'))).toEqual({ total: 1, uncovered: 0, withoutPosition: 0 })
  })

  test('changes when a point closes', async () => {
    const { uncovered, clock } = await cover({ areas, homes, servicePoints: points })
    clock.advance(2 * hours)
    expect(await uncovered()).toMatchObject({ uncovered: 3 })
    clock.advance(11 * hours)
    expect(await uncovered()).toMatchObject({ uncovered: 1 })
  })

  test.each([
    ['is suspended', { suspended: true }],
    ['takes no emergencies', { capabilities: ['service'] }],
  ])('has nothing of a point that %s', async (_, facts) => {
    const { uncovered } = await cover({ areas, homes, servicePoints: [{ ...points[0], ...facts }] })
    expect(await uncovered()).toMatchObject({ uncovered: 3 })
  })

  test('changes with the registry, and is remembered until then', async () => {
    const { homes: reaches, registry: known } = await cover({ areas, homes, servicePoints: points })
    const before = await reaches()
    expect(await reaches()).toBe(before)
    await known.patch('homes', 'h-far', { position: position(41.1005) })
    const far = (await reaches()).find(({ home }) => home.id === 'h-far')
    expect(far?.nearest).toMatchObject({ point: 'day', travelMinutes: 1.1 })
  })

  test('is worked out once at a time while the registry changes, and for who asked since as it then is', async () => {
    const townOf = async (count: number) => {
      const many = Array.from({ length: count }, (_, index) => ({ ...homes[0], id: `h-${index}` }))
      return (await cover({ areas, homes: many, servicePoints: points })).registry
    }
    const [before, after] = [await townOf(500), await townOf(503)]
    let revision = 0
    const now = (): Registry => (revision === 0 ? before : after)
    let begun = 0
    const all: Registry['all'] = table => {
      if (table === 'homes') begun += 1
      return now().all(table)
    }
    const coverage = createCoverage({
      registry: {
        ...{ all, areaPath: before.areaPath, areasWithin: before.areasWithin },
        get revision() {
          return revision
        },
      },
      clock: createVirtualClock(evening),
      timeZone: 'Asia/Shanghai',
    })
    const asked = [coverage.homes()]
    for (const change of [1, 2, 3]) {
      revision = change
      asked.push(coverage.homes(), coverage.homes())
      expect(begun).toBe(1)
    }
    const answers = await Promise.all(asked)
    expect(begun).toBe(2)
    expect(answers.map(({ length }) => length)).toEqual([500, 503, 503, 503, 503, 503, 503])
  })

  test('that could not be worked out is worked out when somebody asks again', async () => {
    const { registry } = await cover({ areas, homes, servicePoints: points })
    let isBroken = true
    const coverage = createCoverage({
      registry: {
        revision: 0,
        areasWithin: registry.areasWithin,
        all: registry.all,
        areaPath(area) {
          if (isBroken) throw new Error('no such area')
          return registry.areaPath(area)
        },
      },
      clock: createVirtualClock(evening),
      timeZone: 'Asia/Shanghai',
    })
    await expect(coverage.homes()).rejects.toThrow('no such area')
    isBroken = false
    expect(await coverage.homes()).toHaveLength(homes.length)
  })

  test('of 10,000 homes and 200 points lets other work go first in between', async () => {
    const many = (count: number, id: string, more: object) =>
      Array.from({ length: count }, (_, index) => ({
        id: `${id}-${index}`,
        ...more,
        position: position(41 + (index % 97) / 200, 122.7 + (index % 89) / 200),
      }))
    const { homes: reaches } = await cover({
      areas,
      homes: many(10_000, 'h', { address: '路', area: 'tiedong' }),
      servicePoints: many(200, 'p', { name: '站', area: 'tiedong' }),
    })
    let turns = 0
    const count = (): void => {
      turns += 1
      next = setImmediate(count)
    }
    let next = setImmediate(count)
    const [first, second] = await Promise.all([reaches(), reaches()])
    clearImmediate(next)
    expect(first).toHaveLength(10_000)
    // Who asks meanwhile waits for the same.
    expect(second).toBe(first)
    expect(turns).toBeGreaterThan(90)
  })
})
