/** How often what rings for nothing: by rule, by model, by device. */
import { Link } from 'wouter'
import type { Cause } from '../../gateway/model/alarm.ts'
import { ProblemNotice } from '../kit/problem-notice.tsx'
import { type Column, Table } from '../kit/table.tsx'
import { useMay } from '../shell/session.ts'
import { useAlarmWords } from '../words/alarm-words.ts'
import { numberText } from '../words/format.ts'
import { useRecordWords } from '../words/record-words.ts'
import { words } from '../words/words.ts'
import { figureText } from './figure-text.ts'
import { ShareBar } from './share-bar.tsx'
import { type FalseAlarms, type Indicators, useFalseAlarms } from './use-reports.ts'

const useSay = words('false-alarms', {
  zh: {
    title: '误报',
    byRule: '按规则',
    byModel: '按型号',
    byDevice: '按设备',
    rule: '规则',
    model: '型号',
    device: '设备',
    closed: '已结束',
    share: '误报率',
    perWeek: '每台（户）每周误报',
    watched: '在用',
    causes: '原因',
    none: '本月没有已结束的警报',
    cut: '设备过多，只显示误报最多的一部分',
    weeks: '统计 {{weeks}} 周；误报＝误触、传感器误报、外出、骚扰',
  },
  en: {
    title: 'False alarms',
    byRule: 'By rule',
    byModel: 'By model',
    byDevice: 'By device',
    rule: 'Rule',
    model: 'Model',
    device: 'Device',
    closed: 'Ended',
    share: 'False',
    perWeek: 'False per device (home) and week',
    watched: 'In use',
    causes: 'Causes',
    none: 'No alarm has ended in this month',
    cut: 'There are more devices; those with most false alarms are shown',
    weeks: 'Over {{weeks}} weeks; false: accidental, sensor false, away, nuisance',
  },
})

type Outcomes = FalseAlarms['byModel'][number]
type Row = Omit<Outcomes, 'model'>

const order: readonly Cause[] = ['real', 'accidental', 'sensor-false', 'away', 'nuisance', 'unclear', 'test']

const useFigures = (): readonly Column<Row>[] => {
  const say = useSay()
  const { of } = useAlarmWords()
  const causesText = (causes: Row['causes']): string =>
    order
      .filter(cause => causes[cause] > 0)
      .map(cause => `${of('cause', cause)} ${numberText(causes[cause])}`)
      .join(' · ')
  return [
    {
      name: say('share'),
      cell: ({ false: { numerator, denominator, share } }) => (
        <>
          {figureText(share, 'share')}{' '}
          <span className="small quiet">{`${numberText(numerator)} / ${numberText(denominator)}`}</span>
          <ShareBar share={share ?? 0} />
        </>
      ),
    },
    { name: say('perWeek'), cell: row => figureText(row.falsePerWeek, 'mark'), isNumber: true },
    { name: say('watched'), cell: row => numberText(row.watched), isNumber: true },
    { name: say('closed'), cell: row => numberText(row.closed), isNumber: true },
    { name: say('causes'), cell: ({ causes }) => <span className="small">{causesText(causes)}</span> },
  ]
}

/** A rule of detection, or the kind of alarm that a device raises by itself. */
const useRuleName = (): ((rule: string) => string) => {
  const records = useRecordWords()
  const alarms = useAlarmWords()
  return rule => {
    const condition = records.of('condition', rule)
    return condition === rule ? alarms.of('kind', rule) : condition
  }
}

const Tables = ({ report }: { readonly report: FalseAlarms }) => {
  const say = useSay()
  const { device: modelName } = useRecordWords()
  const ruleName = useRuleName()
  const figures = useFigures()
  const mayOpen = useMay()('registry:read')
  const none = say('none')
  return (
    <>
      <h3>{say('byRule')}</h3>
      <Table
        label={say('byRule')}
        columns={[{ name: say('rule'), cell: ({ rule }) => ruleName(rule) }, ...figures]}
        rows={report.byRule}
        keyOf={({ rule }) => rule}
        whenEmpty={none}
      />
      <h3>{say('byModel')}</h3>
      <Table
        label={say('byModel')}
        columns={[{ name: say('model'), cell: ({ model }) => `${modelName(model)} · ${model}` }, ...figures]}
        rows={report.byModel}
        keyOf={({ model }) => model}
        whenEmpty={none}
      />
      {report.byDevice.length > 0 && (
        <>
          <h3>{say('byDevice')}</h3>
          <Table
            label={say('byDevice')}
            columns={[
              {
                name: say('device'),
                cell: ({ device, model }) => (
                  <>
                    {mayOpen ? <Link href={`/registry/devices/${device}`}>{device}</Link> : device}{' '}
                    <span className="small quiet">{modelName(model)}</span>
                  </>
                ),
              },
              ...figures,
            ]}
            rows={report.byDevice}
            keyOf={({ device }) => device}
            whenEmpty={none}
          />
        </>
      )}
      {report.isCut && <p className="quiet">{say('cut')}</p>}
    </>
  )
}

export const FalseAlarmTables = ({ of }: { readonly of: Indicators }) => {
  const say = useSay()
  const { data, error } = useFalseAlarms(of)
  return (
    <section className="stack">
      <h2>{say('title')}</h2>
      <ProblemNotice error={error} />
      {data && (
        <>
          <p className="small quiet">{say('weeks', { weeks: numberText(data.weeks, 1) })}</p>
          <Tables report={data} />
        </>
      )}
    </section>
  )
}
