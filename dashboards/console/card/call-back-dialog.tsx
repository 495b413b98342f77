import { useState } from 'react'
import { type CallBack, callBackOutcomes, calledBack } from '../../../gateway/model/alarm.ts'
import { Radios } from '../../kit/radios.tsx'
import { words } from '../../words/words.ts'
import { ActDialog, type ActProps } from './act-dialog.tsx'
import { RevealButton, useCallees, useTries } from './contacts-part.tsx'
import { NoteField, noteIn } from './note-field.tsx'
import { PhoneLink } from './phone-link.tsx'
import type { Reveal } from './use-reveal.ts'

const useSay = words('card-call-back', {
  zh: {
    whom: '打给谁',
    resident: '本人',
    contact: '联系人',
    outcome: '结果',
    fine: '平安',
    'needs-help': '需要帮助',
    'no-answer': '无人接听',
    record: '记录结果',
  },
  en: {
    whom: 'Who was called',
    resident: 'The resident',
    contact: 'A contact',
    outcome: 'What came of it',
    fine: 'Is fine',
    'needs-help': 'Needs help',
    'no-answer': 'No answer',
    record: 'Record',
  },
})

/** Rings, and writes down what came of it. The second call in vain makes a suspicion real. */
export const CallBackDialog = ({ reveal, ...props }: ActProps & { readonly reveal: Reveal }) => {
  const say = useSay()
  const { alarm } = props
  const [whom, setWhom] = useState<CallBack['whom']>('resident')
  const [outcome, setOutcome] = useState<CallBack['outcome']>()
  const [note, setNote] = useState('')
  const callees = useCallees(alarm, reveal)
  return (
    <ActDialog
      {...props}
      act="call-back"
      submit={say('record')}
      // Whatever was heard belongs on record, whoever has the alarm by now: so with the epoch as it is at that time.
      body={outcome && { whom, outcome, epoch: alarm.epoch, ...noteIn(note) }}
    >
      <p>
        <strong>{useTries(alarm.callBacks)}</strong>
      </p>
      <ul className="card-rows">
        {callees.map(({ name, is, phone }, index) => (
          <li key={index}>
            <span>{name}</span>
            <span className="quiet">{is}</span>
            <PhoneLink phone={phone} of={name} />
          </li>
        ))}
      </ul>
      <div>
        <RevealButton reveal={reveal} />
      </div>
      <div className="card-choices">
        <Radios
          label={say('whom')}
          options={calledBack.map(value => ({ value, label: say(value) }))}
          value={whom}
          onChange={setWhom}
        />
      </div>
      <div className="card-choices">
        <Radios
          label={say('outcome')}
          options={callBackOutcomes.map(value => ({ value, label: say(value) }))}
          value={outcome}
          onChange={setOutcome}
        />
      </div>
      <NoteField note={note} onNote={setNote} />
    </ActDialog>
  )
}
