import { useRef } from 'react'
import { Button } from '../kit/button.tsx'
import { TextField } from '../kit/text-field.tsx'
import { type EditorProps, numberOr } from './editor.ts'
import { useRegistryWords } from './registry-words.ts'
import { listOf, type Members, textIn, withMember } from './shapes.ts'

const fields = ['name', 'relation', 'phone', 'order'] as const
const label = { name: 'person', relation: 'relation', phone: 'phone', order: 'order' } as const

/** Whom to call, in their order. A number that is masked stays as it is unless another one is typed. */
export const ContactsEditor = ({ label: title, value, onChange }: EditorProps) => {
  const say = useRegistryWords()
  const contacts = listOf(value)
  // A row that is removed must not hand its typed text to the next one.
  const keys = useRef<number[]>([])
  while (keys.current.length < contacts.length) keys.current.push((keys.current.at(-1) ?? 0) + 1)
  const remove = (index: number) => {
    keys.current = keys.current.filter((_, other) => other !== index)
    onChange(contacts.filter((_, other) => other !== index))
  }
  const set = (index: number, contact: Members) => onChange(contacts.with(index, contact))
  return (
    <fieldset className="registry-contacts-editor">
      <legend className="small quiet">{title}</legend>
      {contacts.map((contact, index) => (
        <div key={keys.current[index]} className="registry-contact">
          {fields.map(name => (
            <TextField
              key={name}
              label={say(label[name])}
              defaultValue={textIn(contact[name])}
              isRequired={name === 'name' || name === 'phone'}
              onChange={text =>
                set(
                  index,
                  withMember(
                    contact,
                    name,
                    name === 'order' ? numberOr(text) : text === '' ? undefined : text,
                  ),
                )
              }
            />
          ))}
          <Button look="quiet" onPress={() => remove(index)}>
            {say('remove')}
            <span className="unseen">{textIn(contact['name'])}</span>
          </Button>
        </div>
      ))}
      <div>
        <Button onPress={() => onChange([...contacts, { name: '', phone: '' }])}>{say('add')}</Button>
      </div>
    </fieldset>
  )
}
