/**
 * The line above the queue that never scrolls, folds or filters: calls and hazards that nobody has, and what came in while the
 * order of the queue was kept.
 */
import { useEffect } from 'react'
import type { AlarmView } from '../../gateway/api/alarm-view.ts'
import { Button } from '../kit/button.tsx'
import { useLive } from '../live/live-context.tsx'
import { Since } from '../live/since.tsx'
import { useAlarmWords } from '../words/alarm-words.ts'
import { words } from '../words/words.ts'
import { markVisible } from './measures.ts'

const useSay = words('console-strip', {
  zh: {
    label: '待受理的呼叫与险情',
    none: '没有待受理的呼叫和险情',
    waiting: '{{count}} 待受理',
    more: '另有 {{count}}',
    added: '+{{count}} 新',
    addedFirst: '+{{count}} 新：{{what}}',
  },
  en: {
    label: 'Calls and hazards that nobody has',
    none: 'No call and no hazard is waiting',
    waiting: '{{count}} waiting',
    more: '{{count}} more',
    added: '+{{count}} new',
    addedFirst: '+{{count}} new: {{what}}',
  },
})

/** As many as fit beside each other; the latest, because the oldest is on top of the queue. */
const shownCalls = 2

export const CallStrip = ({
  calls,
  added,
  onOpen,
  onSort,
}: {
  /** Oldest first. */
  readonly calls: readonly AlarmView[]
  /** Not in the queue yet, the most urgent first. */
  readonly added: readonly AlarmView[]
  readonly onOpen: (alarm: AlarmView) => void
  readonly onSort: () => void
}) => {
  const say = useSay()
  const { of } = useAlarmWords()
  const { isLoaded, link } = useLive()
  const isKnown = isLoaded && link.state !== 'stale'
  const latest = calls.slice(-shownCalls).toReversed()
  const [first] = added
  const name = ({ kind, resident, device }: AlarmView) =>
    `${of('kind', kind)} ${resident?.name ?? device?.id ?? ''}`
  useEffect(() => {
    for (const { id } of latest) markVisible(id)
  })
  return (
    <section
      className={calls.length > 0 ? 'console-strip console-strip-calls' : 'console-strip'}
      aria-label={say('label')}
    >
      {calls.length === 0 ? (
        <span className="quiet">{isKnown && say('none')}</span>
      ) : (
        <strong>{say('waiting', { count: calls.length })}</strong>
      )}
      <div className="console-strip-list">
        {latest.map(alarm => (
          <button key={alarm.id} type="button" className="console-chip" onClick={() => onOpen(alarm)}>
            {name(alarm)} <Since at={alarm.receivedAt} />
          </button>
        ))}
        {calls.length > latest.length && (
          <span className="small">{say('more', { count: calls.length - latest.length })}</span>
        )}
      </div>
      {first && (
        <Button onPress={onSort}>
          {calls.includes(first)
            ? say('added', { count: added.length })
            : say('addedFirst', { count: added.length, what: name(first) })}
        </Button>
      )}
    </section>
  )
}
