import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { z } from 'zod'
import type { SessionView } from '../../gateway/api/sessions.ts'
import { Button } from '../kit/button.tsx'
import { ProblemNotice } from '../kit/problem-notice.tsx'
import { Table } from '../kit/table.tsx'
import { Tag } from '../kit/tag.tsx'
import { get, request } from '../shell/api.ts'
import { momentText } from '../words/format.ts'
import { words } from '../words/words.ts'

const useSay = words('sessions', {
  zh: {
    title: '登录会话',
    where: '来自',
    browser: '浏览器',
    created: '登录时间',
    used: '最近使用',
    act: '操作',
    current: '当前',
    end: '结束',
    endOf: '结束来自 {{address}} 的会话（{{at}}）',
    none: '没有会话',
  },
  en: {
    title: 'Where you are logged in',
    where: 'From',
    browser: 'Browser',
    created: 'Since',
    used: 'Last used',
    act: 'Act',
    current: 'This one',
    end: 'End',
    endOf: 'End the session from {{address}} ({{at}})',
    none: 'No session',
  },
})

type Session = z.infer<typeof SessionView>

export const sessionsKey = ['sessions'] as const

export const SessionsSection = () => {
  const say = useSay()
  const client = useQueryClient()
  const { data, error } = useQuery({
    queryKey: sessionsKey,
    queryFn: ({ signal }) => get<{ readonly items: readonly Session[] }>('/api/sessions', { signal }),
  })
  const end = useMutation({
    mutationFn: (id: string) => request('DELETE', `/api/sessions/${encodeURIComponent(id)}`),
    onSettled: () => client.invalidateQueries({ queryKey: sessionsKey }),
  })
  return (
    <section className="account-wide stack">
      <h2>{say('title')}</h2>
      <ProblemNotice error={error ?? end.error} />
      {data && (
        <Table
          label={say('title')}
          rows={data.items}
          keyOf={({ id }) => id}
          whenEmpty={say('none')}
          columns={[
            { name: say('where'), cell: ({ address }) => address },
            {
              name: say('browser'),
              cell: ({ userAgent }) => <span className="account-agent">{userAgent}</span>,
            },
            { name: say('created'), cell: ({ createdAt }) => momentText(createdAt) },
            { name: say('used'), cell: ({ lastUsedAt }) => momentText(lastUsedAt) },
            {
              name: say('act'),
              cell: ({ id, current, address, createdAt }) =>
                current ? (
                  <Tag tone="good">{say('current')}</Tag>
                ) : (
                  <Button
                    aria-label={say('endOf', { address, at: momentText(createdAt) })}
                    isDisabled={end.isPending}
                    onPress={() => end.mutate(id)}
                  >
                    {say('end')}
                  </Button>
                ),
            },
          ]}
        />
      )}
    </section>
  )
}
