/** The yes or no of whoever is asked to go, given by telephone and written down for them. */
import { useState } from 'react'
import { declineReasons } from '../../../gateway/model/alarm.ts'
import { Button } from '../../kit/button.tsx'
import { ProblemNotice } from '../../kit/problem-notice.tsx'
import { Radios } from '../../kit/radios.tsx'
import { useMay } from '../../shell/session.ts'
import { words } from '../../words/words.ts'
import { ActDialog, type ActProps } from './act-dialog.tsx'
import { useActWords } from './act-words.ts'
import { NoteField, noteIn } from './note-field.tsx'
import { useAct } from './use-act.ts'

const useSay = words('card-answers', {
  zh: {
    answer: '电话答复',
    why: '为什么不去',
    busy: '忙',
    'too-far': '太远',
    'off-duty': '不当班',
    unable: '去不了',
    other: '其他',
  },
  en: {
    answer: 'Answered by telephone',
    why: 'Why not',
    busy: 'Busy',
    'too-far': 'Too far',
    'off-duty': 'Off duty',
    unable: 'Unable',
    other: 'Other',
  },
})

type Asked = { readonly responder: string }

const DeclineDialog = ({ responder, ...props }: ActProps & Asked) => {
  const say = useSay()
  const [reason, setReason] = useState<(typeof declineReasons)[number]>('busy')
  const [note, setNote] = useState('')
  const options = declineReasons.map(value => ({ value, label: say(value) }))
  return (
    <ActDialog {...props} act="decline" body={{ responder, reason, ...noteIn(note) }}>
      <Radios label={say('why')} options={options} value={reason} onChange={setReason} />
      <NoteField note={note} onNote={setNote} />
    </ActDialog>
  )
}

export const Answers = ({ alarm, responder }: Pick<ActProps, 'alarm'> & Asked) => {
  const say = useSay()
  const sayAct = useActWords()
  const may = useMay()
  const accept = useAct(alarm, 'accept')
  const [isDeclining, setIsDeclining] = useState(false)
  if (!may('alarm:answer-for')) return null
  return (
    <span className="card-answers not-printed" role="group" aria-label={say('answer')}>
      <Button
        look="quiet"
        isDisabled={accept.isPending}
        onPress={() => accept.mutate({ epoch: alarm.epoch, responder })}
      >
        {sayAct('accept')}
      </Button>
      <Button look="quiet" onPress={() => setIsDeclining(true)}>
        {sayAct('decline')}
      </Button>
      <ProblemNotice error={accept.error} />
      {isDeclining && (
        <DeclineDialog alarm={alarm} responder={responder} onClose={() => setIsDeclining(false)} />
      )}
    </span>
  )
}
