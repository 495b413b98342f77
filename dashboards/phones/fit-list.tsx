/** Jobs: mine, those that nobody has, those that are done; and who speaks without being registered. */
import { useQuery } from '@tanstack/react-query'
import { ChevronRight } from 'lucide-react'
import { Link } from 'wouter'
import type { z } from 'zod'
import type { JobView } from '../../gateway/api/job-view.ts'
import type { HomeRecord } from '../../gateway/model/records.ts'
import { Page } from '../kit/page.tsx'
import { ProblemNotice } from '../kit/problem-notice.tsx'
import { Tag } from '../kit/tag.tsx'
import { get } from '../shell/api.ts'
import { useCaller } from '../shell/session.ts'
import { words } from '../words/words.ts'
import { FitStrangers } from './fit-strangers.tsx'
import { useJobWords } from './job-words.ts'

const useSay = words('fit-list', {
  zh: {
    title: '安装工单',
    mine: '我的工单',
    others: '其他工单',
    done: '已完成',
    empty: '目前没有工单',
    due: '期限 {{day}}',
    free: '尚无人接手',
    loading: '正在载入',
  },
  en: {
    title: 'Installations',
    mine: 'My jobs',
    others: 'Other jobs',
    done: 'Done',
    empty: 'There are no jobs now',
    due: 'due {{day}}',
    free: 'nobody has taken it',
    loading: 'Loading',
  },
})

type Job = z.infer<typeof JobView>

const renewMs = 20_000
const groups = ['mine', 'others', 'done'] as const
const doneStates: readonly Job['state'][] = ['accepted', 'archived', 'cancelled']

const groupOf = ({ state, technician }: Job, username: string): (typeof groups)[number] => {
  if (doneStates.includes(state)) return 'done'
  return technician === username ? 'mine' : 'others'
}

const Row = ({ job: { id, state, home, due, technician } }: { readonly job: Job }) => {
  const say = useSay()
  const word = useJobWords()
  const { data } = useQuery({
    queryKey: ['home', home],
    queryFn: ({ signal }) => get<HomeRecord>(`/api/homes/${home}`, { signal }),
  })
  const facts = [due && say('due', { day: due }), technician ?? say('free')].filter(Boolean)
  return (
    <li>
      <Link href={`/fit/${id}`} className="phone-row">
        <span className="phone-row-head">
          <strong>{data?.address ?? home}</strong>
          <Tag>{word(state)}</Tag>
        </span>
        <span className="quiet small">{facts.join(' · ')}</span>
        <ChevronRight className="phone-row-more" aria-hidden="true" />
      </Link>
    </li>
  )
}

export const FitList = () => {
  const say = useSay()
  const { username } = useCaller()
  const { data, error } = useQuery({
    queryKey: ['jobs'],
    queryFn: ({ signal }) => get<{ readonly items: readonly Job[] }>('/api/jobs?limit=200', { signal }),
    refetchInterval: renewMs,
  })
  return (
    <Page title={say('title')}>
      <ProblemNotice error={error} />
      {!data && !error && <p className="empty">{say('loading')}</p>}
      {data?.items.length === 0 && <p className="empty">{say('empty')}</p>}
      {groups.map(group => {
        const jobs = data?.items.filter(job => groupOf(job, username) === group) ?? []
        return jobs.length === 0 ? null : (
          <section key={group} className="stack">
            <h2>{say(group)}</h2>
            <ul className="phone-rows">
              {jobs.map(job => (
                <Row key={job.id} job={job} />
              ))}
            </ul>
          </section>
        )
      })}
      <FitStrangers />
    </Page>
  )
}
