/** Acts that need some words at most: arrived, note, release. */
import { useState } from 'react'
import { words } from '../../words/words.ts'
import { ActDialog, type ActProps } from './act-dialog.tsx'
import { NoteField, noteIn } from './note-field.tsx'

const useSay = words('card-simple', {
  zh: { text: '备注内容', reason: '退回原因' },
  en: { text: 'What to write down', reason: 'Why it is handed back' },
})

export const ArriveDialog = (props: ActProps) => {
  const [note, setNote] = useState('')
  const { dispatchedTo } = props.alarm
  const body = { ...(dispatchedTo !== null && { responder: dispatchedTo }), ...noteIn(note) }
  return (
    <ActDialog {...props} act="arrive" body={body}>
      <NoteField note={note} onNote={setNote} isFirst />
    </ActDialog>
  )
}

export const NoteDialog = (props: ActProps) => {
  const say = useSay()
  const [text, setText] = useState('')
  const written = text.trim()
  return (
    <ActDialog {...props} act="note" body={written === '' ? undefined : { text: written }}>
      <NoteField label={say('text')} note={text} onNote={setText} isFirst />
    </ActDialog>
  )
}

/** Whoever gets it next reads why. */
export const ReleaseDialog = (props: ActProps) => {
  const say = useSay()
  const [note, setNote] = useState('')
  return (
    <ActDialog {...props} act="release" body={note.trim() === '' ? undefined : noteIn(note)}>
      <NoteField label={say('reason')} note={note} onNote={setNote} isFirst />
    </ActDialog>
  )
}
