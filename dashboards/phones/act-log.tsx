/** What was done here and what became of it: nothing is lost in silence. */
import { Button } from '../kit/button.tsx'
import { ProblemNotice } from '../kit/problem-notice.tsx'
import { useNow } from '../live/now.ts'
import { ApiProblem } from '../shell/api.ts'
import { clockText, timeText } from '../words/format.ts'
import { words } from '../words/words.ts'
import type { Act, ActName } from './act-queue.ts'

type Advice = 'advice.taken' | 'advice.changed' | 'advice.over' | 'advice.door' | 'advice.look'

const useSay = words<ActName | Advice | 'mine' | 'waiting' | 'sent' | 'refused' | 'seen'>('act-log', {
  zh: {
    mine: '我的操作',
    acknowledge: '受理',
    dispatch: '出发',
    accept: '接单',
    decline: '拒绝',
    arrive: '到达',
    note: '备注',
    resolve: '处理完毕',
    waiting: '等待发送，已 {{since}}',
    sent: '已送达',
    refused: '未被接受',
    seen: '知道了',
    'advice.taken': '已由他人接手。请先致电服务站或调度台，再决定是否前往',
    'advice.changed': '受理人已更换。请查看最新状态；如仍派给您，请再操作一次',
    'advice.over': '此呼叫已经结束，无需再操作',
    'advice.door': '这不是求助住址的门牌码，请核对门牌；确认无误可改用“我已到达”按钮',
    'advice.look': '情况已有变化，请查看最新状态后再操作',
  },
  en: {
    mine: 'What I did',
    acknowledge: 'Took it',
    dispatch: 'On my way',
    accept: 'Accepted',
    decline: 'Declined',
    arrive: 'Arrived',
    note: 'Note',
    resolve: 'Done',
    waiting: 'waiting to be sent since {{since}}',
    sent: 'sent',
    refused: 'refused',
    seen: 'Understood',
    'advice.taken': 'Somebody else has it now. Call your point or the desk before you go on',
    'advice.changed': 'It has changed hands. Look at it as it is now; if you are still sent, do it once more',
    'advice.over': 'This call is over: there is nothing more to do',
    'advice.door':
      'This is the code of another door. Check the number; if it is right, use the button “I am here”',
    'advice.look': 'It has changed meanwhile. Look at it as it is now, then act',
  },
})

const adviceOn: Readonly<Record<string, Advice>> = {
  'already-held': 'advice.taken',
  'not-holder': 'advice.taken',
  'stale-epoch': 'advice.changed',
  'alarm-not-found': 'advice.taken',
  'already-resolved': 'advice.over',
  'wrong-door': 'advice.door',
}

const Refused = ({ act, onDismiss }: { readonly act: Act; readonly onDismiss: (id: string) => void }) => {
  const say = useSay()
  const { problem } = act
  if (!problem) return null
  return (
    <div className="stack">
      <ProblemNotice error={new ApiProblem(problem)} />
      <p>{say(adviceOn[problem.code] ?? 'advice.look')}</p>
      <Button onPress={() => onDismiss(act.id)}>{say('seen')}</Button>
    </div>
  )
}

const Line = ({ act, onDismiss }: { readonly act: Act; readonly onDismiss: (id: string) => void }) => {
  const say = useSay()
  const now = useNow()
  const { name, madeAt, state, body } = act
  const became = say(state, { since: clockText(Math.max(0, now - madeAt)) })
  return (
    <li className="stack">
      <p className={`go-act go-act-${state}`}>
        <time>{timeText(madeAt)}</time>
        <span>
          {say(name)}
          {name === 'note' && `：${body.text ?? ''}`}
        </span>
        <strong>{became}</strong>
      </p>
      {state === 'refused' && <Refused act={act} onDismiss={onDismiss} />}
    </li>
  )
}

export const ActLog = ({
  acts,
  onDismiss,
}: {
  readonly acts: readonly Act[]
  readonly onDismiss: (id: string) => void
}) => {
  const say = useSay()
  if (acts.length === 0) return null
  return (
    <section aria-label={say('mine')} aria-live="polite">
      <ul className="stack">
        {acts.map(act => (
          <Line key={act.id} act={act} onDismiss={onDismiss} />
        ))}
      </ul>
    </section>
  )
}
