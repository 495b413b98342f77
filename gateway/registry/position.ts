/**
 * Positions are stored as WGS-84. GCJ-02 and BD-09 are the shifted datums of Chinese maps, about 500 m and 1,200 m
 * away; gcoord inverts them to well below a metre and leaves places outside China as they are.
 */
import gcoord from 'gcoord'
import type { Position } from '../model/records.ts'

// Its declarations describe a default export that the CommonJS package does not have under Node.
declare module 'gcoord' {
  export function transform(
    lonLat: [number, number],
    from: gcoord.CRSTypes,
    to: gcoord.CRSTypes,
  ): [number, number]
}

const systems = {
  WGS84: gcoord.CRSTypes.WGS84,
  GCJ02: gcoord.CRSTypes.GCJ02,
  BD09: gcoord.CRSTypes.BD09,
} as const satisfies Record<Position['datum'], gcoord.CRSTypes>

export const toWgs84 = ({ lat, lon, datum }: Position): Position => {
  const [wgsLon, wgsLat] = gcoord.transform([lon, lat], systems[datum], systems.WGS84)
  return { lat: wgsLat, lon: wgsLon, datum: 'WGS84' }
}
