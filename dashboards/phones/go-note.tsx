import { useState } from 'react'
import { Button } from '../kit/button.tsx'
import { TextField } from '../kit/text-field.tsx'
import { words } from '../words/words.ts'
import type { Do } from './go-acts.tsx'

const useSay = words('go-note', {
  zh: { text: '看到了什么、做了什么', keep: '写入记录' },
  en: { text: 'What you saw and did', keep: 'Put on record' },
})

export const GoNote = ({ act }: { readonly act: Do }) => {
  const say = useSay()
  const [text, setText] = useState('')
  const said = text.trim()
  return (
    <>
      <TextField label={say('text')} value={text} onChange={setText} lines={3} maxLength={2_000} autoFocus />
      <Button look="main" isDisabled={said === ''} onPress={() => act('note', { text: said })}>
        {say('keep')}
      </Button>
    </>
  )
}
