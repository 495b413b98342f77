import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Button } from '../kit/button.tsx'
import { Notice } from '../kit/notice.tsx'
import { ProblemNotice } from '../kit/problem-notice.tsx'
import { useLive } from '../live/live-context.tsx'
import { post } from '../shell/api.ts'
import { useCaller } from '../shell/session.ts'
import { momentText } from '../words/format.ts'
import { words } from '../words/words.ts'
import { AlarmLines } from './alarm-lines.tsx'
import { type Shift, shiftKey } from './use-shift.ts'

const useSay = words('pending', {
  zh: {
    title: '待接的班',
    toYou: '{{from}} 向您交班',
    toOther: '{{from}} 向 {{to}} 交班',
    offered: '{{at}} · 未结警情 {{count}} 条',
    alarms: '随班移交的警情',
    accept: '接班并接收警情',
    withdraw: '撤回',
    done: '已接班，移交警情 {{count}} 条',
    kept: '未移交 {{count}} 条（已被处理或由他人受理）',
  },
  en: {
    title: 'Waiting to be taken over',
    toYou: '{{from}} hands over to you',
    toOther: '{{from}} hands over to {{to}}',
    offered: '{{at}} · open alarms: {{count}}',
    alarms: 'Alarms that come with it',
    accept: 'Take over with the alarms',
    withdraw: 'Withdraw',
    done: 'You are on duty. Alarms that came over: {{count}}',
    kept: 'Not come over, because resolved or held by somebody else: {{count}}',
  },
})

type HandOver = Shift['pending'][number]
type Accepted = { readonly transferred: readonly string[]; readonly notTransferred: readonly object[] }

const Offer = ({
  offer,
  onAccepted,
}: {
  readonly offer: HandOver
  readonly onAccepted: (accepted: Accepted) => void
}) => {
  const say = useSay()
  const client = useQueryClient()
  const { username } = useCaller()
  const { alarms } = useLive()
  const renew = () => client.invalidateQueries({ queryKey: shiftKey })
  const accept = useMutation({
    mutationFn: () => post<Accepted>('/api/shift/accept', { id: offer.id }),
    onSuccess: accepted => {
      onAccepted(accepted)
      return renew()
    },
  })
  const withdraw = useMutation({
    mutationFn: () => post<Shift>('/api/shift/withdraw'),
    onSuccess: after => client.setQueryData(shiftKey, after),
  })
  const from = offer.from.name
  const isForMe = offer.to.id === username
  const known = offer.alarms.flatMap(id => alarms.get(id) ?? [])
  return (
    <li className={isForMe ? 'shift-offer shift-offer-mine' : 'shift-offer'}>
      <h3>{isForMe ? say('toYou', { from }) : say('toOther', { from, to: offer.to.name })}</h3>
      <p className="quiet">
        {say('offered', { at: momentText(offer.offeredAt), count: offer.alarms.length })}
      </p>
      {offer.note !== null && <p className="shift-note">{offer.note}</p>}
      {known.length > 0 && <AlarmLines label={say('alarms')} alarms={known} />}
      <ProblemNotice error={accept.error ?? withdraw.error} />
      <div className="row">
        {isForMe && (
          <Button look="main" isDisabled={accept.isPending} onPress={() => accept.mutate()}>
            {say('accept')}
          </Button>
        )}
        {offer.from.id === username && (
          <Button isDisabled={withdraw.isPending} onPress={() => withdraw.mutate()}>
            {say('withdraw')}
          </Button>
        )}
      </div>
    </li>
  )
}

/** What is offered to the caller stands first, and stands out. */
export const Pending = ({ shift: { pending } }: { readonly shift: Shift }) => {
  const say = useSay()
  const { username } = useCaller()
  const [accepted, setAccepted] = useState<Accepted>()
  const forMeFirst = pending.toSorted((a, b) => Number(b.to.id === username) - Number(a.to.id === username))
  return (
    <>
      {accepted && (
        <Notice tone="good">
          {say('done', { count: accepted.transferred.length })}
          {accepted.notTransferred.length > 0 &&
            ` · ${say('kept', { count: accepted.notTransferred.length })}`}
        </Notice>
      )}
      {pending.length > 0 && (
        <section className="stack">
          <h2>{say('title')}</h2>
          <ul className="stack">
            {forMeFirst.map(offer => (
              <Offer key={offer.id} offer={offer} onAccepted={setAccepted} />
            ))}
          </ul>
        </section>
      )}
    </>
  )
}
