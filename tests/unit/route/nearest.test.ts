import fc from 'fast-check'
import { distance } from 'geokdbush'
import { describe, expect, test } from 'vitest'
import { AreaId } from '../../../gateway/model/ids.ts'
import type { ServicePointRecord } from '../../../gateway/model/records.ts'
import { candidateLimit } from '../../../gateway/model/routing.ts'
import { createHours } from '../../../gateway/route/hours.ts'
import { createRouter, type RouteQuery } from '../../../gateway/route/nearest.ts'
import { straightLineTravel } from '../../../gateway/route/travel.ts'
import { at, ids, point } from './points.ts'

const hoursOf = createHours('Asia/Shanghai')
const noon = Date.parse('2026-11-20T12:00:00+08:00')
const routerOf = (points: Iterable<ServicePointRecord>) => createRouter({ points, hoursOf })
const query = (rest: Partial<RouteQuery>): RouteQuery => ({
  position: at(41.1, 122.99),
  capability: 'emergency',
  preset: 'urban',
  now: noon,
  reachable: ids(),
  ...rest,
})
const everybody = (points: readonly ServicePointRecord[]) => ids(...points.map(({ id }) => id))

describe('candidates', () => {
  test('are the nearest points first, with distance and travel time', () => {
    const points = [
      point('far', { position: at(41.2, 122.99) }),
      point('near', { position: at(41.109, 122.99) }),
      point('middle', { position: at(41.15, 122.99) }),
    ]
    const { candidates, noPoint } = routerOf(points).rank(query({ reachable: everybody(points) }))
    expect(noPoint).toBeUndefined()
    expect(candidates.map(({ point, rank }) => [point, rank])).toEqual([
      ['near', 1],
      ['middle', 2],
      ['far', 3],
    ])
    // 0.009° of latitude are 1,001 m; 1.3 times that at 4 km/h takes 19.5 minutes.
    expect(candidates[0]).toMatchObject({ distanceMeters: 1001, travelMinutes: 19.5, reachable: true })
  })

  test('with a connected terminal come before all others, however near', () => {
    const points = [point('near'), point('far', { position: at(41.5, 122.99) })]
    const { candidates, noPoint } = routerOf(points).rank(query({ reachable: ids('far', 'nobody') }))
    expect(noPoint).toBeUndefined()
    expect(candidates.map(({ point, reachable }) => [point, reachable])).toEqual([
      ['far', true],
      ['near', false],
    ])
  })

  test('at one place come in order of id, in whatever order they were given', () => {
    const points = ['c', 'a', 'b'].map(id => point(id))
    const order = (given: ServicePointRecord[]) =>
      routerOf(given)
        .rank(query({ reachable: everybody(points) }))
        .candidates.map(candidate => candidate.point)
    expect(order(points)).toEqual(['a', 'b', 'c'])
    expect(order(points.toReversed())).toEqual(['a', 'b', 'c'])
  })

  test('travel faster where the preset says so', () => {
    const points = [point('p', { position: at(41.109, 122.99) })]
    const minutes = (preset: RouteQuery['preset']) =>
      routerOf(points).rank(query({ preset, reachable: everybody(points) })).candidates[0]?.travelMinutes
    expect(minutes('rural')).toBeLessThan(Number(minutes('urban')))
  })

  test('follow the order of a road matrix where there is one', () => {
    const points = [point('across-the-river'), point('this-side', { position: at(41.11, 122.99) })]
    const router = createRouter({
      points,
      hoursOf,
      travelTime: (from, to, preset) =>
        straightLineTravel()(from, to, preset) + (to.position.lat === 41.1 ? 60 : 0),
    })
    const { candidates } = router.rank(query({ reachable: everybody(points) }))
    expect(candidates.map(candidate => candidate.point)).toEqual(['this-side', 'across-the-river'])
  })
})

