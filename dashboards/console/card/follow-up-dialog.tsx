import { useState } from 'react'
import { Dialog } from '../../kit/dialog.tsx'
import { Notice } from '../../kit/notice.tsx'
import { Radios } from '../../kit/radios.tsx'
import { useCaller } from '../../shell/session.ts'
import { words } from '../../words/words.ts'
import { ActDialog, type ActProps } from './act-dialog.tsx'
import { useActWords } from './act-words.ts'
import { RevealButton, useCallees } from './contacts-part.tsx'
import { NoteField, noteIn } from './note-field.tsx'
import { PhoneLink } from './phone-link.tsx'
import type { Reveal } from './use-reveal.ts'

const useSay = words('card-follow-up', {
  zh: {
    handled: '您处理过这个警报，回访须由其他人完成。',
    tries: '第 {{next}} 次回访；三次未接通则归档',
    reached: '是否联系上',
    yes: '已联系上',
    no: '未接通',
    satisfaction: '满意度（老人给出时填写）',
    '1': '1 很不满意',
    '2': '2 不满意',
    '3': '3 一般',
    '4': '4 满意',
    '5': '5 很满意',
  },
  en: {
    handled: 'You have handled this alarm: somebody else follows it up.',
    tries: 'Try {{next}}; after three in vain it is archived',
    reached: 'Was somebody reached',
    yes: 'Reached',
    no: 'Not reached',
    satisfaction: 'Satisfaction (where the resident gave one)',
    '1': '1 very poor',
    '2': '2 poor',
    '3': '3 fair',
    '4': '4 good',
    '5': '5 very good',
  },
})

const answers = ['yes', 'no'] as const
const marks = ['1', '2', '3', '4', '5'] as const

const Form = ({ reveal, ...props }: ActProps & { readonly reveal: Reveal }) => {
  const say = useSay()
  const { alarm } = props
  const [answer, setAnswer] = useState<(typeof answers)[number]>()
  const [mark, setMark] = useState<(typeof marks)[number]>()
  const [note, setNote] = useState('')
  const [callee] = useCallees(alarm, reveal)
  const isReached = answer === 'yes'
  const body = answer && {
    reached: isReached,
    ...(isReached && mark !== undefined && { satisfaction: Number(mark) }),
    ...noteIn(note),
  }
  return (
    <ActDialog {...props} act="follow-up" body={body}>
      <p>{say('tries', { next: (alarm.followUp?.tries ?? 0) + 1 })}</p>
      {callee && (
        <div className="row">
          {callee.name} <PhoneLink phone={callee.phone} of={callee.name} />
          <RevealButton reveal={reveal} />
        </div>
      )}
      <div className="card-choices">
        <Radios
          label={say('reached')}
          options={answers.map(value => ({ value, label: say(value) }))}
          value={answer}
          onChange={setAnswer}
        />
      </div>
      {isReached && (
        <div className="card-choices">
          <Radios
            label={say('satisfaction')}
            options={marks.map(value => ({ value, label: say(value) }))}
            value={mark}
            onChange={setMark}
          />
        </div>
      )}
      <NoteField note={note} onNote={setNote} />
    </ActDialog>
  )
}

/** How it went, asked by somebody who did not handle it. */
export const FollowUpDialog = (props: ActProps & { readonly reveal: Reveal }) => {
  const say = useSay()
  const sayAct = useActWords()
  const { username } = useCaller()
  const isHandler = props.alarm.handlers.some(({ kind, id }) => kind === 'user' && id === username)
  if (!isHandler) return <Form {...props} />
  return (
    <Dialog title={sayAct('follow-up')} isOpen onClose={props.onClose}>
      <Notice tone="warning">{say('handled')}</Notice>
    </Dialog>
  )
}
