/** One alarm in two lines: what, who, where; how it stands and with whom; since when, and what comes next. */
import { Check } from 'lucide-react'
import { memo, type ReactNode, useEffect, useRef } from 'react'
import type { AlarmView } from '../../gateway/api/alarm-view.ts'
import { shapeOf } from '../kit/class-shape.ts'
import { Since } from '../live/since.tsx'
import { type AlarmWords, useAlarmWords } from '../words/alarm-words.ts'
import { words } from '../words/words.ts'
import { markVisible } from './measures.ts'
import type { Flash } from './newness.ts'
import { isOver, isWaiting } from './urgency.ts'

const useSay = words('console-row', {
  zh: {
    age: '{{age}} 岁',
    nobody: '未登记',
    asks: '→ {{name}}',
    noPoint: '无可派服务点',
    times: '第 {{count}} 次',
    chosen: '已选',
    isNew: '新',
    over: '已结束',
  },
  en: {
    age: '{{age}}',
    nobody: 'Not registered',
    asks: '→ {{name}}',
    noPoint: 'no point to ask',
    times: '×{{count}}',
    chosen: 'chosen',
    isNew: 'New',
    over: 'over',
  },
})

type RowWords = { readonly say: ReturnType<typeof useSay>; readonly of: AlarmWords['of'] }

/** Who has it, or who is being asked. */
const whoOf = (alarm: AlarmView, { say }: RowWords): string => {
  const { acknowledgedBy, responder, point, noPoint } = alarm
  if (!isWaiting(alarm)) {
    return responder?.name ?? acknowledgedBy?.name ?? responder?.id ?? acknowledgedBy?.id ?? ''
  }
  if (point) return say('asks', { name: point.name ?? point.id })
  return noPoint === null ? '' : say('noPoint')
}

const whereOf = ({ home }: AlarmView): string =>
  [home?.address, home?.street ?? home?.areaName].filter(Boolean).join(' · ')

/** While it is new its mark stands on a full ground, which comes and goes where things may move. */
const markOf = ({ alarm, flash, isChosen }: RowProps, { say, of }: RowWords): ReactNode => {
  const { priority } = alarm
  const Shape = isChosen ? Check : shapeOf(alarm.class)
  const isNew = flash !== 'none'
  const look = isNew ? ` console-new console-new-${priority} console-flash-${flash}` : ''
  return (
    <span className={`console-mark mark-${priority}${look}`}>
      <Shape size={22} role="img" aria-label={isChosen ? say('chosen') : of('class', alarm.class)} />
      {isNew && <span className="unseen">{say('isNew')}</span>}
    </span>
  )
}

const yearNow = new Date().getFullYear()

const whomOf = (
  { kind, priority, resident, device, repeats }: AlarmView,
  { say, of }: RowWords,
): ReactNode => (
  <span className="console-whom">
    <span>
      <b className={`mark-${priority}`}>{of('kind', kind)}</b>{' '}
      <b>{resident?.name ?? device?.id ?? say('nobody')}</b>
      {resident?.birthYear !== undefined && (
        <span className="quiet"> {say('age', { age: yearNow - resident.birthYear })}</span>
      )}
    </span>
    {repeats > 0 && <span className="console-repeats">{say('times', { count: repeats + 1 })}</span>}
  </span>
)

export type RowProps = {
  readonly alarm: AlarmView
  readonly flash: Flash
  readonly isCurrent: boolean
  readonly isChosen: boolean
  /** The one row that the Tab key leads to. */
  readonly isTabStop: boolean
  readonly onPress: (alarm: AlarmView, event: { readonly shiftKey: boolean }) => void
}

/** What it is made of are functions and not components: rows come by dozens at each turn of the wheel. */
export const AlarmRowView = memo((row: RowProps) => {
  const { alarm, isCurrent, isTabStop, onPress } = row
  const { of } = useAlarmWords()
  const say = useSay()
  const rowWords = { say, of }
  const button = useRef<HTMLButtonElement>(null)
  useEffect(() => markVisible(alarm.id), [alarm.id])
  useEffect(() => {
    // The focus goes along with the selection, but never comes here from elsewhere.
    const isInList = isCurrent && document.activeElement?.closest('.console-rows')
    if (isInList) button.current?.focus({ preventScroll: true })
  }, [isCurrent])
  const { state, receivedAt, nextDeadline } = alarm
  return (
    <button
      ref={button}
      type="button"
      className={isOver(alarm) ? 'console-row console-row-over' : 'console-row'}
      aria-current={isCurrent}
      tabIndex={isTabStop ? 0 : -1}
      data-alarm={alarm.id}
      onClick={event => onPress(alarm, event)}
    >
      {markOf(row, rowWords)}
      {whomOf(alarm, rowWords)}
      <span className="console-state">{isOver(alarm) ? say('over') : of('state', state)}</span>
      <span className="console-since">
        <Since at={receivedAt} />
      </span>
      <span className="console-where quiet">{whereOf(alarm)}</span>
      <span className="console-who quiet">{whoOf(alarm, rowWords)}</span>
      <span className="console-next quiet">
        {nextDeadline && (
          <>
            <span>{of('deadline', nextDeadline.kind)}</span> <Since at={nextDeadline.at} isCountdown />
          </>
        )}
      </span>
    </button>
  )
})
