/** A field's value as people read it, with the way to what it names. */
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { dateText, momentText } from '../words/format.ts'
import { languageNow } from '../words/language.ts'
import { useRecordWords } from '../words/record-words.ts'
import type { Field } from './field.ts'
import { ReferenceLink } from './reference-link.tsx'
import { useRegistryWords } from './registry-words.ts'
import { listOf, membersOf, textIn, textsOf } from './shapes.ts'

const positionText = (value: unknown): string => {
  const { lat, lon, datum } = membersOf(value)
  return `${textIn(lat)}, ${textIn(lon)} ${textIn(datum)}`
}

/** `serial line=pads number=7`: as the registry document has it. */
const transportText = (value: unknown): string =>
  Object.entries(membersOf(value))
    .map(([way, facts]) =>
      [way, ...Object.entries(membersOf(facts)).map(([name, fact]) => `${name}=${textIn(fact)}`)].join(' '),
    )
    .join()

const Contacts = ({ value }: { readonly value: unknown }) => {
  const { of } = useRecordWords()
  return (
    <ol className="registry-contacts">
      {listOf(value).map(({ name, relation, phone }, index) => (
        <li key={index}>
          {textIn(name)} <span className="quiet">{of('relation', textIn(relation))}</span> {textIn(phone)}
        </li>
      ))}
    </ol>
  )
}

export const FieldValue = ({
  field,
  value,
}: {
  readonly field: Field
  readonly value: unknown
}): ReactNode => {
  const say = useRegistryWords()
  const language = languageNow()
  if (value === undefined || value === null) return <span className="quiet">{say('unset')}</span>
  switch (field.kind) {
    case 'flag':
      return say(value === true ? 'yes' : 'no')
    case 'choice':
      return field.options.find(option => option.value === value)?.[language] ?? textIn(value)
    case 'several':
      return textsOf(value)
        .map(one => field.options.find(option => option.value === one)?.[language] ?? one)
        .join('、')
    case 'reference':
      return <ReferenceLink to={field.to} id={textIn(value)} />
    case 'user':
      return <Link href="/people">{textIn(value)}</Link>
    case 'position':
      return positionText(value)
    case 'words':
      return textsOf(value).join(' ')
    case 'contacts':
      return <Contacts value={value} />
    case 'keyHolder':
      return `${textIn(membersOf(value)['name'])} ${textIn(membersOf(value)['phone'])}`
    case 'transport':
      return transportText(value)
    case 'moment':
      return `${dateText(textIn(value))} ${momentText(textIn(value)).slice(-8)}`
    case 'text':
    case 'number':
      return <span className="registry-text">{textIn(value)}</span>
  }
}
