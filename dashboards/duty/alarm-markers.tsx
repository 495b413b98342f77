import type { Map as LeafletMap } from 'leaflet'
import { useMemo } from 'react'
import { useLocation } from 'wouter'
import type { AlarmView } from '../../gateway/api/alarm-view.ts'
import { shapeOf } from '../kit/class-shape.ts'
import { useAlarmWords } from '../words/alarm-words.ts'
import { numberText } from '../words/format.ts'
import { words } from '../words/words.ts'
import { useAlarmPath } from './alarm-path.ts'
import { clustersOf } from './clusters.ts'
import { type At, MapMarker } from './map-marker.tsx'
import { placeOf } from './open-alarms.ts'

const useSay = words('alarm-markers', {
  zh: { many: '{{count}} 条警情，最高 {{priority}}，放大查看' },
  en: { many: '{{count}} alarms, highest priority {{priority}}. Zoom in' },
})

/** Nearer than this, two would be one for a finger. */
const cellPixels = 48
const sizePixels = 32
/** Closer than this nothing comes apart any more: a house with many homes. */
const zoomedIn = 18

type Placed = { readonly alarm: AlarmView; readonly at: At }

const placed = (alarms: readonly AlarmView[]): readonly Placed[] =>
  alarms.flatMap(alarm => (alarm.home?.position ? [{ alarm, at: alarm.home.position }] : []))

const Marker = ({ map, cluster }: { readonly map: LeafletMap; readonly cluster: readonly Placed[] }) => {
  const say = useSay()
  const { of } = useAlarmWords()
  const [, go] = useLocation()
  const pathOf = useAlarmPath()
  // Sorted by urgency already.
  const first = cluster[0]
  if (!first) return null
  const { alarm, at } = first
  const isOne = cluster.length === 1
  const Shape = shapeOf(alarm.class)
  const canOpen = isOne || map.getZoom() >= zoomedIn
  const label = isOne
    ? `${of('kind', alarm.kind)} · ${of('state', alarm.state)} · ${placeOf(alarm)}`
    : say('many', { count: cluster.length, priority: of('priority', alarm.priority) })
  const open = () => {
    if (canOpen) go(pathOf(alarm))
    else
      map.fitBounds(
        cluster.map(one => [one.at.lat, one.at.lon]),
        { maxZoom: zoomedIn, padding: [60, 60] },
      )
  }
  return (
    <MapMarker map={map} at={at} size={sizePixels}>
      <button
        type="button"
        className={`map-alarm map-alarm-${alarm.priority} ${alarm.acknowledgedBy ? 'map-alarm-held' : ''}`}
        aria-label={label}
        title={label}
        onClick={open}
      >
        {isOne ? <Shape size={18} aria-hidden="true" /> : numberText(cluster.length)}
      </button>
    </MapMarker>
  )
}

/** Homes with open alarms; those that would hide each other are one with a number. */
export const AlarmMarkers = ({
  map,
  zoom,
  alarms,
}: {
  readonly map: LeafletMap
  readonly zoom: number
  readonly alarms: readonly AlarmView[]
}) => {
  const clusters = useMemo(
    () => clustersOf(placed(alarms), ({ at }) => map.project([at.lat, at.lon], zoom), cellPixels),
    [map, zoom, alarms],
  )
  return clusters.map(cluster => <Marker key={cluster[0]?.alarm.id ?? ''} map={map} cluster={cluster} />)
}
