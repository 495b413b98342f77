/**
 * Takes: a resident, and an alarm in the address (`?alarm=`).
 * Gives: the emergency card to read and print, and links to it for those who have no login.
 * Never: asks for the card again by itself: each look at numbers in clear is on record.
 */
import { useQuery } from '@tanstack/react-query'
import { useParams, useSearchParams } from 'wouter'
import { Button } from '../kit/button.tsx'
import { Notice } from '../kit/notice.tsx'
import { Page } from '../kit/page.tsx'
import { ProblemNotice } from '../kit/problem-notice.tsx'
import { get, query } from '../shell/api.ts'
import { useMay } from '../shell/session.ts'
import { words } from '../words/words.ts'
import { CardLinks } from './card-links.tsx'
import { CardShare } from './card-share.tsx'
import { type Card, CardSheet } from './card-sheet.tsx'

const useSay = words('card-page', {
  zh: {
    title: '急救信息卡',
    print: '打印',
    loading: '正在载入',
    recorded: '有未处理的呼叫，电话号码完整显示；此次查看已记录',
  },
  en: {
    title: 'Emergency card',
    print: 'Print',
    loading: 'Loading',
    recorded: 'A call is open: telephone numbers are in clear, and this look is on record',
  },
})

const CardPage = () => {
  const say = useSay()
  const may = useMay()
  const { resident } = useParams<{ resident: string }>()
  const [search] = useSearchParams()
  const alarm = search.get('alarm') ?? undefined
  const { data: card, error } = useQuery({
    queryKey: ['card', resident, alarm],
    queryFn: ({ signal }) => get<Card>(`/api/residents/${resident}/card${query({ alarm })}`, { signal }),
    staleTime: Infinity,
    gcTime: 0,
  })
  return (
    <Page
      title={say('title')}
      actions={
        card && (
          <>
            {may('card:share') && <CardShare resident={resident} alarm={alarm} />}
            <Button look="main" onPress={() => window.print()}>
              {say('print')}
            </Button>
          </>
        )
      }
    >
      <ProblemNotice error={error} />
      {!card && !error && <p className="empty">{say('loading')}</p>}
      {card?.isRevealed && (
        <div className="not-printed">
          <Notice>{say('recorded')}</Notice>
        </div>
      )}
      {card && <CardSheet card={card} />}
      {card && may('card:share') && <CardLinks resident={resident} />}
    </Page>
  )
}

export default CardPage
