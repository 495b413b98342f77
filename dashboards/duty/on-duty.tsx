import { Table } from '../kit/table.tsx'
import { Tag } from '../kit/tag.tsx'
import { Since } from '../live/since.tsx'
import { momentText } from '../words/format.ts'
import { words } from '../words/words.ts'
import { areaName, useAreas } from './areas.ts'
import type { Shift } from './use-shift.ts'

const useSay = words('on-duty', {
  zh: {
    title: '值班人员',
    name: '姓名',
    areas: '区域',
    everywhere: '全部区域',
    since: '开始',
    lasts: '时长',
    console: '调度台',
    connected: '已打开',
    absent: '未打开',
    nobody: '无人值班',
  },
  en: {
    title: 'On duty',
    name: 'Name',
    areas: 'Areas',
    everywhere: 'Everywhere',
    since: 'Since',
    lasts: 'For',
    console: 'Console',
    connected: 'Open',
    absent: 'Not open',
    nobody: 'Nobody is on duty',
  },
})

export const OnDuty = ({ shift: { onDuty } }: { readonly shift: Shift }) => {
  const say = useSay()
  const areas = useAreas()
  return (
    <section className="stack">
      <h2>{say('title')}</h2>
      <Table
        label={say('title')}
        rows={onDuty}
        keyOf={({ user }) => user}
        whenEmpty={say('nobody')}
        columns={[
          { name: say('name'), cell: ({ name, user }) => `${name} (${user})` },
          {
            name: say('areas'),
            cell: row =>
              row.areas.length === 0
                ? say('everywhere')
                : row.areas.map(id => areaName(areas, id)).join(' · '),
          },
          { name: say('since'), cell: ({ since }) => momentText(since) },
          { name: say('lasts'), cell: ({ since }) => <Since at={since} />, isNumber: true },
          {
            name: say('console'),
            cell: ({ connected }) => (
              <Tag tone={connected ? 'good' : 'warning'}>{say(connected ? 'connected' : 'absent')}</Tag>
            ),
          },
        ]}
      />
    </section>
  )
}
