import type { AlarmView } from '../../gateway/api/alarm-view.ts'
import type { AlarmClass } from '../../gateway/model/kinds.ts'
import { AlarmMark } from '../kit/alarm-mark.tsx'
import { Since } from '../live/since.tsx'
import { useAlarmWords } from '../words/alarm-words.ts'
import { numberText } from '../words/format.ts'
import { words } from '../words/words.ts'

const useSay = words('wall-alarms', {
  zh: {
    waiting: '待受理',
    oldest: '最长等待',
    none: '无',
    table: '未结警情：类别与状态',
    class: '类别',
    suspected: '待核实',
    offered: '待受理',
    acknowledged: '已受理',
    dispatched: '已派单',
    arrived: '已到达',
    list: '等待中的警情',
    more: '另有 {{count}} 条',
    calm: '没有警情等待受理',
  },
  en: {
    waiting: 'Waiting',
    oldest: 'Oldest',
    none: 'none',
    table: 'Open alarms by class and state',
    class: 'Class',
    suspected: 'Verify',
    offered: 'Waiting',
    acknowledged: 'Taken',
    dispatched: 'Sent',
    arrived: 'There',
    list: 'Alarms that wait',
    more: 'and {{count}} more',
    calm: 'No alarm waits',
  },
})

const classes: readonly AlarmClass[] = ['call', 'hazard', 'inferred', 'technical', 'service']
const states = ['suspected', 'offered', 'acknowledged', 'dispatched', 'arrived'] as const
/** As many as can be read from a distance; the figure above counts all. */
const shown = 6

const oldestOf = (alarms: readonly AlarmView[]): string | undefined =>
  alarms.map(({ receivedAt }) => receivedAt).toSorted()[0]

const Matrix = ({ alarms }: { readonly alarms: readonly AlarmView[] }) => {
  const say = useSay()
  const { of } = useAlarmWords()
  const count = (alarmClass: AlarmClass, state: (typeof states)[number]) =>
    alarms.filter(alarm => alarm.class === alarmClass && alarm.state === state).length
  return (
    <table className="wall-matrix">
      <caption className="unseen">{say('table')}</caption>
      <thead>
        <tr>
          <th scope="col">
            <span className="unseen">{say('class')}</span>
          </th>
          {states.map(state => (
            <th key={state} scope="col">
              {say(state)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {classes.map(alarmClass => (
          <tr key={alarmClass}>
            <th scope="row">{of('class', alarmClass)}</th>
            {states.map(state => {
              const number = count(alarmClass, state)
              return (
                <td key={state} className={number === 0 ? 'quiet' : undefined}>
                  {numberText(number)}
                </td>
              )
            })}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** Counted from the live alarms, so that the board and the consoles never differ. */
export const WallAlarms = ({ alarms }: { readonly alarms: readonly AlarmView[] }) => {
  const say = useSay()
  const waiting = alarms.filter(({ state }) => state === 'offered')
  const oldest = oldestOf(waiting)
  const loudest = waiting[0]?.priority
  return (
    <section className="wall-alarms">
      <dl className="wall-waiting">
        <div className={loudest && `wall-${loudest}`}>
          <dt>{say('waiting')}</dt>
          <dd>{numberText(waiting.length)}</dd>
        </div>
        <div>
          <dt>{say('oldest')}</dt>
          <dd>
            {oldest === undefined ? <span className="quiet">{say('none')}</span> : <Since at={oldest} />}
          </dd>
        </div>
      </dl>
      <Matrix alarms={alarms} />
      {waiting.length === 0 ? (
        <p className="wall-calm">{say('calm')}</p>
      ) : (
        <ul className="wall-list" aria-label={say('list')}>
          {waiting.slice(0, shown).map(alarm => (
            <li key={alarm.id}>
              <AlarmMark alarm={alarm} />
              <span className="wall-place">
                {alarm.home?.areaName ?? alarm.point?.name ?? alarm.device?.id}
              </span>
              <Since at={alarm.receivedAt} />
            </li>
          ))}
          {waiting.length > shown && (
            <li className="quiet">{say('more', { count: waiting.length - shown })}</li>
          )}
        </ul>
      )}
    </section>
  )
}
