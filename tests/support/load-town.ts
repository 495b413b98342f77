/**
 * A town laid out for checking: points on a grid, each with its homes so close by that no other point can be nearest.
 * Where an alarm must go is known by construction, without the gateway's own arithmetic.
 */

export type Place = { readonly lat: number; readonly lon: number }

export type LoadTown = {
  readonly points: readonly (Place & { readonly id: string; readonly secret: string })[]
  readonly homes: readonly (Place & {
    readonly id: string
    readonly device: string
    readonly secret: string
    /** Index of the point that is nearest. */
    readonly point: number
  })[]
  /** The registry document of the HTTP interface. */
  readonly document: Readonly<Record<string, readonly unknown[]>>
}

const origin: Place = { lat: 41.1, lon: 122.99 }
/** About 2.2 km between points and at most 110 m from home to point. */
const gridDegrees = 0.02
const homeDegrees = 0.001
const county = 'tiedong'

const pad = (n: number): string => String(n).padStart(5, '0')

const layOut = (points: number, homes: number): Pick<LoadTown, 'points' | 'homes'> => {
  const columns = Math.ceil(Math.sqrt(points))
  const sites = Array.from({ length: points }, (_, n) => ({
    id: `sp-${pad(n)}`,
    secret: `terminal-secret-of-sp-${pad(n)}`,
    lat: origin.lat + Math.floor(n / columns) * gridDegrees,
    lon: origin.lon + (n % columns) * gridDegrees,
  }))
  const dwellings = Array.from({ length: homes }, (_, n) => {
    const point = n % points
    const site = sites[point] ?? origin
    return {
      id: `h-${pad(n)}`,
      device: `btn-${pad(n)}`,
      secret: `button-secret-of-btn-${pad(n)}`,
      point,
      lat: site.lat + ((n % 7) / 7) * homeDegrees,
      lon: site.lon + ((n % 11) / 11) * homeDegrees,
    }
  })
  return { points: sites, homes: dwellings }
}

const wgs84 = ({ lat, lon }: Place) => ({ lat, lon, datum: 'WGS84' })

/** One button and one resident a home, so that no two buttons ever speak for the same alarm. */
export const layOutTown = (pointCount: number, homeCount: number): LoadTown => {
  const { points, homes } = layOut(pointCount, homeCount)
  return {
    points,
    homes,
    document: {
      areas: [
        { id: 'anshan', name: '鞍山市', level: 'city' },
        { id: county, name: '铁东区', level: 'county', parent: 'anshan' },
      ],
      servicePoints: points.map(point => ({
        id: point.id,
        name: `${point.id} 服务站`,
        area: county,
        position: wgs84(point),
        hours: '24/7',
        capabilities: ['emergency'],
        secret: point.secret,
      })),
      homes: homes.map(home => ({
        id: home.id,
        address: `胜利路 ${home.id} 号`,
        area: county,
        position: wgs84(home),
      })),
      residents: homes.map(home => ({ id: `r-${home.id}`, home: home.id, name: '王秀英', birthYear: 1941 })),
      devices: homes.map(home => ({
        id: home.device,
        model: 'native/call-button',
        home: home.id,
        resident: `r-${home.id}`,
        secret: home.secret,
        transport: { mqtt: {} },
      })),
    },
  }
}
