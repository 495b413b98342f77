/** By which figures a resident is watched, where each comes from, who has changed which and why. */
import { useState } from 'react'
import { Button } from '../kit/button.tsx'
import { ProblemNotice } from '../kit/problem-notice.tsx'
import { type Column, Table } from '../kit/table.tsx'
import { Tag } from '../kit/tag.tsx'
import { useMay } from '../shell/session.ts'
import { momentText } from '../words/format.ts'
import { useThresholdValue } from '../words/threshold-value.ts'
import { useThresholdName } from '../words/threshold-words.ts'
import { words } from '../words/words.ts'
import { ThresholdDialog } from './threshold-dialog.tsx'
import { type Threshold, type ThresholdChange, useThresholdHistory, useThresholds } from './use-thresholds.ts'

const useSay = words('thresholds', {
  zh: {
    title: '报警阈值',
    history: '更改记录',
    name: '阈值',
    value: '数值',
    source: '来源',
    ground: '缺省值的依据',
    'source.default': '缺省',
    'source.preset': '按失能等级',
    'source.resident': '本人',
    change: '更改',
    when: '时间',
    who: '更改人',
    before: '原值',
    after: '新值',
    why: '理由',
    unchanged: '没有更改过',
    byItself: '未单独设置',
  },
  en: {
    title: 'Thresholds',
    history: 'Changes',
    name: 'Threshold',
    value: 'Value',
    source: 'Comes from',
    ground: 'Why the default is what it is',
    'source.default': 'default',
    'source.preset': 'level of ability',
    'source.resident': 'this resident',
    change: 'Change',
    when: 'When',
    who: 'Who',
    before: 'Before',
    after: 'After',
    why: 'Why',
    unchanged: 'Nothing was changed',
    byItself: 'not set',
  },
})

const History = ({
  resident,
  thresholds,
}: {
  readonly resident: string
  readonly thresholds: readonly Threshold[]
}) => {
  const say = useSay()
  const name = useThresholdName()
  const text = useThresholdValue()
  const { data, error } = useThresholdHistory(resident)
  const valueText = (threshold: string, value: number | null): string => {
    const unit = thresholds.find(one => one.name === threshold)?.unit ?? ''
    return value === null ? say('byItself') : text(value, unit)
  }
  const columns: readonly Column<ThresholdChange>[] = [
    { name: say('when'), cell: ({ at }) => momentText(at) },
    { name: say('name'), cell: change => name(change.name) },
    { name: say('before'), cell: change => valueText(change.name, change.before) },
    { name: say('after'), cell: change => valueText(change.name, change.after) },
    { name: say('who'), cell: ({ by }) => by.name },
    { name: say('why'), cell: ({ why }) => why },
  ]
  return (
    <>
      <h3>{say('history')}</h3>
      <ProblemNotice error={error} />
      {data && (
        <Table
          label={say('history')}
          columns={columns}
          rows={data.items}
          keyOf={change => `${change.at} ${change.name}`}
          whenEmpty={say('unchanged')}
        />
      )}
    </>
  )
}

export const ThresholdsPanel = ({ resident }: { readonly resident: string }) => {
  const say = useSay()
  const name = useThresholdName()
  const text = useThresholdValue()
  const mayChange = useMay()('care:write')
  const { data, error } = useThresholds(resident)
  const [changing, setChanging] = useState<Threshold>()
  const columns: readonly Column<Threshold>[] = [
    { name: say('name'), cell: threshold => name(threshold.name) },
    { name: say('value'), cell: ({ value, unit }) => text(value, unit), isNumber: true },
    {
      name: say('source'),
      cell: ({ source }) =>
        source === 'default' ? say('source.default') : <Tag>{say(`source.${source}`)}</Tag>,
    },
    { name: say('ground'), cell: ({ ground }) => <span className="small quiet">{ground}</span> },
    ...(mayChange
      ? [
          {
            name: '',
            cell: (threshold: Threshold) => (
              <Button look="quiet" onPress={() => setChanging(threshold)}>
                {say('change')}
                <span className="unseen">{name(threshold.name)}</span>
              </Button>
            ),
          },
        ]
      : []),
  ]
  return (
    <details className="review-details">
      <summary>{say('title')}</summary>
      <ProblemNotice error={error} />
      {data && (
        <div className="stack">
          <Table
            label={say('title')}
            columns={columns}
            rows={data.items}
            keyOf={threshold => threshold.name}
            whenEmpty={null}
          />
          <History resident={resident} thresholds={data.items} />
        </div>
      )}
      {changing && (
        <ThresholdDialog resident={resident} threshold={changing} onClose={() => setChanging(undefined)} />
      )}
    </details>
  )
}
