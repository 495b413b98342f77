/** Who could go now, by travel time. */
import { ProblemNotice } from '../../kit/problem-notice.tsx'
import { useRecordWords } from '../../words/record-words.ts'
import { words } from '../../words/words.ts'
import type { Nearest } from './alarm-detail.ts'
import { Part } from './part.tsx'

export const useNearestWords = words('card-nearest', {
  zh: {
    title: '最近的响应员',
    none: '没有可派的服务点',
    noResponders: '附近服务点没有响应员',
    minutes: '{{minutes}} 分钟',
    busy: '在办 {{count}} 件',
    declined: '未接此单',
    phone: '手机接单',
    offline: '站点不在线',
  },
  en: {
    title: 'Nearest responders',
    none: 'No service point can send anybody',
    noResponders: 'No responders at the points nearby',
    minutes: '{{minutes}} min',
    busy: 'busy with {{count}}',
    declined: 'does not go',
    phone: 'accepts by phone',
    offline: 'point not connected',
  },
})

/** All who could go, whom to ask first before the others. */
export const respondersOf = ({ points }: Nearest) =>
  points
    .flatMap(point => point.responders.map(responder => ({ point, responder })))
    .toSorted((a, b) => (a.responder.order ?? Infinity) - (b.responder.order ?? Infinity))

/** As many as a look can take in. */
const shownResponders = 3

export const useResponderFacts = () => {
  const say = useNearestWords()
  return ({ point, responder }: ReturnType<typeof respondersOf>[number]): readonly string[] => [
    ...(responder.busyWith > 0 ? [say('busy', { count: responder.busyWith })] : []),
    ...(responder.declined ? [say('declined')] : []),
    ...(responder.hasLogin ? [say('phone')] : []),
    ...(point.reachable ? [] : [say('offline')]),
  ]
}

const List = ({ nearest }: { readonly nearest: Nearest }) => {
  const say = useNearestWords()
  const { of } = useRecordWords()
  const factsOf = useResponderFacts()
  const rows = respondersOf(nearest).slice(0, shownResponders)
  if (rows.length === 0) {
    const why = nearest.noPoint
    return (
      <p className="quiet">
        {nearest.points.length > 0 ? say('noResponders') : say('none')}
        {why !== null && `：${of('noPoint', why)}`}
      </p>
    )
  }
  return (
    <ol className="card-rows">
      {rows.map(row => {
        const { point, responder } = row
        const role = responder.role === null ? '' : of('role', responder.role)
        return (
          <li key={responder.id}>
            <strong className="card-minutes">
              {say('minutes', { minutes: Math.ceil(point.travelMinutes) })}
            </strong>
            <span>
              {responder.name} <span className="quiet">{role}</span>
            </span>
            <span className="quiet">{[point.name, ...factsOf(row)].join(' · ')}</span>
          </li>
        )
      })}
    </ol>
  )
}

export const NearestPart = ({
  nearest,
  error,
}: {
  readonly nearest: Nearest | undefined
  readonly error: unknown
}) => {
  const say = useNearestWords()
  return (
    <Part title={say('title')}>
      <ProblemNotice error={error} />
      {nearest && <List nearest={nearest} />}
    </Part>
  )
}
