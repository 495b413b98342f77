import { Choice } from '../kit/choice.tsx'
import { languageNow } from '../words/language.ts'
import type { EditorProps } from './editor.ts'
import type { Choosable } from './field.ts'
import { useRegistryWords } from './registry-words.ts'
import { textIn } from './shapes.ts'

/** One of several, or none. What was written elsewhere and is not among them stays to be chosen. */
export const OptionEditor = ({
  label,
  value,
  onChange,
  options,
}: EditorProps & { readonly options: readonly Choosable[] }) => {
  const say = useRegistryWords()
  const language = languageNow()
  const isKnown = value === undefined || options.some(option => option.value === value)
  const shown = [
    { value: '', label: say('unset') },
    ...options.map(option => ({ value: String(option.value), label: option[language] })),
    ...(isKnown ? [] : [{ value: textIn(value), label: textIn(value) }]),
  ]
  return (
    <Choice
      label={label}
      options={shown}
      value={textIn(value)}
      onChange={chosen => onChange(options.find(option => String(option.value) === chosen)?.value)}
    />
  )
}
