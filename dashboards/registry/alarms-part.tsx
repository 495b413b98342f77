import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import type { AlarmView } from '../../gateway/api/alarm-view.ts'
import { AlarmMark } from '../kit/alarm-mark.tsx'
import { get, query } from '../shell/api.ts'
import { useMay } from '../shell/session.ts'
import { useAlarmWords } from '../words/alarm-words.ts'
import { momentText } from '../words/format.ts'
import { Part } from './part.tsx'
import { useRegistryWords } from './registry-words.ts'

const shown = 8

/** What rang last in a home, or for a resident. */
export const AlarmsPart = ({ by, id }: { readonly by: 'home' | 'resident'; readonly id: string }) => {
  const say = useRegistryWords()
  const { of } = useAlarmWords()
  const may = useMay()
  const { data, error } = useQuery({
    queryKey: ['alarms', 'latest', by, id],
    queryFn: ({ signal }) =>
      get<{ readonly items: readonly AlarmView[] }>(
        `/api/alarms${query({ state: 'all', [by]: id, limit: shown })}`,
        { signal },
      ),
    enabled: may('alarm:read'),
  })
  return (
    <Part title={say('alarms')} error={error}>
      {data?.items.length === 0 && <p className="quiet">{say('noAlarms')}</p>}
      <ul className="registry-links">
        {data?.items.map(alarm => (
          <li key={alarm.id} className="row">
            <AlarmMark alarm={alarm} />
            {may('shift:read') ? (
              <Link href={`/archive/${alarm.id}`}>{momentText(alarm.raisedAt)}</Link>
            ) : (
              momentText(alarm.raisedAt)
            )}
            <span className="small quiet">{of('state', alarm.state)}</span>
          </li>
        ))}
      </ul>
    </Part>
  )
}
