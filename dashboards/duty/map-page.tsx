/**
 * Takes: points, homes out of reach, and the live alarms.
 * Gives: a map of them, and the same as lists, for whoever does not see the map or needs no picture.
 * Never: asks anybody outside for the ground, unless an address of tiles is set.
 */
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import type { z } from 'zod'
import type { TownMap as TownMapShape } from '../../gateway/api/map.ts'
import { Checkbox } from '../kit/checkbox.tsx'
import { later } from '../kit/later.tsx'
import { ProblemNotice } from '../kit/problem-notice.tsx'
import { LinkNotice } from '../live/link-notice.tsx'
import { get, query } from '../shell/api.ts'
import { useSite } from '../shell/site.ts'
import { words } from '../words/words.ts'
import { AreaChoice, useArea } from './area-choice.tsx'
import { useAreas } from './areas.ts'
import type { Ground } from './leaflet-map.ts'
import './map.css'
import { MapLegend } from './map-legend.tsx'
import { MapLists } from './map-lists.tsx'
import type { At } from './map-marker.tsx'
import { useOpenAlarms } from './open-alarms.ts'
import { allowPlainText } from './plain-text-policy.ts'
import type { Point } from './point-state.ts'
import { useTitle } from './use-title.ts'
import { useUncovered } from './use-uncovered.ts'

const askEveryMs = 5_000

/** With Leaflet, once that is allowed to write its texts. */
const { Part: TownMap } = later(async () => {
  allowPlainText()
  return (await import('./town-map.tsx')).default
})

const useSay = words('map', {
  zh: {
    title: '地图',
    showReaches: '显示 15 分钟服务圈',
    showUncovered: '显示 15 分钟圈外住户',
    schematic: '示意图：按登记位置绘制，不使用外部地图',
    protomaps: '© OpenStreetMap · Protomaps',
  },
  en: {
    title: 'Map',
    showReaches: 'Show 15-minute circles',
    showUncovered: 'Show homes out of reach in 15 min',
    schematic: 'Schematic of the registry’s own positions, without a map from outside',
    protomaps: '© OpenStreetMap · Protomaps',
  },
})

const noPoints: readonly Point[] = []
const nowhere: readonly At[] = []

const useSource = ({ tilesUrl, attribution, pmtiles }: Ground): string => {
  const say = useSay()
  if (attribution !== null) return attribution
  if (tilesUrl !== null) return ''
  return say(pmtiles ? 'protomaps' : 'schematic')
}

const Source = ({ ground }: { readonly ground: Ground }) => <p className="map-source">{useSource(ground)}</p>

const MapPage = () => {
  const say = useSay()
  useTitle(say('title'))
  const areas = useAreas()
  const [area] = useArea()
  const [showsReaches, setShowsReaches] = useState(true)
  const [showsUncovered, setShowsUncovered] = useState(false)
  const alarms = useOpenAlarms(areas, area)
  const { uncovered, error: coverageError } = useUncovered(area)
  const site = useSite()
  const town = useQuery({
    queryKey: ['map', area],
    queryFn: ({ signal }) => get<z.infer<typeof TownMapShape>>(`/api/map${query({ area })}`, { signal }),
    refetchInterval: askEveryMs,
  })
  const dots = useMemo(() => uncovered.flatMap(({ position }) => position ?? []), [uncovered])
  const points = town.data?.points ?? noPoints
  return (
    <div className="map-page">
      <div className="map-side">
        <h1 className="unseen">{say('title')}</h1>
        <AreaChoice areas={areas} />
        <Checkbox isSelected={showsReaches} onChange={setShowsReaches}>
          {say('showReaches')}
        </Checkbox>
        <Checkbox isSelected={showsUncovered} onChange={setShowsUncovered}>
          {say('showUncovered')}
        </Checkbox>
        <MapLegend reaches={showsReaches} uncovered={showsUncovered} />
        <LinkNotice />
        <ProblemNotice error={town.error ?? coverageError} />
        <MapLists alarms={alarms} points={points} uncovered={uncovered} />
      </div>
      <div className="map-ground">
        {site && (
          <TownMap
            ground={site.map}
            points={points}
            alarms={alarms}
            reaching={showsReaches ? points : noPoints}
            uncovered={showsUncovered ? dots : nowhere}
          />
        )}
        {site && <Source ground={site.map} />}
      </div>
    </div>
  )
}

export default MapPage
