import type { EntryView } from '../../gateway/api/entry-view.ts'
import { useEventWord } from '../words/event-words.ts'
import { timeText } from '../words/format.ts'
import { words } from '../words/words.ts'

const useSay = words('go-timeline', { zh: { title: '经过' }, en: { title: 'What happened' } })

const textIn = ({ text, note, occurrence }: EntryView): string | undefined => {
  if (typeof text === 'string') return text
  if (typeof note === 'string') return note
  const data = fieldOf(occurrence, 'data')
  const told = fieldOf(data, 'note')
  return typeof told === 'string' ? told : undefined
}

const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined

const whoIn = ({ actor }: EntryView): string => {
  const { name } = actor
  return typeof name === 'string' ? name : ''
}

/** Latest first: what was said last counts most on the way. */
export const GoTimeline = ({ entries }: { readonly entries: readonly EntryView[] }) => {
  const say = useSay()
  const word = useEventWord()
  return (
    <section className="stack">
      <h2>{say('title')}</h2>
      <ol className="go-timeline">
        {entries.toReversed().map(entry => (
          <li key={entry.seq}>
            <time>{timeText(entry.at)}</time>
            <span>
              {word(entry.type)} <span className="quiet">{whoIn(entry)}</span>
              {textIn(entry) !== undefined && <p>{textIn(entry)}</p>}
            </span>
          </li>
        ))}
      </ol>
    </section>
  )
}
