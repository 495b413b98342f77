import { Choice } from '../kit/choice.tsx'
import { TextField } from '../kit/text-field.tsx'
import { type EditorProps, numberOr } from './editor.ts'
import { useRegistryWords } from './registry-words.ts'
import { membersOf, textIn, withMember } from './shapes.ts'

/** Ways in which a device comes in, each with what it needs. */
const ways = {
  mqtt: { label: 'MQTT', facts: [] },
  serial: { label: 'Serial', facts: ['line', 'number'] },
  espa444: { label: 'ESPA 4.4.4', facts: ['line', 'address'] },
  zigbee2mqtt: { label: 'Zigbee2MQTT', facts: ['name'] },
} as const
type Way = keyof typeof ways

const isWay = (text: string): text is Way => text in ways
const options = Object.keys(ways)
  .filter(isWay)
  .map(value => ({ value, label: ways[value].label }))

const words = { line: 'line', number: 'number', address: 'address', name: 'person' } as const

export const TransportEditor = ({ label, value, onChange }: EditorProps) => {
  const say = useRegistryWords()
  const way = Object.keys(membersOf(value)).find(isWay) ?? 'mqtt'
  const facts = membersOf(membersOf(value)[way])
  return (
    <fieldset className="registry-group">
      <legend className="small quiet">{label}</legend>
      <Choice label={label} options={options} value={way} onChange={chosen => onChange({ [chosen]: {} })} />
      {ways[way].facts.map(name => (
        <TextField
          key={`${way} ${name}`}
          label={say(words[name])}
          defaultValue={textIn(facts[name])}
          onChange={text =>
            onChange({ [way]: withMember(facts, name, name === 'number' ? numberOr(text) : text) })
          }
        />
      ))}
    </fieldset>
  )
}
