import { numberText } from '../words/format.ts'
import { words } from '../words/words.ts'
import { type Areas, areaName, countyOf } from './areas.ts'
import { type Point, stateOf, usePointWords } from './point-state.ts'

const useSay = words('point-grid', {
  zh: {
    legend: '站点：未结警情 · 可派人员 / 全部人员',
    alarms: '未结警情 {{count}}',
    staff: '可派 {{free}} / {{all}}',
    none: '没有服务站点',
  },
  en: {
    legend: 'Points: open alarms · responders free / all',
    alarms: 'open alarms: {{count}}',
    staff: '{{free}} of {{all}} free',
    none: 'No service points',
  },
})

/** What all of these end with. */
const commonEnd = ([first = '', ...others]: readonly string[]): string => {
  let length = first.length
  while (length > 0 && !others.every(name => name.endsWith(first.slice(-length)))) length -= 1
  return length === 0 ? '' : first.slice(-length)
}

/** What a cell has room for: without what its heading says, and without what every name ends with. */
const shortName = (
  name: string,
  { county, ending }: { readonly county: string; readonly ending: string },
) => {
  const whole = name.slice(0, name.length - ending.length)
  return (whole.startsWith(county) ? whole.slice(county.length) : whole) || name
}

const Cell = ({ point, shown }: { readonly point: Point; readonly shown: string }) => {
  const say = useSay()
  const word = usePointWords()
  const { name, openAlarms, responders, busyResponders } = point
  const state = stateOf(point)
  const free = responders - busyResponders
  return (
    <li className={`wall-point wall-point-${state}`} title={name}>
      <span className="wall-point-name">{shown}</span>
      <span aria-hidden="true">
        {openAlarms > 0 && <strong>{numberText(openAlarms)}</strong>}
        {state === 'ready' ? ` ${free}/${responders}` : ` ${word(state)}`}
      </span>
      <span className="unseen">
        {word(state)}, {say('alarms', { count: openAlarms })}, {say('staff', { free, all: responders })}
      </span>
    </li>
  )
}

/** All points, by county, each always in its place: only what is not as it should be stands out. */
export const PointGrid = ({
  points,
  areas,
}: {
  readonly points: readonly Point[]
  readonly areas: Areas
}) => {
  const say = useSay()
  const counties = Map.groupBy(points, ({ area }) => countyOf(areas, area))
  // 服务站 says nothing where all are.
  const ending = points.length > 1 ? commonEnd(points.map(({ name }) => name)) : ''
  if (points.length === 0) return <p className="empty">{say('none')}</p>
  return (
    // A region that scrolls must be reachable by keyboard (WCAG 2.1.1); it does so on small screens only.
    <div className="wall-counties" role="region" aria-label={say('legend')} tabIndex={0}>
      {[...counties].map(([county, ofCounty]) => (
        <section key={county}>
          <h2>{areaName(areas, county)}</h2>
          <ul className="wall-points">
            {ofCounty.map(point => (
              <Cell
                key={point.id}
                point={point}
                shown={shortName(point.name, { county: areaName(areas, county), ending })}
              />
            ))}
          </ul>
        </section>
      ))}
      <p className="wall-legend quiet">{say('legend')}</p>
    </div>
  )
}
