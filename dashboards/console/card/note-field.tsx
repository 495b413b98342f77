import { TextField } from '../../kit/text-field.tsx'
import { useActWords } from './act-words.ts'

/** As long as the gateway takes. */
const noteMax = 2_000

/** Something to say with an act, where there is something. */
export const NoteField = ({
  note,
  onNote,
  label,
  isFirst = false,
}: {
  readonly note: string
  readonly onNote: (note: string) => void
  readonly label?: string
  /** There is nothing else to fill in before it. */
  readonly isFirst?: boolean
}) => {
  const say = useActWords()
  return (
    <TextField
      label={label ?? say('noteLabel')}
      lines={2}
      value={note}
      onChange={onNote}
      maxLength={noteMax}
      // Somebody has just asked for this field.
      autoFocus={isFirst}
    />
  )
}

/** As a member of a body: absent where nothing was written. */
export const noteIn = (note: string): { note?: string } => (note.trim() === '' ? {} : { note: note.trim() })
