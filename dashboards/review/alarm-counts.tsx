import { type Column, Table } from '../kit/table.tsx'
import { numberText } from '../words/format.ts'
import { languageNow } from '../words/language.ts'
import { words } from '../words/words.ts'
import { ShareBar } from './share-bar.tsx'
import type { IndicatorRow } from './use-reports.ts'

const useSay = words('alarm-counts', {
  zh: {
    title: '警报数量',
    name: '类别',
    of: '数量 / 总数',
    zero: '没有发生：{{names}}',
    none: '本月没有警报',
  },
  en: {
    title: 'Alarms',
    name: 'Class or kind',
    of: 'Of all',
    zero: 'None of: {{names}}',
    none: 'There was no alarm in this month',
  },
})

/** How many of what: what did not happen is named in one line, so that what did is seen. */
export const AlarmCounts = ({ rows }: { readonly rows: readonly IndicatorRow[] }) => {
  const say = useSay()
  const language = languageNow()
  const columns: readonly Column<IndicatorRow>[] = [
    { name: say('name'), cell: ({ name }) => name[language] },
    {
      name: '',
      cell: ({ numerator, denominator }) => <ShareBar share={numerator / Math.max(1, denominator)} />,
    },
    {
      name: say('of'),
      cell: ({ numerator, denominator }) => `${numberText(numerator)} / ${numberText(denominator)}`,
      isNumber: true,
    },
  ]
  const zeros = rows.filter(({ numerator }) => numerator === 0)
  return (
    <section className="stack">
      <h2>{say('title')}</h2>
      <Table
        label={say('title')}
        columns={columns}
        rows={rows.filter(({ numerator }) => numerator > 0)}
        keyOf={({ id }) => id}
        whenEmpty={say('none')}
      />
      {zeros.length > 0 && (
        <p className="small quiet">
          {say('zero', {
            names: zeros.map(({ name }) => name[language]).join(language === 'zh' ? '、' : ', '),
          })}
        </p>
      )}
    </section>
  )
}
