import { useQuery } from '@tanstack/react-query'
import type { AlarmView } from '../../gateway/api/alarm-view.ts'
import type { ResidentRecord } from '../../gateway/model/records.ts'
import { ProblemNotice } from '../kit/problem-notice.tsx'
import { useLive } from '../live/live-context.tsx'
import { get, query } from '../shell/api.ts'
import { useAlarmWords } from '../words/alarm-words.ts'
import { momentText } from '../words/format.ts'
import { words } from '../words/words.ts'

const useSay = words('family-events', {
  zh: {
    title: '最近发生的事',
    none: '还没有记录',
    open: '正在处理',
    over: '已处理：{{cause}}',
    done: '已处理',
  },
  en: {
    title: 'What happened of late',
    none: 'Nothing so far',
    open: 'being dealt with',
    over: 'dealt with: {{cause}}',
    done: 'dealt with',
  },
})

const shown = 10

export const FamilyEvents = ({ resident: { id } }: { readonly resident: ResidentRecord }) => {
  const say = useSay()
  const { of } = useAlarmWords()
  const { alarms } = useLive()
  // Asked again when one of them has changed.
  const changes = [...alarms.values()].reduce((sum, { version }) => sum + version, 0)
  const { data, error } = useQuery({
    queryKey: ['family-events', id, changes],
    queryFn: ({ signal }) =>
      get<{ readonly items: readonly AlarmView[] }>(`/api/alarms${query({ resident: id, limit: shown })}`, {
        signal,
      }),
    placeholderData: before => before,
  })
  const became = ({ state, cause }: AlarmView): string => {
    if (state !== 'resolved' && state !== 'closed') return say('open')
    return cause === null ? say('done') : say('over', { cause: of('cause', cause) })
  }
  return (
    <section className="stack">
      <h3>{say('title')}</h3>
      <ProblemNotice error={error} />
      {data?.items.length === 0 && <p>{say('none')}</p>}
      <ol className="family-facts">
        {data?.items.map(alarm => (
          <li key={alarm.id}>
            <p>
              <strong>{of('kind', alarm.kind)}</strong> · {became(alarm)}
            </p>
            <p className="quiet">{momentText(alarm.receivedAt)}</p>
          </li>
        ))}
      </ol>
    </section>
  )
}
