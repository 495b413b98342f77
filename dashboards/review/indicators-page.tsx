/**
 * Takes: a month and an area.
 * Gives: its indicators with what they were counted from, by provider, and how often what rang for nothing; to print, or as CSV.
 * Never: shows a name, rounds up, or is silent about what is not measured.
 */
import { useSearchParams } from 'wouter'
import { Button } from '../kit/button.tsx'
import { Page } from '../kit/page.tsx'
import { ProblemNotice } from '../kit/problem-notice.tsx'
import { query } from '../shell/api.ts'
import { momentText } from '../words/format.ts'
import { languageNow } from '../words/language.ts'
import { words } from '../words/words.ts'
import { AlarmCounts } from './alarm-counts.tsx'
import { FalseAlarmTables } from './false-alarms.tsx'
import { IndicatorTable } from './indicator-table.tsx'
import './indicators.css'
import { MonthChoice } from './month-choice.tsx'
import { ProviderTable } from './provider-table.tsx'
import { ReportArea } from './report-area.tsx'
import { type IndicatorRow, type Indicators, useIndicators } from './use-reports.ts'

const useSay = words('indicators', {
  zh: {
    title: '指标',
    csv: '下载 CSV',
    print: '打印',
    counted: '{{month}} · 统计于 {{at}}',
    notMeasured: '未统计',
    counting: '正在统计',
  },
  en: {
    title: 'Indicators',
    csv: 'Download CSV',
    print: 'Print',
    counted: '{{month}} · counted {{at}}',
    notMeasured: 'Not measured',
    counting: 'Counting',
  },
})

/** How many alarms there were, in all, by class and by kind. */
const isCountOfAlarms = ({ id }: IndicatorRow): boolean => id === 'alarms' || id.startsWith('alarms.')

const Report = ({ found }: { readonly found: Indicators }) => {
  const say = useSay()
  const language = languageNow()
  return (
    <>
      <p className="quiet">{say('counted', { month: found.month, at: momentText(found.generatedAt) })}</p>
      <IndicatorTable label={say('title')} rows={found.rows.filter(row => !isCountOfAlarms(row))} />
      <AlarmCounts rows={found.rows.filter(isCountOfAlarms)} />
      <ProviderTable providers={found.byProvider} />
      <FalseAlarmTables of={found} />
      <section className="stack">
        <h2>{say('notMeasured')}</h2>
        <ul>
          {found.notMeasured.map(({ id, name, why }) => (
            <li key={id}>
              {name[language]} <span className="quiet">{why[language]}</span>
            </li>
          ))}
        </ul>
      </section>
    </>
  )
}

const IndicatorsPage = () => {
  const say = useSay()
  const [params, setParams] = useSearchParams()
  const asked = { month: params.get('month') ?? undefined, area: params.get('area') ?? undefined }
  const { data, error, isPending } = useIndicators(asked)
  // The month that it is in the city, whatever this machine's clock says.
  const { data: current } = useIndicators({ month: undefined, area: asked.area })
  const ask = (to: Partial<typeof asked>) => setParams(query({ ...asked, ...to }).slice(1), { replace: true })
  const month = asked.month ?? current?.month
  return (
    <div className="indicators">
      <Page
        title={say('title')}
        actions={
          <>
            <a className="button" href={`/api/indicators.csv${query(asked)}`} download>
              {say('csv')}
            </a>
            <Button onPress={() => print()}>{say('print')}</Button>
          </>
        }
      >
        <div className="indicators-head not-printed">
          <ReportArea area={asked.area} onChange={area => ask({ area })} />
          {month !== undefined && (
            <MonthChoice month={month} latest={current?.month ?? month} onChange={to => ask({ month: to })} />
          )}
        </div>
        <ProblemNotice error={error} />
        {isPending && <p className="empty">{say('counting')}</p>}
        {data && <Report found={data} />}
      </Page>
    </div>
  )
}

export default IndicatorsPage
