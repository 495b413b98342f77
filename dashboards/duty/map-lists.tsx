import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components'
import { Link } from 'wouter'
import type { AlarmView } from '../../gateway/api/alarm-view.ts'
import { AlarmMark } from '../kit/alarm-mark.tsx'
import { Since } from '../live/since.tsx'
import { useAlarmWords } from '../words/alarm-words.ts'
import { numberText } from '../words/format.ts'
import { words } from '../words/words.ts'
import { useAlarmPath } from './alarm-path.ts'
import { areaName, useAreas } from './areas.ts'
import { MapList } from './map-list.tsx'
import { placeOf } from './open-alarms.ts'
import { type Point, stateOf, usePointWords } from './point-state.ts'
import type { UncoveredHome } from './use-uncovered.ts'

const useSay = words('map-lists', {
  zh: {
    lists: '列表',
    alarms: '警情 {{count}}',
    points: '站点 {{count}}',
    uncovered: '圈外 {{count}}',
    noAlarms: '没有未结警情',
    noPoints: '没有服务站点',
    noneUncovered: '没有圈外住户',
    nearest: '最近站点 {{minutes}} 分钟',
    noPoint: '没有开放的应急站点',
    noPosition: '无位置',
    load: '未结 {{alarms}} · 可派 {{free}}/{{all}}',
  },
  en: {
    lists: 'Lists',
    alarms: 'Alarms {{count}}',
    points: 'Points {{count}}',
    uncovered: 'Out of reach {{count}}',
    noAlarms: 'No open alarm',
    noPoints: 'No service points',
    noneUncovered: 'No home is out of reach',
    nearest: 'Nearest point {{minutes}} min away',
    noPoint: 'No point that takes emergencies is open',
    noPosition: 'no position',
    load: '{{alarms}} open · {{free}} of {{all}} free',
  },
})

const AlarmRow = ({ alarm }: { readonly alarm: AlarmView }) => {
  const say = useSay()
  const { of } = useAlarmWords()
  const pathOf = useAlarmPath()
  return (
    <Link href={pathOf(alarm)} className="map-row">
      <AlarmMark alarm={alarm} />
      <Since at={alarm.receivedAt} />
      <span>{placeOf(alarm)}</span>
      <span className="quiet">
        {of('state', alarm.state)}
        {!alarm.home?.position && ` · ${say('noPosition')}`}
      </span>
    </Link>
  )
}

const PointRow = ({ point }: { readonly point: Point }) => {
  const say = useSay()
  const word = usePointWords()
  const { name, openAlarms, responders, busyResponders } = point
  const load = { alarms: openAlarms, free: responders - busyResponders, all: responders }
  return (
    <div className="map-row">
      <span>{name}</span>
      <span className={`map-word-${stateOf(point)}`}>{word(stateOf(point))}</span>
      <span className="quiet">{say('load', load)}</span>
    </div>
  )
}

const UncoveredRow = ({ home }: { readonly home: UncoveredHome }) => {
  const say = useSay()
  const areas = useAreas()
  return (
    <div className="map-row">
      <span>{home.address ?? home.id}</span>
      <span className="quiet">{areaName(areas, home.area)}</span>
      <span className="quiet">
        {home.nearestPoint === null && say('noPoint')}
        {home.travelMinutes !== null && say('nearest', { minutes: home.travelMinutes })}
      </span>
    </div>
  )
}

/** What the map shows, and what has no place on it, to be read. */
export const MapLists = ({
  alarms,
  points,
  uncovered,
}: {
  readonly alarms: readonly AlarmView[]
  readonly points: readonly Point[]
  readonly uncovered: readonly UncoveredHome[]
}) => {
  const say = useSay()
  const lists = [
    {
      id: 'alarms',
      label: say('alarms', { count: numberText(alarms.length) }),
      list: (label: string) => (
        <MapList
          label={label}
          items={alarms}
          keyOf={({ id }) => id}
          row={alarm => <AlarmRow alarm={alarm} />}
          whenEmpty={say('noAlarms')}
        />
      ),
    },
    {
      id: 'points',
      label: say('points', { count: numberText(points.length) }),
      list: (label: string) => (
        <MapList
          label={label}
          items={points}
          keyOf={({ id }) => id}
          row={point => <PointRow point={point} />}
          whenEmpty={say('noPoints')}
        />
      ),
    },
    {
      id: 'uncovered',
      label: say('uncovered', { count: numberText(uncovered.length) }),
      list: (label: string) => (
        <MapList
          label={label}
          items={uncovered}
          keyOf={({ id }) => id}
          row={home => <UncoveredRow home={home} />}
          whenEmpty={say('noneUncovered')}
        />
      ),
    },
  ]
  return (
    <Tabs className="map-lists">
      <TabList aria-label={say('lists')} className="map-tabs">
        {lists.map(({ id, label }) => (
          <Tab key={id} id={id}>
            {label}
          </Tab>
        ))}
      </TabList>
      {lists.map(({ id, label, list }) => (
        <TabPanel key={id} id={id} className="map-panel">
          {list(label)}
        </TabPanel>
      ))}
    </Tabs>
  )
}
