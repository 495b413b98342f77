/** Links to a card: until when they are good, and who opened them from where. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { z } from 'zod'
import type { LinkView } from '../../gateway/api/cards.ts'
import { Button } from '../kit/button.tsx'
import { ProblemNotice } from '../kit/problem-notice.tsx'
import { type Column, Table } from '../kit/table.tsx'
import { Tag } from '../kit/tag.tsx'
import { useNow } from '../live/now.ts'
import { get, request } from '../shell/api.ts'
import { momentText } from '../words/format.ts'
import { words } from '../words/words.ts'

const useSay = words('card-links', {
  zh: {
    title: '分享链接',
    none: '没有分享链接',
    made: '生成',
    reason: '原因',
    until: '有效至',
    good: '有效',
    ended: '已撤销',
    expired: '已过期',
    openings: '打开记录',
    never: '尚未打开',
    end: '撤销',
    refresh: '刷新',
  },
  en: {
    title: 'Links',
    none: 'There are no links',
    made: 'Made',
    reason: 'Why',
    until: 'Good until',
    good: 'good',
    ended: 'ended',
    expired: 'expired',
    openings: 'Opened',
    never: 'not yet',
    end: 'End it',
    refresh: 'Refresh',
  },
})

type Link = z.infer<typeof LinkView>

const stateOf = ({ endedAt, expiresAt }: Link, now: number): 'good' | 'ended' | 'expired' => {
  if (endedAt !== null) return 'ended'
  return Date.parse(expiresAt) > now ? 'good' : 'expired'
}

const Openings = ({ link: { openings } }: { readonly link: Link }) => {
  const say = useSay()
  if (openings.length === 0) return <>{say('never')}</>
  return (
    <ul>
      {openings.map(({ at, address, userAgent }) => (
        <li key={at}>
          {momentText(at)} · {address} <span className="quiet small">{userAgent}</span>
        </li>
      ))}
    </ul>
  )
}

export const CardLinks = ({ resident }: { readonly resident: string }) => {
  const say = useSay()
  const now = useNow()
  const client = useQueryClient()
  const queryKey = ['card-links', resident]
  const { data, error, refetch } = useQuery({
    queryKey,
    queryFn: ({ signal }) =>
      get<{ readonly items: readonly Link[] }>(`/api/residents/${resident}/card/links`, { signal }),
  })
  const ending = useMutation({
    mutationFn: (id: string) => request('DELETE', `/api/card-links/${id}`),
    onSettled: () => client.invalidateQueries({ queryKey }),
  })
  const columns: readonly Column<Link>[] = [
    {
      name: say('made'),
      cell: ({ createdAt, by }) => (
        <>
          {momentText(createdAt)}
          <br />
          {by.name}
        </>
      ),
    },
    { name: say('reason'), cell: ({ reason }) => reason },
    {
      name: say('until'),
      cell: link => {
        const state = stateOf(link, now)
        return (
          <>
            {momentText(link.expiresAt)} <Tag tone={state === 'good' ? 'good' : 'plain'}>{say(state)}</Tag>
          </>
        )
      },
    },
    { name: say('openings'), cell: link => <Openings link={link} /> },
    {
      name: <span className="unseen">{say('end')}</span>,
      cell: link =>
        stateOf(link, now) === 'good' && (
          <Button look="danger" isDisabled={ending.isPending} onPress={() => ending.mutate(link.id)}>
            {say('end')}
          </Button>
        ),
    },
  ]
  return (
    <section className="stack not-printed">
      <div className="page-head">
        <h2>{say('title')}</h2>
        <Button look="quiet" onPress={() => void refetch()}>
          {say('refresh')}
        </Button>
      </div>
      <ProblemNotice error={error ?? ending.error} />
      {data && (
        <Table
          label={say('title')}
          columns={columns}
          rows={data.items}
          keyOf={({ id }) => id}
          whenEmpty={say('none')}
        />
      )}
    </section>
  )
}
