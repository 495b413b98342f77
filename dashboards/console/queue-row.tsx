/** One alarm in two lines: what, who, where; how it stands and with whom; since when, and what comes next. */
import { Check } from 'lucide-react'
import { memo, useEffect, useRef, useState } from 'react'
import type { AlarmView } from '../../gateway/api/alarm-view.ts'
import { shapeOf } from '../kit/class-shape.ts'
import { Since } from '../live/since.tsx'
import { useAlarmWords } from '../words/alarm-words.ts'
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

/** Both rates are at their beginning whenever so much time has passed. */
const beatMs = 5_000

/** On a full ground, which comes and goes where things may move. */
const New = ({ alarm, flash }: Pick<RowProps, 'alarm' | 'flash'>) => {
  const say = useSay()
  // All marks of one rate flash together, whenever each began: as one beat they can be borne.
  const [animationDelay] = useState(() => `${-(performance.now() % beatMs)}ms`)
  const Shape = shapeOf(alarm.class)
  return (
    <span
      className={`console-new console-new-${alarm.priority} console-flash-${flash}`}
      style={{ animationDelay }}
    >
      <Shape size={22} aria-hidden="true" />
      <span className="unseen">{say('isNew')}</span>
    </span>
  )
}

const Mark = ({ alarm, flash, isChosen }: Pick<RowProps, 'alarm' | 'flash' | 'isChosen'>) => {
  const { of } = useAlarmWords()
  const say = useSay()
  const Shape = isChosen ? Check : shapeOf(alarm.class)
  return (
    <span className={`console-mark mark-${alarm.priority}`}>
      <Shape size={22} role="img" aria-label={isChosen ? say('chosen') : of('class', alarm.class)} />
      {flash !== 'none' && <New key={flash} alarm={alarm} flash={flash} />}
    </span>
  )
}

/** Who has it, or who is being asked. */
const Who = ({ alarm }: { readonly alarm: AlarmView }) => {
  const say = useSay()
  const { acknowledgedBy, responder, point, noPoint } = alarm
  if (!isWaiting(alarm)) {
    return responder?.name ?? acknowledgedBy?.name ?? responder?.id ?? acknowledgedBy?.id ?? ''
  }
  if (point) return say('asks', { name: point.name ?? point.id })
  return noPoint === null ? '' : say('noPoint')
}

const yearNow = new Date().getFullYear()

const Whom = ({ alarm: { kind, priority, resident, device, repeats } }: { readonly alarm: AlarmView }) => {
  const say = useSay()
  const { of } = useAlarmWords()
  return (
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
}

const Next = ({ alarm: { nextDeadline } }: { readonly alarm: AlarmView }) => {
  const { of } = useAlarmWords()
  if (!nextDeadline) return null
  return (
    <>
      <span>{of('deadline', nextDeadline.kind)}</span> <Since at={nextDeadline.at} isCountdown />
    </>
  )
}

export type RowProps = {
  readonly alarm: AlarmView
  readonly flash: Flash
  readonly isCurrent: boolean
  readonly isChosen: boolean
  /** The one row that the Tab key leads to. */
  readonly isTabStop: boolean
  readonly onPress: (alarm: AlarmView, event: { readonly shiftKey: boolean }) => void
}

export const AlarmRowView = memo(({ alarm, flash, isCurrent, isChosen, isTabStop, onPress }: RowProps) => {
  const { of } = useAlarmWords()
  const say = useSay()
  const button = useRef<HTMLButtonElement>(null)
  useEffect(() => markVisible(alarm.id), [alarm.id])
  useEffect(() => {
    // The focus goes along with the selection, but never comes here from elsewhere.
    const isInList = document.activeElement?.closest('.console-rows')
    if (isCurrent && isInList) button.current?.focus({ preventScroll: true })
  }, [isCurrent])
  const { home, state, receivedAt } = alarm
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
      <Mark alarm={alarm} flash={flash} isChosen={isChosen} />
      <Whom alarm={alarm} />
      <span className="console-state">{isOver(alarm) ? say('over') : of('state', state)}</span>
      <span className="console-since">
        <Since at={receivedAt} />
      </span>
      <span className="console-where quiet">
        {[home?.address, home?.street ?? home?.areaName].filter(Boolean).join(' · ')}
      </span>
      <span className="console-who quiet">
        <Who alarm={alarm} />
      </span>
      <span className="console-next quiet">
        <Next alarm={alarm} />
      </span>
    </button>
  )
})
