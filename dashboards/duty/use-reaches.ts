import { circle, type Map as LeafletMap, layerGroup } from 'leaflet'
import { useEffect } from 'react'
import type { Point } from './point-state.ts'

const pane = 'reach'
/** Between the ground and everything that stands on it: Leaflet's own panes for those begin at 400. */
const paneLevel = '350'

/** How far each point reaches in 15 minutes, as the gateway counts it. Without a name: the point has one. */
export const useReaches = (map: LeafletMap | undefined, points: readonly Point[]): void => {
  useEffect(() => {
    if (!map) return
    const place = map.getPane(pane) ?? map.createPane(pane)
    place.style.zIndex = paneLevel
    const circles = points.flatMap(({ position: { lat, lon }, reachMeters }) =>
      reachMeters === null
        ? []
        : [circle([lat, lon], { radius: reachMeters, className: 'map-reach', interactive: false, pane })],
    )
    const layer = layerGroup(circles).addTo(map)
    return () => {
      layer.remove()
    }
  }, [map, points])
}
