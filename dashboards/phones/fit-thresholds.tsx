/** By which figures residents are watched where nobody has set others: whoever is asked at the door can tell. */
import { useQuery } from '@tanstack/react-query'
import type { z } from 'zod'
import type { RuleView } from '../../gateway/api/rules.ts'
import { ProblemNotice } from '../kit/problem-notice.tsx'
import { Table } from '../kit/table.tsx'
import { get } from '../shell/api.ts'
import { useThresholdValue } from '../words/threshold-value.ts'
import { useThresholdName } from '../words/threshold-words.ts'
import { words } from '../words/words.ts'

const useSay = words('fit-thresholds', {
  zh: {
    title: '缺省报警阈值',
    who: '个别老人的阈值由坐席、值班长或管理员在“回顾”中设置，请告知他们老人的作息',
    name: '阈值',
    value: '数值',
  },
  en: {
    title: 'Default thresholds',
    who: 'Those of one resident are set under “Review” by operators, shift leaders or administrators: tell them how the resident lives',
    name: 'Threshold',
    value: 'Value',
  },
})

export const FitThresholds = () => {
  const say = useSay()
  const name = useThresholdName()
  const text = useThresholdValue()
  const { data, error } = useQuery({
    queryKey: ['rules'],
    queryFn: ({ signal }) =>
      get<{ readonly items: readonly z.infer<typeof RuleView>[] }>('/api/detection/rules', { signal }),
    staleTime: Infinity,
  })
  const figures = new Map(data?.items.flatMap(({ thresholds }) => thresholds.map(one => [one.name, one])))
  return (
    <details>
      <summary>{say('title')}</summary>
      <p className="quiet small">{say('who')}</p>
      <ProblemNotice error={error} />
      <Table
        label={say('title')}
        columns={[
          { name: say('name'), cell: figure => name(figure.name) },
          { name: say('value'), cell: figure => text(figure.default, figure.unit), isNumber: true },
        ]}
        rows={[...figures.values()]}
        keyOf={figure => figure.name}
        whenEmpty={null}
      />
    </details>
  )
}
