/** One call: where, how to get in, who, what happened, whom to ring; and what to do next, under the thumb. */
import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { Link } from 'wouter'
import type { AlarmView } from '../../gateway/api/alarm-view.ts'
import type { EntryView } from '../../gateway/api/entry-view.ts'
import { AlarmMark } from '../kit/alarm-mark.tsx'
import { ProblemNotice } from '../kit/problem-notice.tsx'
import { Tag } from '../kit/tag.tsx'
import { LinkNotice } from '../live/link-notice.tsx'
import { Since } from '../live/since.tsx'
import { get } from '../shell/api.ts'
import { useCaller, useMay } from '../shell/session.ts'
import { useAlarmWords } from '../words/alarm-words.ts'
import { words } from '../words/words.ts'
import { ActLog } from './act-log.tsx'
import type { Act, ActQueue } from './act-queue.ts'
import { GoActs } from './go-acts.tsx'
import { GoPhones } from './go-phones.tsx'
import { GoTimeline } from './go-timeline.tsx'
import { GoWhere } from './go-where.tsx'
import { GoWho } from './go-who.tsx'
import { standingOf } from './standing.ts'

const useSay = words('go-call', {
  zh: {
    back: '全部呼叫',
    since: '呼叫至今',
    repeats_one: '又按了 {{count}} 次',
    repeats_other: '又按了 {{count}} 次',
    card: '急救卡',
    loading: '正在载入',
    holder: '受理人',
  },
  en: {
    back: 'All calls',
    since: 'Since the call',
    repeats_one: 'pressed {{count}} more time',
    repeats_other: 'pressed {{count}} more times',
    card: 'Emergency card',
    loading: 'Loading',
    holder: 'Held by',
  },
})

type Detail = AlarmView & { readonly timeline: readonly EntryView[] }

const Head = ({ alarm }: { readonly alarm: AlarmView }) => {
  const say = useSay()
  const { of } = useAlarmWords()
  const { nextDeadline, acknowledgedBy } = alarm
  return (
    <section className="go-head">
      <p className="row">
        <Tag>{of('state', alarm.state)}</Tag>
        <span>
          {say('since')} <Since at={alarm.receivedAt} />
          {alarm.repeats > 0 && ` · ${say('repeats', { count: alarm.repeats })}`}
        </span>
      </p>
      {nextDeadline && (
        <p className="quiet small">
          {of('deadline', nextDeadline.kind)} <Since at={nextDeadline.at} isCountdown />
          {acknowledgedBy && ` · ${say('holder')} ${acknowledgedBy.name ?? acknowledgedBy.id}`}
        </p>
      )}
    </section>
  )
}

export const GoCall = ({
  id,
  known,
  queue,
  acts,
}: {
  readonly id: string
  /** As it is live, or was kept. */
  readonly known: AlarmView | undefined
  readonly queue: ActQueue
  /** On this call. */
  readonly acts: readonly Act[]
}) => {
  const say = useSay()
  const caller = useCaller()
  const may = useMay()
  const { data, error } = useQuery({
    queryKey: ['alarm', id, known?.version],
    queryFn: ({ signal }) => get<Detail>(`/api/alarms/${id}`, { signal }),
    placeholderData: before => before,
  })
  const alarm = known ?? data
  const { of } = useAlarmWords()
  const kind = alarm && of('kind', alarm.kind)
  useEffect(() => {
    if (kind !== undefined) document.title = `${kind} · 安铃 Anling`
  }, [kind])
  if (!alarm) return error ? <ProblemNotice error={error} /> : <p className="empty">{say('loading')}</p>
  const standing = standingOf(alarm, caller, acts)
  return (
    <>
      <div className="page">
        <header className="page-head">
          <h1>
            <AlarmMark alarm={alarm} />
          </h1>
          <Link className="button button-quiet" href="/go">
            {say('back')}
          </Link>
        </header>
        <LinkNotice keepsActs />
        <Head alarm={alarm} />
        <ActLog acts={acts} onDismiss={queue.dismiss} />
        <GoWhere alarm={alarm} />
        {standing !== 'over' && may('personal:reveal-in-alarm') && <GoPhones alarm={alarm} />}
        <GoWho alarm={alarm} />
        {alarm.resident && may('card:read') && (
          <Link className="button" href={`/residents/${alarm.resident.id}/card?alarm=${id}`}>
            {say('card')}
          </Link>
        )}
        {data && <GoTimeline entries={data.timeline} />}
      </div>
      <GoActs alarm={alarm} standing={standing} queue={queue} />
    </>
  )
}
