/**
 * The dispatch console. Takes: the live alarms. Gives: the queue, the card of one alarm, sound and every other way to be
 * noticed. Never: hides a call that nobody has, moves a row under the pointer, ends an alarm by one key.
 */
import { useCallback, useDeferredValue, useRef, useState } from 'react'
import type { AlarmView } from '../../gateway/api/alarm-view.ts'
import { later } from '../kit/later.tsx'
import { LaterBoundary } from '../kit/later-boundary.tsx'
import { useLive } from '../live/live-context.tsx'
import { words } from '../words/words.ts'
import { CallStrip } from './call-strip.tsx'
import './console.css'
import { FloodNotice } from './flood-notice.tsx'
import { MassBar, useMassWork } from './mass-bar.tsx'
import type { Seen } from './newness.ts'
import { Queue } from './queue.tsx'
import { QueueTools } from './queue-tools.tsx'
import { QuietDesk } from './quiet-desk.tsx'
import { StatusBar } from './status-bar.tsx'
import { useTitle } from './use-attention.ts'
import { useConsoleKeys } from './use-console-keys.ts'
import { type QueueState, useQueue } from './use-queue.ts'
import { type Selection, useSelection } from './use-selection.ts'
import { useWatched } from './watch.tsx'

/** What the first sight of the queue does not wait for. The card follows at once, and is there when it is needed. */
const { Part: AlarmCard, load: loadCard } = later(
  async () => (await import('./card/alarm-card.tsx')).AlarmCard,
)
loadCard().catch(() => undefined)
const { Part: HelpDialog, load: loadHelp } = later(async () => (await import('./help-dialog.tsx')).HelpDialog)

const useSay = words('console', {
  zh: {
    title: '调度台',
    queue: '队列',
    card: '档案卡',
    loading: '正在载入警报',
    noneFound: '没有符合条件的警报',
    pick: '选择一条警报',
    unknown: '与网关失联，不知道现在有没有警报',
  },
  en: {
    title: 'Dispatch console',
    queue: 'Queue',
    card: 'Card',
    loading: 'Loading alarms',
    noneFound: 'No alarm is like that',
    pick: 'Select an alarm',
    unknown: 'No word from the gateway: nobody here knows whether somebody calls',
  },
})

/** Acts on several at once, and the question for their cause. */
const useMass = ({ chosen }: Selection) => {
  const [asksCause, setAsksCause] = useState(false)
  const mass = useMassWork(chosen.chosen, failed => {
    setAsksCause(false)
    chosen.choose(failed)
  })
  return { ...mass, asksCause, setAsksCause }
}

const QueueBody = ({ queue, seen, selection, onPress }: BodyProps) => {
  const say = useSay()
  const { isLoaded, link } = useLive()
  if (queue.rows.length > 0) {
    return (
      <Queue
        rows={queue.rows}
        alarms={queue.alarms}
        seen={seen}
        selected={selection.alarm?.id}
        chosen={selection.chosen.ids}
        grouping={queue.choice.grouping}
        onFold={queue.fold}
        onPress={onPress}
      />
    )
  }
  if (!isLoaded) return <p className="empty">{say('loading')}</p>
  if (queue.open.length > 0) return <p className="empty">{say('noneFound')}</p>
  return link.state === 'stale' ? <p className="empty">{say('unknown')}</p> : <QuietDesk />
}

type BodyProps = {
  readonly queue: QueueState
  readonly seen: Seen
  readonly selection: Selection
  readonly onPress: (alarm: AlarmView, event: { readonly shiftKey: boolean }) => void
}

const ConsolePage = () => {
  const say = useSay()
  const { seen, look } = useWatched()
  const queue = useQueue()
  const selection = useSelection(queue, look)
  const mass = useMass(selection)
  const [isHelping, setHelping] = useState(false)
  const searchField = useRef<HTMLInputElement>(null)
  const card = useRef<HTMLElement>(null)
  const { hold, change } = queue
  const { select, chosen, alarm } = selection
  // The first row of a quiet night is shown before its card is worked out. From alarm to alarm the card never waits: keys
  // would mean another one than is seen.
  const isCardDue = useDeferredValue(alarm !== undefined)
  const endHelp = useCallback(() => setHelping(false), [])
  const openCard = useCallback(() => card.current?.focus(), [])
  const press = useCallback(
    (one: AlarmView, { shiftKey }: { readonly shiftKey: boolean }) => {
      select(one)
      if (shiftKey) chosen.toggle(one)
    },
    [select, chosen.toggle],
  )
  useTitle(queue.waiting)
  useConsoleKeys({
    queue,
    selection,
    searchField,
    openCard,
    acknowledgeChosen: () => mass.work({ act: 'acknowledge' }),
    askCauseOfChosen: () => mass.setAsksCause(true),
    help: () => setHelping(true),
  })
  return (
    <div className="console">
      <h1 className="unseen">{say('title')}</h1>
      <StatusBar onHelp={() => setHelping(true)} />
      <section className="console-queue" aria-label={say('queue')}>
        <CallStrip calls={queue.waitingCalls} added={queue.added} onOpen={select} onSort={hold.sort} />
        <QueueTools choice={queue.choice} counts={queue.counts} searchField={searchField} onChange={change} />
        <div className="console-list" {...hold.pointer}>
          <QueueBody queue={queue} seen={seen} selection={selection} onPress={press} />
        </div>
        <FloodNotice
          alarms={queue.alarms}
          isGrouped={queue.choice.grouping !== 'none'}
          onGroup={() => change({ grouping: 'street' })}
        />
        {(chosen.chosen.length > 0 || mass.failures.length > 0) && (
          <MassBar
            {...mass}
            count={chosen.chosen.length}
            onAskCause={mass.setAsksCause}
            onClear={() => {
              chosen.choose([])
              mass.forget()
            }}
          />
        )}
      </section>
      <section className="console-card" aria-label={say('card')} tabIndex={-1} ref={card}>
        <LaterBoundary load={loadHelp} onBack={endHelp}>
          {isHelping && <HelpDialog isOpen onClose={endHelp} />}
        </LaterBoundary>
        {alarm && isCardDue ? (
          // Nobody knows by then what was pressed while there was no card.
          <LaterBoundary load={loadCard} onBack={() => selection.setAct(undefined)}>
            <AlarmCard alarm={alarm} act={selection.act} onAct={selection.setAct} />
          </LaterBoundary>
        ) : (
          queue.open.length > 0 && <p className="empty">{say('pick')}</p>
        )}
      </section>
    </div>
  )
}

export default ConsolePage
