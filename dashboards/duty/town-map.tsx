import { circleMarker, type Map as LeafletMap, latLngBounds, layerGroup } from 'leaflet'
import { useEffect, useRef, useState } from 'react'
import type { AlarmView } from '../../gateway/api/alarm-view.ts'
import { Notice } from '../kit/notice.tsx'
import { words } from '../words/words.ts'
import { AlarmMarkers } from './alarm-markers.tsx'
import { type Ground, openMap } from './leaflet-map.ts'
import type { At } from './map-marker.tsx'
import { PointMarkers } from './point-markers.tsx'
import type { Point } from './point-state.ts'
import { useReaches } from './use-reaches.ts'

const useSay = words('town-map', {
  zh: { map: '地图', zoomIn: '放大', zoomOut: '缩小', lost: '地图文件无法读取，仅显示登记位置' },
  en: {
    map: 'Map',
    zoomIn: 'Zoom in',
    zoomOut: 'Zoom out',
    lost: 'The map file cannot be read. Only the registry’s positions are shown',
  },
})

const marginPixels = 40

type Shown = {
  readonly points: readonly Point[]
  readonly alarms: readonly AlarmView[]
  /** Those whose circles are drawn. */
  readonly reaching: readonly Point[]
  readonly uncovered: readonly At[]
}

const useMap = (ground: Ground) => {
  const say = useSay()
  const place = useRef<HTMLDivElement>(null)
  const [map, setMap] = useState<LeafletMap>()
  const [isLost, setLost] = useState(false)
  const zoomIn = say('zoomIn')
  const zoomOut = say('zoomOut')
  useEffect(() => {
    if (!place.current) return
    const made = openMap(place.current, ground, { zoomIn, zoomOut }, () => setLost(true))
    setMap(made)
    return () => {
      setMap(undefined)
      made.remove()
    }
  }, [ground, zoomIn, zoomOut])
  return { place, map, isLost }
}

const useZoom = (map: LeafletMap | undefined): number => {
  const [zoom, setZoom] = useState(0)
  useEffect(() => {
    if (!map) return
    const tell = () => setZoom(map.getZoom())
    tell()
    map.on('zoomend', tell)
    return () => {
      map.off('zoomend', tell)
    }
  }, [map])
  return zoom
}

/** Once there are places, the map shows all of them; afterwards it moves by hand only. */
const useFirstFit = (map: LeafletMap | undefined, points: readonly Point[]): void => {
  const fitted = useRef<LeafletMap>(undefined)
  useEffect(() => {
    if (!map || points.length === 0 || fitted.current === map) return
    fitted.current = map
    map.fitBounds(
      points.map(({ position: { lat, lon } }) => [lat, lon]),
      { padding: [marginPixels, marginPixels], animate: false },
    )
  }, [map, points])
}

/** Homes out of reach, as dots without a name. Whoever asks for them gets all of them into sight. */
const useDots = (map: LeafletMap | undefined, homes: readonly At[]): void => {
  const wereShown = useRef(false)
  useEffect(() => {
    if (!map) return
    const all = latLngBounds(homes.map(({ lat, lon }) => [lat, lon]))
    if (homes.length > 0 && !wereShown.current && !map.getBounds().contains(all))
      map.fitBounds(map.getBounds().extend(all), { animate: false })
    wereShown.current = homes.length > 0
    const dots = homes.map(({ lat, lon }) =>
      circleMarker([lat, lon], { radius: 4, className: 'map-uncovered', interactive: false }),
    )
    const layer = layerGroup(dots).addTo(map)
    return () => {
      layer.remove()
    }
  }, [map, homes])
}

const TownMap = ({ ground, points, alarms, reaching, uncovered }: Shown & { readonly ground: Ground }) => {
  const say = useSay()
  const { place, map, isLost } = useMap(ground)
  const zoom = useZoom(map)
  useFirstFit(map, points)
  useReaches(map, reaching)
  useDots(map, uncovered)
  return (
    <>
      {isLost && (
        <div className="map-lost">
          <Notice tone="warning">{say('lost')}</Notice>
        </div>
      )}
      <div className="map-place" ref={place} role="region" aria-label={say('map')}>
        {map && <PointMarkers map={map} zoom={zoom} points={points} />}
        {map && <AlarmMarkers map={map} zoom={zoom} alarms={alarms} />}
      </div>
    </>
  )
}

export default TownMap
