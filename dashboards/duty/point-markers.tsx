import type { Map as LeafletMap } from 'leaflet'
import { numberText } from '../words/format.ts'
import { MapMarker } from './map-marker.tsx'
import { type Point, stateOf, usePointWords } from './point-state.ts'

/** From here on there is room for names. */
const namesFromZoom = 15
const sizePixels = 16

/** All points, quiet; the same can be read in the list. */
export const PointMarkers = ({
  map,
  zoom,
  points,
}: {
  readonly map: LeafletMap
  readonly zoom: number
  readonly points: readonly Point[]
}) => {
  const word = usePointWords()
  return points.map(point => (
    <MapMarker key={point.id} map={map} at={point.position} size={sizePixels}>
      <span
        className={`map-point map-point-${stateOf(point)}`}
        title={`${point.name} · ${word(stateOf(point))}`}
      >
        {point.openAlarms > 0 && numberText(point.openAlarms)}
      </span>
      {zoom >= namesFromZoom && <span className="map-name">{point.name}</span>}
    </MapMarker>
  ))
}
