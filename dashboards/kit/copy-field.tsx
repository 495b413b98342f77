import { useRef, useState } from 'react'
import { Input, Label, TextField } from 'react-aria-components'
import { words } from '../words/words.ts'
import { Button } from './button.tsx'
import './copy-field.css'

const useSay = words('copy', {
  zh: { copy: '复制', copied: '已复制', byHand: '请按 Ctrl+C 复制' },
  en: { copy: 'Copy', copied: 'Copied', byHand: 'Press Ctrl+C to copy' },
})

/** Something to carry elsewhere, exactly. */
export const CopyField = ({ label, value }: { readonly label: string; readonly value: string }) => {
  const say = useSay()
  const input = useRef<HTMLInputElement>(null)
  const [outcome, setOutcome] = useState<'copied' | 'byHand'>()
  const copy = async () => {
    // Browsers give the clipboard to pages over https or of the same machine only; elsewhere it is marked for the hand.
    input.current?.select()
    try {
      await navigator.clipboard.writeText(value)
      setOutcome('copied')
    } catch {
      setOutcome('byHand')
    }
  }
  return (
    <div className="copy-field">
      <TextField className="field" value={value} isReadOnly>
        <Label>{label}</Label>
        <Input ref={input} />
      </TextField>
      <Button onPress={() => void copy()}>{say('copy')}</Button>
      <span role="status" className="small quiet">
        {outcome && say(outcome)}
      </span>
    </div>
  )
}
