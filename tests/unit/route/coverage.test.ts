import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { presetNames } from '../../../gateway/model/alarm.ts'
import { circleMinutes, countCoverage, isUncovered } from '../../../gateway/model/coverage.ts'
import { HomeRecord } from '../../../gateway/model/records.ts'
import { createNearest } from '../../../gateway/route/coverage.ts'
import { createHours } from '../../../gateway/route/hours.ts'
import { createRouter } from '../../../gateway/route/nearest.ts'
import { at, ids, point } from './points.ts'

const home = at(41.1, 122.99)
/** One degree of latitude is 111.2 km; on foot 4 km/h, 1.3 times the straight line. */
const degreesFor = (minutes: number): number => (minutes * 4_000) / 60 / 1.3 / 111_195

describe('the nearest point to a home', () => {
  test('is none where there is none', () => {
    expect(createNearest([])(home, 'urban')).toBeUndefined()
  })

  test('is told with the time of the way, to a tenth and never too soon', () => {
    const nearestTo = createNearest([point('far', { position: at(41.2, 122.99) }), point('near')])
    expect(nearestTo(home, 'urban')).toEqual({ point: 'near', travelMinutes: 0 })
    const way = nearestTo(at(41.1 - degreesFor(14.96), 122.99), 'urban')
    expect(way).toEqual({ point: 'near', travelMinutes: 15 })
    const longer = nearestTo(at(41.1 - degreesFor(15.01), 122.99), 'urban')
    expect(longer).toEqual({ point: 'near', travelMinutes: 15.1 })
  })

  test('is the one with the shortest way, where somebody knows the ways', () => {
    const river = point('over-the-river', { position: at(41.1, 122.991) })
    const bridge = point('this-side', { position: at(41.1, 122.97) })
    const nearestTo = createNearest([river, bridge], (_, { position }) => (position.lon > 122.99 ? 40 : 12))
    expect(nearestTo(home, 'urban')).toEqual({ point: 'this-side', travelMinutes: 12 })
  })

  test('is as far as the one that an alarm from there would be offered to', () => {
    const near = fc.record({
      lat: fc.double({ min: 40.9, max: 41.3, noNaN: true }),
      lon: fc.double({ min: 122.7, max: 123.3, noNaN: true }),
    })
    fc.assert(
      fc.property(
        fc.array(near, { minLength: 1, maxLength: 30 }),
        near,
        fc.constantFrom(...presetNames),
        (places, from, preset) => {
          const points = places.map(({ lat, lon }, index) => point(`p-${index}`, { position: at(lat, lon) }))
          const position = at(from.lat, from.lon)
          const way = createNearest(points)(position, preset)
          const { candidates } = createRouter({ points, hoursOf: createHours('Asia/Shanghai') }).rank({
            position,
            preset,
            capability: 'emergency',
            now: 0,
            reachable: ids(...points.map(({ id }) => id)),
          })
          // The router rounds to the nearest tenth.
          expect(Math.abs((way?.travelMinutes ?? -1) - (candidates[0]?.travelMinutes ?? 0))).toBeLessThan(
            0.11,
          )
        },
      ),
    )
  })
})

describe('a home', () => {
  const record = (position: unknown) => HomeRecord.parse({ id: 'h-1', address: '一号', area: 'a', position })
  const reach = (travelMinutes: number) => ({
    home: record(home),
    nearest: { point: point('p').id, travelMinutes },
  })

  test('is out of reach beyond the minutes asked for, or where no point is open', () => {
    expect(isUncovered(reach(15), circleMinutes)).toBe(false)
    expect(isUncovered(reach(15.1), circleMinutes)).toBe(true)
    expect(isUncovered(reach(15.1), 20)).toBe(false)
    expect(isUncovered({ home: record(home) }, circleMinutes)).toBe(true)
  })

  test('of which nobody knows where it is, is counted by itself', () => {
    const lost = { home: record(undefined) }
    expect(isUncovered(lost, circleMinutes)).toBe(false)
    expect(countCoverage([lost, reach(3), reach(30)], circleMinutes)).toEqual({
      total: 3,
      uncovered: 1,
      withoutPosition: 1,
    })
  })
})
