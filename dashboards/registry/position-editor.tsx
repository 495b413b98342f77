import { Choice } from '../kit/choice.tsx'
import { TextField } from '../kit/text-field.tsx'
import { type EditorProps, numberOr } from './editor.ts'
import { useRegistryWords } from './registry-words.ts'
import { membersOf, textIn, withMember } from './shapes.ts'

/** Without its datum a position is half a kilometre off in these cities: it is never guessed. */
const datums = ['WGS84', 'GCJ02', 'BD09'].map(value => ({ value, label: value }))

export const PositionEditor = ({ label, value, onChange }: EditorProps) => {
  const say = useRegistryWords()
  const position = membersOf(value)
  const set = (name: string, member: unknown) => {
    const after = withMember(position, name, member)
    onChange(after['lat'] === undefined && after['lon'] === undefined ? undefined : after)
  }
  return (
    <fieldset className="registry-group">
      <legend className="small quiet">{label}</legend>
      <TextField
        label={say('latitude')}
        inputMode="decimal"
        defaultValue={textIn(position['lat'])}
        onChange={text => set('lat', numberOr(text))}
      />
      <TextField
        label={say('longitude')}
        inputMode="decimal"
        defaultValue={textIn(position['lon'])}
        onChange={text => set('lon', numberOr(text))}
      />
      <Choice
        label={say('datum')}
        options={datums}
        value={textIn(position['datum'])}
        onChange={datum => set('datum', datum)}
      />
    </fieldset>
  )
}
