import { useEventWord } from '../words/event-words.ts'
import { timeText } from '../words/format.ts'
import { words } from '../words/words.ts'
import type { Card } from './card-sheet.tsx'

const useSay = words('card-timeline', {
  zh: { title: '经过', more: '更早的 {{count}} 条未列出' },
  en: { title: 'What happened', more: '{{count}} earlier entries are not listed' },
})

/** As many as leave the card on one page. */
const mostEntries = 12
/** Of interest to the desk, not to a crew. */
const unsaid = new Set(['offered', 'suspected', 'overdue', 'deadline-mended'])

export const CardTimeline = ({ alarm }: { readonly alarm: NonNullable<Card['alarm']> }) => {
  const say = useSay()
  const word = useEventWord()
  const entries = alarm.timeline.filter(({ type }) => !unsaid.has(type))
  const shown = entries.slice(-mostEntries)
  return (
    <section className="card-part card-whole">
      <h3>{say('title')}</h3>
      {entries.length > shown.length && <p>{say('more', { count: entries.length - shown.length })}</p>}
      <ol className="card-timeline">
        {shown.map(({ at, type, by, text }, index) => (
          <li key={index}>
            <time>{timeText(at)}</time> {word(type)} · {by}
            {text !== null && `：${text}`}
          </li>
        ))}
      </ol>
    </section>
  )
}
