/** What the queue shows when there is nothing to do: that this is so, who is here, and what was last. */
import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import type { AlarmView } from '../../gateway/api/alarm-view.ts'
import { useShift } from '../duty/use-shift.ts'
import { ProblemNotice } from '../kit/problem-notice.tsx'
import { get } from '../shell/api.ts'
import { useAlarmWords } from '../words/alarm-words.ts'
import { momentText } from '../words/format.ts'
import { words } from '../words/words.ts'

const useSay = words('console-quiet', {
  zh: {
    calm: '没有未结警报',
    onDuty: '值班：{{names}}',
    away: '{{name}}（未连接）',
    nobody: '无人值班',
    takeOver: '去接班',
    last: '最近一次：{{what}} {{name}}，{{at}}',
    between: '、',
  },
  en: {
    calm: 'No open alarms',
    onDuty: 'On duty: {{names}}',
    away: '{{name}} (not connected)',
    nobody: 'Nobody is on duty',
    takeOver: 'Take over',
    last: 'Last: {{what}} {{name}}, {{at}}',
    between: ', ',
  },
})

export const QuietDesk = () => {
  const say = useSay()
  const { of } = useAlarmWords()
  const shift = useShift()
  const latest = useQuery({
    queryKey: ['alarms', 'latest'],
    queryFn: () => get<{ readonly items: readonly AlarmView[] }>('/api/alarms?state=all&limit=1'),
    staleTime: 0,
  })
  const names = shift.data?.onDuty.map(({ name, connected }) => (connected ? name : say('away', { name })))
  const last = latest.data?.items[0]
  return (
    <div className="console-quiet">
      <strong>{say('calm')}</strong>
      {names && (
        <p className="quiet">
          {names.length === 0 ? (
            <>
              <span className="mark-medium">{say('nobody')}</span>{' '}
              <Link href="/shift">{say('takeOver')}</Link>
            </>
          ) : (
            say('onDuty', { names: names.join(say('between')) })
          )}
        </p>
      )}
      {last && (
        <p className="quiet">
          {say('last', {
            what: of('kind', last.kind),
            name: last.resident?.name ?? last.device?.id ?? '',
            at: momentText(last.receivedAt),
          })}
        </p>
      )}
      <ProblemNotice error={shift.error ?? latest.error} />
    </div>
  )
}
