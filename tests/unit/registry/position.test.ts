import { distance } from 'geokdbush'
import { expect, test } from 'vitest'
import { toWgs84 } from '../../../gateway/registry/position.ts'

/** Places as map services in each datum show them. */
const places = [
  {
    name: 'Tiananmen, Beijing',
    WGS84: { lat: 39.90734, lon: 116.39123 },
    GCJ02: { lat: 39.908743, lon: 116.397471 },
    BD09: { lat: 39.915085, lon: 116.403855 },
  },
] as const

for (const place of places) {
  for (const datum of ['GCJ02', 'BD09'] as const) {
    test(`${place.name} in ${datum} lies within 15 m of where it is in WGS-84, and not where it was`, () => {
      const { lat, lon } = toWgs84({ ...place[datum], datum })
      expect(distance(lon, lat, place.WGS84.lon, place.WGS84.lat) * 1000).toBeLessThan(15)
      expect(distance(lon, lat, place[datum].lon, place[datum].lat) * 1000).toBeGreaterThan(400)
    })
  }
}

test('WGS-84 stays exactly as it is', () => {
  const position = { lat: 41.123456789, lon: 122.987654321, datum: 'WGS84' } as const
  expect(toWgs84(position)).toEqual(position)
})

test('GCJ-02 shifts nothing outside China', () => {
  expect(toWgs84({ lat: 48.85, lon: 2.35, datum: 'GCJ02' })).toEqual({
    lat: 48.85,
    lon: 2.35,
    datum: 'WGS84',
  })
})
