/**
 * Takes: the secret of a link.
 * Gives: the emergency card to whoever has the link, without a login.
 * Never: asks again by itself: each opening is on record, and shown to whoever shared it.
 */
import { useQuery } from '@tanstack/react-query'
import { useParams } from 'wouter'
import { Button } from '../kit/button.tsx'
import { Notice } from '../kit/notice.tsx'
import { Page } from '../kit/page.tsx'
import { ProblemNotice } from '../kit/problem-notice.tsx'
import { ApiProblem, get } from '../shell/api.ts'
import { LanguageSwitch } from '../shell/language-switch.tsx'
import { useTheme } from '../shell/theme.ts'
import { words } from '../words/words.ts'
import { type Card, CardSheet } from './card-sheet.tsx'

const useSay = words('open-card', {
  zh: {
    title: '急救信息卡',
    print: '打印',
    loading: '正在载入',
    recorded: '此次打开已记录。请勿转发',
    void: '此链接已失效：已过期、已撤销，或不完整。请向分享人索取新链接',
  },
  en: {
    title: 'Emergency card',
    print: 'Print',
    loading: 'Loading',
    recorded: 'This opening is on record. Do not pass the link on',
    void: 'This link is no longer good: it has expired, was ended, or is not complete. Ask for a new one',
  },
})

const isVoid = (error: unknown): boolean => error instanceof ApiProblem && error.problem.code === 'card-void'

const OpenCardPage = () => {
  const say = useSay()
  useTheme('light')
  const { secret } = useParams<{ secret: string }>()
  const { data: card, error } = useQuery({
    queryKey: ['open-card', secret],
    queryFn: ({ signal }) => get<Card>(`/api/cards/${encodeURIComponent(secret)}`, { signal }),
    staleTime: Infinity,
    refetchOnReconnect: false,
  })
  return (
    <main>
      <Page
        title={say('title')}
        actions={
          <>
            <LanguageSwitch />
            {card && <Button onPress={() => window.print()}>{say('print')}</Button>}
          </>
        }
      >
        {isVoid(error) ? <Notice tone="warning">{say('void')}</Notice> : <ProblemNotice error={error} />}
        {!card && !error && <p className="empty">{say('loading')}</p>}
        {card && (
          <div className="not-printed">
            <Notice>{say('recorded')}</Notice>
          </div>
        )}
        {card && <CardSheet card={card} />}
      </Page>
    </main>
  )
}

export default OpenCardPage
