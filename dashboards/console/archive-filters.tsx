import type { AlarmView } from '../../gateway/api/alarm-view.ts'
import { alarmKinds, isAlarmKind } from '../../gateway/model/kinds.ts'
import { useAreas } from '../duty/areas.ts'
import { Choice } from '../kit/choice.tsx'
import { TextField } from '../kit/text-field.tsx'
import { useAlarmWords } from '../words/alarm-words.ts'
import { words } from '../words/words.ts'
import { dayAfter, startOfDay } from './archive-day.ts'

const useSay = words('archive-filters', {
  zh: { kind: '种类', area: '区域', from: '从', to: '到', all: '全部', filters: '筛选' },
  en: { kind: 'Kind', area: 'Area', from: 'From', to: 'To', all: 'All', filters: 'Filters' },
})

export type ArchiveFilter = {
  readonly kind: AlarmView['kind'] | ''
  readonly area: string
  /** Days such as 2026-11-21, both included; empty: no bound. */
  readonly from: string
  readonly to: string
}
export const noFilter: ArchiveFilter = { kind: '', area: '', from: '', to: '' }

/** As the interface takes it. */
export const filterQuery = ({ kind, area, from, to }: ArchiveFilter, timeZone: string | undefined) => ({
  kind,
  area,
  from: startOfDay(from, timeZone),
  to: startOfDay(dayAfter(to), timeZone),
})

const kinds = Object.keys(alarmKinds).filter(isAlarmKind)

export const ArchiveFilters = ({
  filter,
  onFilter,
}: {
  readonly filter: ArchiveFilter
  readonly onFilter: (filter: ArchiveFilter) => void
}) => {
  const say = useSay()
  const { of } = useAlarmWords()
  const areas = useAreas()
  return (
    <div className="archive-filters" role="group" aria-label={say('filters')}>
      <Choice
        label={say('kind')}
        options={[
          { value: '' as const, label: say('all') },
          ...kinds.map(value => ({ value, label: of('kind', value) })),
        ]}
        value={filter.kind}
        onChange={kind => onFilter({ ...filter, kind })}
      />
      <Choice
        label={say('area')}
        options={[
          { value: '', label: say('all') },
          ...Array.from(areas, ([value, { name }]) => ({ value, label: name })),
        ]}
        value={filter.area}
        onChange={area => onFilter({ ...filter, area })}
      />
      <TextField
        label={say('from')}
        type="date"
        value={filter.from}
        onChange={from => onFilter({ ...filter, from })}
      />
      <TextField
        label={say('to')}
        type="date"
        value={filter.to}
        onChange={to => onFilter({ ...filter, to })}
      />
    </div>
  )
}