describe('the reason why nobody can take it', () => {
  const refused = [
    point('closed-1', { hours: 'Mo-Su 18:00-20:00' }),
    point('closed-2', { hours: 'Mo-Su 18:00-20:00' }),
    point('suspended', { suspended: true }),
    point('incapable', { capabilities: ['service'] }),
  ]

  test('no position', () => {
    const routing = routerOf(refused).rank(query({ position: undefined, county: AreaId.parse('tiedong') }))
    expect(routing).toEqual({
      candidates: [],
      passedOver: { closed: 0, suspended: 0, incapable: 0 },
      noPoint: 'no-position',
      county: 'tiedong',
    })
  })

  test('no points at all', () => {
    expect(routerOf([]).rank(query({}))).toMatchObject({ candidates: [], noPoint: 'no-points' })
  })

  test('none eligible, counted by reason', () => {
    const routing = routerOf(refused).rank(query({ reachable: everybody(refused) }))
    expect(routing).toEqual({
      candidates: [],
      passedOver: { closed: 2, suspended: 1, incapable: 1 },
      noPoint: 'none-eligible',
    })
  })

  test('none reachable, with the unreachable ones named all the same', () => {
    const routing = routerOf([...refused, point('open')]).rank(query({ reachable: ids('closed-1') }))
    expect(routing).toMatchObject({
      candidates: [{ point: 'open', rank: 1, reachable: false }],
      passedOver: { closed: 2, suspended: 1, incapable: 1 },
      noPoint: 'none-reachable',
    })
  })

  test('a service request goes to a point for service', () => {
    const { candidates } = routerOf(refused).rank(
      query({ capability: 'service', reachable: ids('incapable') }),
    )
    expect(candidates.map(candidate => candidate.point)).toEqual(['incapable'])
  })

  test('a closed point is asked as soon as it opens', () => {
    const evening = Date.parse('2026-11-20T18:00:00+08:00')
    const router = routerOf(refused)
    expect(router.rank(query({ now: evening - 1000 })).candidates).toEqual([])
    expect(router.rank(query({ now: evening })).candidates).toHaveLength(2)
  })
})

describe('against a search of all points one by one', () => {
  const hours = ['24/7', 'Mo-Su 08:00-20:00', 'Mo-Su 20:00-08:00']
  const lat = fc.double({ min: -90, max: 90, noNaN: true })
  const lon = fc.double({ min: -180, max: 180, noNaN: true })
  const nearAnshan = fc.record({
    lat: fc.double({ min: 40.6, max: 41.6, noNaN: true }),
    lon: fc.double({ min: 122.5, max: 123.5, noNaN: true }),
  })
  const anywhere = fc.oneof(
    nearAnshan,
    fc.record({ lat, lon }),
    fc.record({ lat: fc.constantFrom(-90, 90, 0), lon: fc.constantFrom(-180, 180, 0) }),
  )
  const site = fc.record({ place: anywhere, hours: fc.constantFrom(...hours), connected: fc.boolean() })

  /** The distances of the candidates, connected ones first: ids may differ where two points are equally far. */
  const expected = (sites: readonly Site[], from: { lat: number; lon: number }): [boolean, number][] =>
    sites
      .filter(one => one.hours !== 'Mo-Su 20:00-08:00')
      .map(({ place, connected }): [boolean, number] => [
        connected,
        Math.round(distance(from.lon, from.lat, place.lon, place.lat) * 1000),
      ])
      .sort(([a, near], [b, far]) => Number(b) - Number(a) || near - far)
      .slice(0, candidateLimit)

  const found = (sites: readonly Site[], from: { lat: number; lon: number }): [boolean, number][] => {
    const points = sites.map(({ place, hours }, index) =>
      point(`p${index}`, { hours, position: at(place.lat, place.lon) }),
    )
    const connected = points.filter((_, index) => sites[index]?.connected)
    return routerOf(points)
      .rank(query({ position: at(from.lat, from.lon), reachable: everybody(connected) }))
      .candidates.map(({ reachable, distanceMeters }) => [reachable, distanceMeters])
  }
  type Site = { place: { lat: number; lon: number }; hours: string; connected: boolean }

  test('finds the same, from a handful of points to hundreds, at the poles and the antimeridian', () => {
    fc.assert(
      fc.property(fc.array(site, { maxLength: 400, size: 'max' }), anywhere, (sites, from) => {
        expect(found(sites, from)).toEqual(expected(sites, from))
      }),
      { numRuns: 150 },
    )
  })

  test.each([
    ['all are connected', () => true],
    ['three are connected', (index: number) => index < 3],
    ['three hundred are connected', (index: number) => index < 300],
    ['nobody is connected', () => false],
  ])('finds the same among 20,000 when %s', (_, isConnected) => {
    const random = generator(7)
    const sites = Array.from(
      { length: 20_000 },
      (_, index): Site => ({
        place: { lat: 40.6 + random(), lon: 122.5 + random() },
        hours: hours[index % 3] ?? '24/7',
        connected: isConnected(index),
      }),
    )
    const from = { lat: 41.1, lon: 122.99 }
    expect(found(sites, from)).toEqual(expected(sites, from))
  })
})

/** Numbers from 0 to 1 that are the same in every run (mulberry32). */
const generator = (seed: number) => () => {
  seed = (seed + 0x6d2b79f5) | 0
  let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed)
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
}
