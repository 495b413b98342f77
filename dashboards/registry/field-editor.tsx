/** What is typed for one field, by its kind. `undefined`: the record has none. */
import { CheckboxGroup, Label } from 'react-aria-components'
import { Checkbox } from '../kit/checkbox.tsx'
import { Choice } from '../kit/choice.tsx'
import { instantOfText, wallText } from '../kit/city-time.ts'
import { TextField } from '../kit/text-field.tsx'
import { useSite } from '../shell/site.ts'
import { languageNow } from '../words/language.ts'
import { ContactsEditor } from './contacts-editor.tsx'
import { type EditorProps, numberOr } from './editor.ts'
import type { Choosable, Field } from './field.ts'
import { KeyHolderEditor } from './key-holder-editor.tsx'
import { OptionEditor } from './option-editor.tsx'
import { PositionEditor } from './position-editor.tsx'
import { RecordChoice } from './record-choice.tsx'
import { useRegistryWords } from './registry-words.ts'
import { textIn, textsOf } from './shapes.ts'
import { TransportEditor } from './transport-editor.tsx'

const orNone = (text: string): string | undefined => (text.trim() === '' ? undefined : text)

const FlagEditor = ({ label, value, onChange }: EditorProps) => {
  const say = useRegistryWords()
  return (
    <Choice
      label={label}
      options={[
        { value: '', label: say('unset') },
        { value: 'yes', label: say('yes') },
        { value: 'no', label: say('no') },
      ]}
      value={value === undefined ? '' : value === true ? 'yes' : 'no'}
      onChange={chosen => onChange(chosen === '' ? undefined : chosen === 'yes')}
    />
  )
}

const SeveralEditor = ({
  label,
  value,
  onChange,
  options,
}: EditorProps & { readonly options: readonly Choosable[] }) => {
  const language = languageNow()
  return (
    <CheckboxGroup
      className="field"
      value={[...textsOf(value)]}
      onChange={chosen => onChange(chosen.length === 0 ? undefined : chosen)}
    >
      <Label>{label}</Label>
      <div className="row">
        {options.map(option => (
          <Checkbox key={option.value} value={String(option.value)}>
            {option[language]}
          </Checkbox>
        ))}
      </div>
    </CheckboxGroup>
  )
}

const MomentEditor = ({ label, value, onChange }: EditorProps) => {
  const timeZone = useSite()?.timeZone
  if (timeZone === undefined) return null
  const change = (text: string) => {
    const at = instantOfText(text, timeZone)
    onChange(at === undefined ? undefined : new Date(at).toISOString())
  }
  const before = Date.parse(textIn(value))
  return (
    <TextField
      label={label}
      type="datetime-local"
      defaultValue={Number.isNaN(before) ? '' : wallText(before, timeZone)}
      onChange={change}
    />
  )
}

export const FieldEditor = ({
  field,
  value,
  onChange,
}: Omit<EditorProps, 'label'> & { readonly field: Field }) => {
  const label = field[languageNow()]
  const props = { label, value, onChange }
  const isRequired = field.isRequired ?? false
  switch (field.kind) {
    case 'flag':
      return <FlagEditor {...props} />
    case 'choice':
      return <OptionEditor {...props} options={field.options} />
    case 'several':
      return <SeveralEditor {...props} options={field.options} />
    case 'reference':
      return <RecordChoice {...props} to={field.to} value={textIn(value)} isRequired={isRequired} />
    case 'position':
      return <PositionEditor {...props} />
    case 'contacts':
      return <ContactsEditor {...props} />
    case 'keyHolder':
      return <KeyHolderEditor {...props} />
    case 'transport':
      return <TransportEditor {...props} />
    case 'moment':
      return <MomentEditor {...props} />
    case 'words':
      return (
        <TextField
          label={label}
          defaultValue={textsOf(value).join(' ')}
          onChange={text => onChange(text.split(/[\s,;，；]+/).filter(word => word !== ''))}
        />
      )
    case 'number':
      return (
        <TextField
          label={label}
          inputMode="decimal"
          defaultValue={textIn(value)}
          isRequired={isRequired}
          onChange={text => onChange(numberOr(text))}
        />
      )
    case 'text':
    case 'user':
      return (
        <TextField
          label={label}
          defaultValue={textIn(value)}
          lines={field.kind === 'text' ? (field.lines ?? 1) : 1}
          isRequired={isRequired}
          onChange={text => onChange(orNone(text))}
        />
      )
  }
}
