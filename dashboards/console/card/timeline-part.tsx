/** Who did what when, newest first, and whom the gateway told because of it. */
import { ProblemNotice } from '../../kit/problem-notice.tsx'
import { momentText, timeText } from '../../words/format.ts'
import { words } from '../../words/words.ts'
import type { AlarmDetail, Delivery } from './alarm-detail.ts'
import { useActorText, useEventText } from './event-text.ts'
import { useNames } from './names.ts'
import { Part } from './part.tsx'

const useSay = words('card-timeline', {
  zh: {
    title: '经过',
    webhook: '外呼',
    tries: '{{count}} 次',
    'state.pending': '待送达',
    'state.delivered': '已送达',
    'state.failed': '未送达',
  },
  en: {
    title: 'Timeline',
    webhook: 'outbound hook',
    tries: '{{count}} tries',
    'state.pending': 'not yet told',
    'state.delivered': 'told',
    'state.failed': 'not told',
  },
})

/** A delivery is named `{alarm}/{version}/{recipient}`, by the version that its event made. */
const versionOf = ({ id }: Delivery): number => Number(id.split('/')[1])

/** Nothing to tell of what became untrue before it was sent. */
const DeliveryText = ({ delivery }: { readonly delivery: Delivery }) => {
  const say = useSay()
  const nameOf = useNames()
  const { recipient, state, attempts } = delivery
  if (state === 'not-owed') return null
  const id = recipient.slice(recipient.indexOf(':') + 1)
  const tries = attempts > 1 ? ` (${say('tries', { count: attempts })})` : ''
  return (
    <span className={state === 'failed' ? 'card-warning' : 'quiet'}>
      → {recipient === 'webhook' ? say('webhook') : nameOf(id)} {say(`state.${state}`)}
      {tries}
    </span>
  )
}

const dayOf = (at: string): string => momentText(at).slice(0, 5)

export const TimelinePart = ({
  detail,
  error,
}: {
  readonly detail: AlarmDetail | undefined
  readonly error: unknown
}) => {
  const say = useSay()
  const textOf = useEventText()
  const actorOf = useActorText()
  const deliveries = Map.groupBy(detail?.deliveries ?? [], versionOf)
  const entries = detail?.timeline.toReversed() ?? []
  const lastDay = entries[0] && dayOf(entries[0].at)
  return (
    <Part title={say('title')} isScrolled>
      <ProblemNotice error={error} />
      <ol className="card-timeline">
        {entries.map(entry => {
          const { text, written } = textOf(entry)
          const actor = actorOf(entry)
          return (
            <li key={entry.version}>
              <time className="quiet" dateTime={entry.at}>
                {dayOf(entry.at) === lastDay ? timeText(entry.at) : momentText(entry.at)}
              </time>
              <div>
                {actor !== undefined && <span className="card-actor">{actor} </span>}
                {text}
                {written !== undefined && <q>{written}</q>}
                {(deliveries.get(entry.version) ?? []).map(delivery => (
                  <DeliveryText key={delivery.id} delivery={delivery} />
                ))}
              </div>
            </li>
          )
        })}
      </ol>
    </Part>
  )
}
