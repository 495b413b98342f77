/** What to do next with a call, in reach of a thumb. Each act is kept in the telephone first and sent when it can be. */
import { type ReactNode, useState } from 'react'
import type { AlarmView } from '../../gateway/api/alarm-view.ts'
import { Button } from '../kit/button.tsx'
import { Notice } from '../kit/notice.tsx'
import { useCaller } from '../shell/session.ts'
import { words } from '../words/words.ts'
import type { Act, ActName, ActQueue } from './act-queue.ts'
import { GoAccept } from './go-accept.tsx'
import { GoArrive } from './go-arrive.tsx'
import { GoDecline } from './go-decline.tsx'
import { GoNote } from './go-note.tsx'
import { GoResolve } from './go-resolve.tsx'
import { GoSend } from './go-send.tsx'
import { isSentToMe, type Standing } from './standing.ts'

const useSay = words('go-acts', {
  zh: {
    next: '下一步',
    take: '我来受理',
    decline: '不能去',
    note: '写备注',
    resolve: '处理完毕',
    send: '派人前往',
    back: '返回',
    theirs: '由 {{name}} 处理中',
    somebody: '其他人',
    over: '此呼叫已处理完毕',
    full: '操作无法保存在此手机上，未生效。请直接致电服务站或调度台',
  },
  en: {
    next: 'Next',
    take: 'I take it',
    decline: 'I cannot go',
    note: 'Write a note',
    resolve: 'It is done',
    send: 'Send somebody',
    back: 'Back',
    theirs: '{{name}} has it',
    somebody: 'Somebody else',
    over: 'This call is over',
    full: 'This telephone could not keep that: it was not done. Call your point or the desk',
  },
})

type Panel = 'decline' | 'note' | 'resolve' | 'send'

/** Takes the act, and closes the panel it came from. */
export type Do = (name: ActName, body?: Act['body']) => void

const panels = { decline: GoDecline, note: GoNote, resolve: GoResolve, send: GoSend } as const

const Opened = ({
  panel,
  act,
  onBack,
}: {
  readonly panel: Panel
  readonly act: Do
  readonly onBack: () => void
}) => {
  const say = useSay()
  const Form = panels[panel]
  return (
    <>
      <Form act={act} />
      <Button onPress={onBack}>{say('back')}</Button>
    </>
  )
}

const Steps = ({
  alarm,
  standing,
  act,
  open,
}: {
  readonly alarm: AlarmView
  readonly standing: Exclude<Standing, 'over' | 'theirs'>
  readonly act: Do
  readonly open: (panel: Panel) => void
}) => {
  const say = useSay()
  const caller = useCaller()
  const opener = (panel: Panel) => (
    <Button key={panel} onPress={() => open(panel)}>
      {say(panel)}
    </Button>
  )
  const steps: Readonly<Record<typeof standing, ReactNode>> = {
    free: (
      <Button look="main" onPress={() => act('acknowledge')}>
        {say('take')}
      </Button>
    ),
    asked: (
      <>
        <GoAccept act={act} />
        {opener('decline')}
      </>
    ),
    going: (
      <>
        {alarm.state === 'acknowledged' && opener('send')}
        <GoArrive act={act} />
        <div className="go-pair">
          {opener('note')}
          {isSentToMe(alarm, caller) && alarm.state === 'dispatched' ? opener('decline') : opener('resolve')}
        </div>
      </>
    ),
    there: (
      <>
        <Button look="main" onPress={() => open('resolve')}>
          {say('resolve')}
        </Button>
        {opener('note')}
      </>
    ),
  }
  return steps[standing]
}

export const GoActs = ({
  alarm,
  standing,
  queue,
}: {
  readonly alarm: AlarmView
  readonly standing: Standing
  readonly queue: ActQueue
}) => {
  const say = useSay()
  const [panel, setPanel] = useState<Panel>()
  const [isFull, setFull] = useState(false)
  const { id, epoch, version, acknowledgedBy: holder } = alarm
  const act: Do = (name, body = {}) => {
    const claim = name === 'note' ? {} : { epoch }
    setFull(!queue.add({ alarm: id, name, body: { ...claim, ...body }, seen: version }))
    setPanel(undefined)
  }
  return (
    <section className="go-acts" aria-label={say('next')}>
      {isFull && <Notice tone="bad">{say('full')}</Notice>}
      {standing === 'over' && <p>{say('over')}</p>}
      {standing === 'theirs' && (
        <p>{say('theirs', { name: holder?.name ?? holder?.id ?? say('somebody') })}</p>
      )}
      {standing !== 'over' &&
        standing !== 'theirs' &&
        (panel ? (
          <Opened panel={panel} act={act} onBack={() => setPanel(undefined)} />
        ) : (
          <Steps alarm={alarm} standing={standing} act={act} open={setPanel} />
        ))}
    </section>
  )
}
