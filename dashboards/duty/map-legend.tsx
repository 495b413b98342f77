import { words } from '../words/words.ts'

const marks = ['point', 'reach', 'uncovered'] as const

const useSay = words('map-legend', {
  zh: {
    legend: '图例',
    point: '服务站点',
    reach: '15 分钟服务圈（正在接单的站点）',
    uncovered: '圈外住户',
  },
  en: {
    legend: 'Legend',
    point: 'Service point',
    reach: '15-minute circle (of points that take emergencies now)',
    uncovered: 'Home out of reach',
  },
})

/** What the quiet marks mean. Those of alarms say it themselves. */
export const MapLegend = ({
  reaches,
  uncovered,
}: {
  readonly reaches: boolean
  readonly uncovered: boolean
}) => {
  const say = useSay()
  const isShown = { point: true, reach: reaches, uncovered }
  return (
    <ul className="map-legend small quiet" aria-label={say('legend')}>
      {marks
        .filter(mark => isShown[mark])
        .map(mark => (
          <li key={mark}>
            <span className={`map-key map-key-${mark}`} aria-hidden="true" />
            {say(mark)}
          </li>
        ))}
    </ul>
  )
}
