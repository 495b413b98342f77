import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createTown, type Town } from '../../../firmware-sim/town.ts'
import {
  AreaRecord,
  DeviceRecord,
  HomeRecord,
  ResidentRecord,
  ResponderRecord,
  ServicePointRecord,
} from '../../../gateway/model/records.ts'

const kmBetween = (a: { lat: number; lon: number }, b: { lat: number; lon: number }): number => {
  const kmPerDegree = 111.2
  const east = (a.lon - b.lon) * Math.cos((a.lat * Math.PI) / 180)
  return Math.hypot(a.lat - b.lat, east) * kmPerDegree
}

const anyTown = fc
  .record({
    seed: fc.string({ maxLength: 20 }),
    homes: fc.nat({ max: 60 }),
    points: fc.integer({ min: 10, max: 40 }),
  })
  .map(options => createTown({ ...options, simulationSecrets: true }))

const always = (property: (town: Town) => void) => fc.assert(fc.property(anyTown, property), { numRuns: 50 })

const idsOf = (rows: readonly { readonly id: string }[]) => rows.map(({ id }) => id)

describe('every town', () => {
  test('has ids that are unique in their table', () => {
    always(town => {
      for (const rows of Object.values(town)) expect(new Set(idsOf(rows)).size).toBe(rows.length)
    })
  })

  test('refers only to what is in it', () => {
    always(town => {
      const [areas, points, homes, residents] = [
        town.areas,
        town.servicePoints,
        town.homes,
        town.residents,
      ].map(rows => new Set(idsOf(rows)))
      const missing = [
        ...town.areas.filter(({ parent }) => parent !== undefined && !areas?.has(parent)),
        ...[...town.servicePoints, ...town.homes].filter(({ area }) => !areas?.has(area)),
        ...town.responders.filter(({ point }) => !points?.has(point)),
        ...town.residents.filter(({ home }) => !homes?.has(home)),
        ...town.devices.filter(({ home, resident }) => !homes?.has(home) || !residents?.has(resident)),
      ]
      expect(missing).toEqual([])
    })
  })

  test('lies in and around Anshan, and says in which datum', () => {
    always(town => {
      for (const { position } of [...town.servicePoints, ...town.homes]) {
        expect(position.datum).toBe('WGS84')
        expect(kmBetween(position, { lat: 41.1, lon: 122.99 })).toBeLessThan(115)
      }
    })
  })

  test('is a document that the registry takes without a loss', () => {
    always(town => {
      const schemas = {
        areas: AreaRecord,
        servicePoints: ServicePointRecord,
        responders: ResponderRecord,
        homes: HomeRecord,
        residents: ResidentRecord,
        devices: DeviceRecord,
      }
      for (const [table, rows] of Object.entries(town)) {
        const schema = Object.entries(schemas).find(([name]) => name === table)?.[1]
        for (const row of rows) {
          const { secret, ...kept } = { secret: undefined, ...row }
          expect(schema?.parse(row)).toEqual(kept)
          expect(secret === undefined).toBe(table !== 'servicePoints' && table !== 'devices')
        }
      }
    })
  })

  test('has at least one call button a home and a point in each of the ten counties', () => {
    always(town => {
      expect(new Set(town.devices.map(({ home }) => home)).size).toBe(town.homes.length)
      expect(new Set(town.servicePoints.map(({ area }) => area)).size).toBe(10)
      expect(town.areas.filter(({ level }) => level === 'county')).toHaveLength(10)
    })
  })

  test('is home to people born between 1930 and 1960 whose telephone numbers are given to nobody', () => {
    always(town => {
      for (const { birthYear, phone, contacts } of town.residents) {
        expect(birthYear).toBeGreaterThanOrEqual(1930)
        expect(birthYear).toBeLessThanOrEqual(1960)
        for (const number of [phone, ...contacts.map(contact => contact.phone)])
          expect(number).toMatch(/^100\d{8}$/)
      }
      for (const { phone } of town.servicePoints) expect(phone).toMatch(/^0412-100\d{4}$/)
    })
  })
})

test('the same seed gives the same town, another seed another', () => {
  const town = (seed: string) => createTown({ seed, homes: 40 })
  expect(town('a')).toEqual(town('a'))
  expect(town('a').homes).not.toEqual(town('b').homes)
})

test('a bigger town of the same seed begins with the smaller one', () => {
  const [small, big] = [30, 90].map(homes => createTown({ seed: 'a', homes, simulationSecrets: true }))
  for (const table of ['homes', 'residents', 'devices'] as const) {
    expect(big?.[table].slice(0, small?.[table].length)).toEqual(small?.[table])
  }
})

test('two hundred points are open day and night for the most part, some by day only', () => {
  const { servicePoints } = createTown({ seed: 'a', homes: 1 })
  const always = servicePoints.filter(({ hours }) => hours === '24/7').length
  expect(servicePoints).toHaveLength(200)
  expect(always).toBeGreaterThan(150)
  expect(always).toBeLessThan(200)
})

test('secrets come only when asked for, differ from row to row, and say what they are for', () => {
  const bare = createTown({ seed: 'a', homes: 20 })
  expect([...bare.servicePoints, ...bare.devices].filter(row => row.secret !== undefined)).toEqual([])
  const { servicePoints, devices } = createTown({ seed: 'a', homes: 20, simulationSecrets: true })
  const secrets = [...servicePoints, ...devices].map(({ secret }) => secret ?? '')
  expect(new Set(secrets).size).toBe(servicePoints.length + devices.length)
  for (const secret of secrets) expect(secret).toMatch(/^simulation-only-[0-9a-f]{32}$/)
})
