import { useRef } from 'react'
import { Button } from '../kit/button.tsx'
import { TextField } from '../kit/text-field.tsx'
import { type EditorProps, numberOr } from './editor.ts'
import { OptionEditor } from './option-editor.tsx'
import { useRegistryWords } from './registry-words.ts'
import { listOf, type Members, textIn, withMember } from './shapes.ts'

const relations = [
  { value: 'daughter', zh: '女儿', en: 'Daughter' },
  { value: 'son', zh: '儿子', en: 'Son' },
  { value: 'spouse', zh: '配偶', en: 'Spouse' },
  { value: 'grandchild', zh: '孙辈', en: 'Grandchild' },
  { value: 'neighbour', zh: '邻居', en: 'Neighbour' },
  { value: 'friend', zh: '朋友', en: 'Friend' },
] as const

const Contact = ({
  contact,
  onChange,
  onRemove,
}: {
  readonly contact: Members
  readonly onChange: (contact: Members) => void
  readonly onRemove: () => void
}) => {
  const say = useRegistryWords()
  const set = (name: string) => (value: unknown) => onChange(withMember(contact, name, value))
  return (
    <div className="registry-contact">
      <TextField
        label={say('person')}
        defaultValue={textIn(contact['name'])}
        isRequired
        onChange={set('name')}
      />
      <OptionEditor
        label={say('relation')}
        options={relations}
        value={contact['relation']}
        onChange={set('relation')}
      />
      <TextField
        label={say('phone')}
        defaultValue={textIn(contact['phone'])}
        isRequired
        onChange={set('phone')}
      />
      <TextField
        label={say('order')}
        inputMode="numeric"
        defaultValue={textIn(contact['order'])}
        onChange={text => set('order')(numberOr(text))}
      />
      <Button look="quiet" onPress={onRemove}>
        {say('remove')}
        <span className="unseen">{textIn(contact['name'])}</span>
      </Button>
    </div>
  )
}

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
  return (
    <fieldset className="registry-contacts-editor">
      <legend className="small quiet">{title}</legend>
      {contacts.map((contact, index) => (
        <Contact
          key={keys.current[index]}
          contact={contact}
          onChange={after => onChange(contacts.with(index, after))}
          onRemove={() => remove(index)}
        />
      ))}
      <div>
        <Button onPress={() => onChange([...contacts, { name: '', phone: '' }])}>{say('add')}</Button>
      </div>
    </fieldset>
  )
}
