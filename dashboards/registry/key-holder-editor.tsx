import { TextField } from '../kit/text-field.tsx'
import type { EditorProps } from './editor.ts'
import { useRegistryWords } from './registry-words.ts'
import { membersOf, textIn, withMember } from './shapes.ts'

export const KeyHolderEditor = ({ label, value, onChange }: EditorProps) => {
  const say = useRegistryWords()
  const holder = membersOf(value)
  const set = (name: string, text: string) => {
    const after = withMember(holder, name, text)
    onChange(textIn(after['name']) === '' && textIn(after['phone']) === '' ? undefined : after)
  }
  return (
    <fieldset className="registry-group">
      <legend className="small quiet">{label}</legend>
      <TextField
        label={say('person')}
        defaultValue={textIn(holder['name'])}
        onChange={text => set('name', text)}
      />
      <TextField
        label={say('phone')}
        defaultValue={textIn(holder['phone'])}
        onChange={text => set('phone', text)}
      />
    </fieldset>
  )
}
