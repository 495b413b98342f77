import { useState } from 'react'
import { type Cause, causes } from '../../../gateway/model/alarm.ts'
import { Radios } from '../../kit/radios.tsx'
import { useAlarmWords } from '../../words/alarm-words.ts'
import { words } from '../../words/words.ts'
import { ActDialog, type ActProps } from './act-dialog.tsx'
import { NoteField, noteIn } from './note-field.tsx'

const useSay = words('card-resolve', { zh: { cause: '结果是什么' }, en: { cause: 'What it was' } })

/** Over, with a cause that somebody has chosen: none is chosen for them. */
export const ResolveDialog = (props: ActProps) => {
  const say = useSay()
  const { of } = useAlarmWords()
  const [cause, setCause] = useState<Cause>()
  const [note, setNote] = useState('')
  return (
    <ActDialog {...props} act="resolve" body={cause && { cause, ...noteIn(note) }}>
      <div className="card-choices">
        <Radios
          label={say('cause')}
          options={causes.map(value => ({ value, label: of('cause', value) }))}
          value={cause}
          onChange={setCause}
        />
      </div>
      <NoteField note={note} onNote={setNote} />
    </ActDialog>
  )
}
