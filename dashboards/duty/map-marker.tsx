import { divIcon, type Map as LeafletMap, marker } from 'leaflet'
import { type ReactNode, useEffect, useState } from 'react'
import { createPortal } from 'react-dom'

/** Degrees, WGS-84. */
export type At = { readonly lat: number; readonly lon: number }

/** What stands at a place on the map, drawn by the page itself: Leaflet only moves it. */
export const MapMarker = ({
  map,
  at: { lat, lon },
  size,
  children,
}: {
  readonly map: LeafletMap
  readonly at: At
  /** Pixels, both ways. */
  readonly size: number
  readonly children: ReactNode
}) => {
  const [element] = useState(() => document.createElement('div'))
  useEffect(() => {
    const icon = divIcon({ html: element, className: 'map-marker', iconSize: [size, size] })
    const made = marker([lat, lon], { icon, keyboard: false }).addTo(map)
    return () => {
      made.remove()
    }
  }, [map, lat, lon, size, element])
  return createPortal(children, element)
}
