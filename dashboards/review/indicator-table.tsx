import { type Column, Table } from '../kit/table.tsx'
import { Tag } from '../kit/tag.tsx'
import { numberText } from '../words/format.ts'
import { languageNow } from '../words/language.ts'
import { words } from '../words/words.ts'
import { figureText, shareText } from './figure-text.ts'
import { ShareBar } from './share-bar.tsx'
import type { IndicatorRow } from './use-reports.ts'

const useSay = words('indicator-table', {
  zh: {
    name: '指标',
    value: '数值',
    from: '分子 / 分母',
    target: '目标',
    source: '依据',
    met: '达标',
    missed: '未达标',
    now: '当前',
    none: '没有指标',
  },
  en: {
    name: 'Indicator',
    value: 'Value',
    from: 'Counted from',
    target: 'Target',
    source: 'Source',
    met: 'met',
    missed: 'missed',
    now: 'as of now',
    none: 'There are no indicators',
  },
})

const Target = ({ row: { value, target } }: { readonly row: IndicatorRow }) => {
  const say = useSay()
  if (target === undefined) return null
  const isMet = value !== null && value >= target
  return (
    <span className="indicators-target">
      {`≥ ${shareText(target)}`}
      {value !== null && <Tag tone={isMet ? 'good' : 'warning'}>{say(isMet ? 'met' : 'missed')}</Tag>}
    </span>
  )
}

/** Each figure with what it was counted from, what is asked for, and by whom. */
export const IndicatorTable = ({
  label,
  rows,
}: {
  readonly label: string
  readonly rows: readonly IndicatorRow[]
}) => {
  const say = useSay()
  const columns: readonly Column<IndicatorRow>[] = [
    {
      name: say('name'),
      cell: ({ name, asOf }) => (
        <>
          {name[languageNow()]} {asOf === 'now' && <span className="small quiet">{say('now')}</span>}
        </>
      ),
    },
    { name: say('value'), cell: ({ value, unit }) => figureText(value, unit), isNumber: true },
    {
      name: '',
      cell: ({ value, unit, target }) =>
        unit === 'share' && value !== null && <ShareBar share={value} target={target} />,
    },
    {
      name: say('from'),
      cell: ({ numerator, denominator }) => `${numberText(numerator)} / ${numberText(denominator)}`,
      isNumber: true,
    },
    { name: say('target'), cell: row => <Target row={row} /> },
    { name: say('source'), cell: ({ source }) => <span className="small quiet">{source}</span> },
  ]
  return <Table label={label} columns={columns} rows={rows} keyOf={({ id }) => id} whenEmpty={say('none')} />
}
