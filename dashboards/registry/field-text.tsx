import { languageNow } from '../words/language.ts'
import type { Field } from './field.ts'
import { FieldValue } from './field-value.tsx'
import { textIn } from './shapes.ts'

/** A field in a line of a list, which is a link itself and holds no other. */
export const FieldText = ({ field, value }: { readonly field: Field; readonly value: unknown }) => (
  <span>
    {' · '}
    {field.kind === 'flag' && `${field[languageNow()]} `}
    {field.kind === 'reference' ? textIn(value) : <FieldValue field={field} value={value} />}
  </span>
)
