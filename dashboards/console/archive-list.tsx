/** Alarms of the past, page after page as one scrolls. Only the rows in sight exist. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef } from 'react'
import { Link } from 'wouter'
import type { AlarmView } from '../../gateway/api/alarm-view.ts'
import { isOpen } from '../../gateway/model/alarm.ts'
import { AlarmMark } from '../kit/alarm-mark.tsx'
import { ProblemNotice } from '../kit/problem-notice.tsx'
import { Tag } from '../kit/tag.tsx'
import { useLive } from '../live/live-context.tsx'
import { useNow } from '../live/now.ts'
import { get, query } from '../shell/api.ts'
import { useSite } from '../shell/site.ts'
import { useAlarmWords } from '../words/alarm-words.ts'
import { momentText } from '../words/format.ts'
import { words } from '../words/words.ts'
import { type ArchiveFilter, filterQuery } from './archive-filters.tsx'
import { alarmsKey } from './card/alarm-detail.ts'

const useSay = words('archive-list', {
  zh: {
    list: '警报',
    none: '没有符合条件的警报',
    noFollowUp: '没有等待回访的警报',
    loading: '正在载入',
    due: '回访期限 {{at}}',
    overdue: '逾期',
    unknown: '住址不明',
  },
  en: {
    list: 'Alarms',
    none: 'No alarm fits',
    noFollowUp: 'Nothing waits for its follow-up',
    loading: 'Loading',
    due: 'follow-up due {{at}}',
    overdue: 'overdue',
    unknown: 'unknown address',
  },
})

export const archiveStates = ['follow-up', 'open', 'all'] as const
export type ArchiveState = (typeof archiveStates)[number]

type Page = { readonly items: readonly AlarmView[]; readonly nextCursor: string | null }

const pageSize = 50
const rowHeight = 60
/** The next page is asked for before its place is reached. */
const rowsAhead = 15
/** Others follow up as well. */
const refreshEveryMs = 60_000

const useArchive = (state: ArchiveState, filter: ArchiveFilter) => {
  const asked = { state, ...filterQuery(filter, useSite()?.timeZone), limit: pageSize }
  return useInfiniteQuery({
    queryKey: [alarmsKey, 'list', asked],
    queryFn: ({ pageParam }) => get<Page>(`/api/alarms${query({ ...asked, cursor: pageParam })}`),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
    refetchInterval: refreshEveryMs,
  })
}

const Due = ({ at }: { readonly at: string }) => {
  const say = useSay()
  const now = useNow() + useLive().offsetMs
  return (
    <>
      {say('due', { at: momentText(at) })}
      {Date.parse(at) < now && <Tag tone="warning">{say('overdue')}</Tag>}
    </>
  )
}

const Row = ({ alarm, isChosen }: { readonly alarm: AlarmView; readonly isChosen: boolean }) => {
  const say = useSay()
  const { of } = useAlarmWords()
  const { id, receivedAt, resident, home, state, cause, followUp } = alarm
  return (
    <Link
      className={isOpen(state) ? 'archive-row' : 'archive-row archive-row-over'}
      href={`/archive/${encodeURIComponent(id)}`}
      aria-current={isChosen ? 'true' : undefined}
    >
      <time dateTime={receivedAt}>{momentText(receivedAt)}</time>
      <AlarmMark alarm={alarm} />
      <span className="archive-where">
        {resident?.name ?? resident?.id ?? home?.address ?? home?.id ?? say('unknown')}
      </span>
      <span className="archive-end quiet">
        {followUp?.due ? <Due at={followUp.due} /> : of('state', state)}
        {cause !== null && ` · ${of('cause', cause)}`}
      </span>
    </Link>
  )
}

export const ArchiveList = ({
  state,
  filter,
  chosen,
}: {
  readonly state: ArchiveState
  readonly filter: ArchiveFilter
  readonly chosen: string | undefined
}) => {
  const say = useSay()
  const archive = useArchive(state, filter)
  const { hasNextPage, isFetching, fetchNextPage, isError } = archive
  const alarms = archive.data?.pages.flatMap(({ items }) => items) ?? []
  const scroll = useRef<HTMLDivElement>(null)
  const rows = useVirtualizer({
    count: alarms.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => rowHeight,
    overscan: 5,
  })
  const shown = rows.getVirtualItems()
  const isNearEnd = (shown.at(-1)?.index ?? 0) >= alarms.length - rowsAhead
  useEffect(() => {
    if (isNearEnd && hasNextPage && !isFetching && !isError) void fetchNextPage()
  }, [isNearEnd, hasNextPage, isFetching, isError, fetchNextPage])
  if (archive.isPending) return <p className="empty">{say('loading')}</p>
  return (
    <>
      <ProblemNotice error={archive.error} />
      {archive.data && alarms.length === 0 && (
        <p className="empty">{say(state === 'follow-up' ? 'noFollowUp' : 'none')}</p>
      )}
      <div className="archive-scroll" ref={scroll}>
        <ul aria-label={say('list')} style={{ height: rows.getTotalSize() }}>
          {shown.map(({ index, start }) => {
            const alarm = alarms[index]
            return (
              alarm && (
                <li key={alarm.id} style={{ transform: `translateY(${start}px)`, height: rowHeight }}>
                  <Row alarm={alarm} isChosen={alarm.id === chosen} />
                </li>
              )
            )
          })}
        </ul>
      </div>
    </>
  )
}
