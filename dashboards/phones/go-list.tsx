/** Calls by whose they are: first those that wait for my word. */
import { ChevronRight } from 'lucide-react'
import { Link } from 'wouter'
import type { AlarmView } from '../../gateway/api/alarm-view.ts'
import { AlarmMark } from '../kit/alarm-mark.tsx'
import { Page } from '../kit/page.tsx'
import { LinkNotice } from '../live/link-notice.tsx'
import { Since } from '../live/since.tsx'
import { useCaller } from '../shell/session.ts'
import { words } from '../words/words.ts'
import type { Act } from './act-queue.ts'
import { type Standing, standingOf } from './standing.ts'

const useSay = words('go-list', {
  zh: {
    title: '出警',
    asked: '等您答复',
    going: '正在处理',
    there: '已到现场',
    free: '等待受理',
    theirs: '他人处理中',
    empty: '目前没有呼叫。有新呼叫时会显示在这里',
    unknown: '地址不明',
    unsent: '有操作待发送',
  },
  en: {
    title: 'Calls',
    asked: 'Waiting for your answer',
    going: 'Under way',
    there: 'At the door',
    free: 'Nobody has taken them',
    theirs: 'With others',
    empty: 'No calls now. A new one is shown here at once',
    unknown: 'Address not known',
    unsent: 'not sent yet',
  },
})

const groups = ['asked', 'going', 'there', 'free', 'theirs'] as const satisfies readonly Standing[]
const priorities = ['high', 'medium', 'low'] as const

const byUrgency = (a: AlarmView, b: AlarmView): number =>
  priorities.indexOf(a.priority) - priorities.indexOf(b.priority) || a.receivedAt.localeCompare(b.receivedAt)

const Row = ({ call, isUnsent }: { readonly call: AlarmView; readonly isUnsent: boolean }) => {
  const say = useSay()
  return (
    <li>
      <Link href={`/go/${call.id}`} className="phone-row">
        <span className="phone-row-head">
          <AlarmMark alarm={call} />
          <Since at={call.receivedAt} />
        </span>
        <span>{call.home?.address ?? say('unknown')}</span>
        <span className="quiet small">
          {call.resident?.name}
          {isUnsent && ` · ${say('unsent')}`}
        </span>
        <ChevronRight className="phone-row-more" aria-hidden="true" />
      </Link>
    </li>
  )
}

export const GoList = ({
  calls,
  acts,
}: {
  readonly calls: readonly AlarmView[]
  readonly acts: readonly Act[]
}) => {
  const say = useSay()
  const caller = useCaller()
  const open = calls
    .map(call => ({ call, standing: standingOf(call, caller, acts) }))
    .toSorted((a, b) => byUrgency(a.call, b.call))
  const isUnsent = ({ id }: AlarmView) => acts.some(({ alarm, state }) => alarm === id && state !== 'sent')
  const shown = groups.flatMap(group => {
    const members = open.filter(({ standing }) => standing === group)
    return members.length > 0 ? [{ group, members }] : []
  })
  return (
    <Page title={say('title')}>
      <LinkNotice keepsActs />
      {shown.length === 0 && <p className="empty">{say('empty')}</p>}
      {shown.map(({ group, members }) => (
        <section key={group} className="stack" aria-label={say(group)}>
          <h2>{say(group)}</h2>
          <ul className="phone-rows">
            {members.map(({ call }) => (
              <Row key={call.id} call={call} isUnsent={isUnsent(call)} />
            ))}
          </ul>
        </section>
      ))}
    </Page>
  )
}
