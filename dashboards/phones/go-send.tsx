/** Who goes: a lead sends the people of the point, who are asked where they can answer; a responder goes. */
import { useQuery } from '@tanstack/react-query'
import type { ResponderRecord } from '../../gateway/model/records.ts'
import { Button } from '../kit/button.tsx'
import { Notice } from '../kit/notice.tsx'
import { ProblemNotice } from '../kit/problem-notice.tsx'
import { get } from '../shell/api.ts'
import { useCaller } from '../shell/session.ts'
import { words } from '../words/words.ts'
import type { Do } from './go-acts.tsx'

const useSay = words('go-send', {
  zh: {
    me: '我去',
    send: '派 {{name}}',
    none: '您的账号没有关联响应员，请致电调度台派人',
    loading: '正在载入',
  },
  en: {
    me: 'I go',
    send: 'Send {{name}}',
    none: 'Your login belongs to no responder: ask the desk to send somebody',
    loading: 'Loading',
  },
})

export const GoSend = ({ act }: { readonly act: Do }) => {
  const say = useSay()
  const { username, role } = useCaller()
  const { data, error } = useQuery({
    queryKey: ['responders'],
    queryFn: ({ signal }) =>
      get<{ readonly items: readonly ResponderRecord[] }>('/api/responders?limit=200', { signal }),
  })
  const sendable = (data?.items ?? []).filter(({ user }) => user === username || role !== 'responder')
  return (
    <>
      <ProblemNotice error={error} />
      {!data && !error && <p>{say('loading')}</p>}
      {data && sendable.length === 0 && <Notice tone="warning">{say('none')}</Notice>}
      {sendable.map(({ id, name, user }) =>
        user === username ? (
          <Button key={id} look="main" onPress={() => act('dispatch', { responder: id })}>
            {say('me')}
          </Button>
        ) : (
          <Button
            key={id}
            onPress={() => act('dispatch', { responder: id, ...(user !== undefined && { ask: true }) })}
          >
            {say('send', { name })}
          </Button>
        ),
      )}
    </>
  )
}
