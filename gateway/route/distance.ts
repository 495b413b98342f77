import { distance } from 'geokdbush'

/** Degrees, WGS-84. */
export type LatLon = { readonly lat: number; readonly lon: number }

/** Along the surface of the globe. */
export const metersBetween = (a: LatLon, b: LatLon): number => distance(a.lon, a.lat, b.lon, b.lat) * 1_000
