import { type Column, Table } from '../kit/table.tsx'
import { numberText } from '../words/format.ts'
import { words } from '../words/words.ts'
import { figureText } from './figure-text.ts'
import { ShareBar } from './share-bar.tsx'
import type { Provider } from './use-reports.ts'

const useSay = words('provider-table', {
  zh: {
    title: '按服务点',
    point: '服务点',
    alarms: '警报',
    dispatch: '派单中位数',
    arrive: '到达中位数',
    arriveLate: '到达 95 %',
    inTime: '按时到达',
    resolved: '已处理',
    overdue: '超时',
    satisfaction: '满意度',
    none: '本月没有服务点受理过警报',
  },
  en: {
    title: 'By provider',
    point: 'Service point',
    alarms: 'Alarms',
    dispatch: 'Dispatched, median',
    arrive: 'Arrived, median',
    arriveLate: 'Arrived, 95 %',
    inTime: 'In time',
    resolved: 'Resolved',
    overdue: 'Overdue',
    satisfaction: 'Satisfaction',
    none: 'No service point has taken an alarm in this month',
  },
})

const quotient = ({ numerator, denominator }: Provider['arrivedInTime']): number | null =>
  denominator === 0 ? null : numerator / denominator

const fraction = ({ numerator, denominator }: Provider['arrivedInTime']): string =>
  `${numberText(numerator)} / ${numberText(denominator)}`

export const ProviderTable = ({ providers }: { readonly providers: readonly Provider[] }) => {
  const say = useSay()
  const numbers: readonly (readonly [Parameters<typeof say>[0], (row: Provider) => string])[] = [
    ['alarms', row => numberText(row.alarms)],
    ['dispatch', row => figureText(row.medianDispatchSeconds, 'seconds')],
    ['arrive', row => figureText(row.medianArriveSeconds, 'seconds')],
    ['arriveLate', row => figureText(row.p95ArriveSeconds, 'seconds')],
    ['resolved', row => numberText(row.resolved)],
    ['overdue', row => numberText(row.overdue)],
    ['satisfaction', row => figureText(quotient(row.satisfaction), 'mark')],
  ]
  const columns: readonly Column<Provider>[] = [
    {
      name: say('point'),
      cell: ({ point, name }) => (
        <>
          {name} <span className="small quiet">{point}</span>
        </>
      ),
    },
    {
      name: say('inTime'),
      cell: ({ arrivedInTime }) => (
        <>
          {figureText(quotient(arrivedInTime), 'share')}{' '}
          <span className="small quiet">{fraction(arrivedInTime)}</span>
          <ShareBar share={quotient(arrivedInTime) ?? 0} />
        </>
      ),
    },
    ...numbers.map(([name, cell]) => ({ name: say(name), cell, isNumber: true })),
  ]
  return (
    <section className="stack">
      <h2>{say('title')}</h2>
      <Table
        label={say('title')}
        columns={columns}
        rows={providers}
        keyOf={({ point }) => point}
        whenEmpty={say('none')}
      />
    </section>
  )
}
