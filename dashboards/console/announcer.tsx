/** Tells screen readers what has come up: calls and hazards at once, the rest when there is a pause. */
import { useEffect, useRef, useState } from 'react'
import type { AlarmView } from '../../gateway/api/alarm-view.ts'
import { useLiveAlarms } from '../live/live-context.tsx'
import { useAlarmWords } from '../words/alarm-words.ts'
import { words } from '../words/words.ts'
import { arrivalsIn } from './newness.ts'
import { byUrgency, isCallOrHazard } from './urgency.ts'

const useSay = words('console-announcer', {
  zh: { times: '第 {{count}} 次', more: '另有 {{count}} 条' },
  en: { times: 'time {{count}}', more: '{{count}} more' },
})

/** In between, arrivals gather: nobody can listen faster. */
const gatherMs = 1_000
/** By name; the others are counted. */
const named = 3

export const Announcer = () => {
  const say = useSay()
  const { of } = useAlarmWords()
  const live = useLiveAlarms()
  const [arrivals, setArrivals] = useState<readonly AlarmView[]>([])
  const gathered = useRef(new Map<string, AlarmView>())
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const tell = () => {
      timer = undefined
      if (gathered.current.size === 0) return
      setArrivals(byUrgency(gathered.current.values()))
      gathered.current.clear()
      timer = setTimeout(tell, gatherMs)
    }
    const unsubscribe = live.onChange(changes => {
      for (const alarm of arrivalsIn(changes)) gathered.current.set(alarm.id, alarm)
      if (timer === undefined) tell()
    })
    return () => {
      unsubscribe()
      clearTimeout(timer)
    }
  }, [live])

  const textOf = (alarms: readonly AlarmView[]): string => {
    const parts = alarms
      .slice(0, named)
      .map(({ kind, resident, home, repeats }) =>
        [of('kind', kind), repeats > 0 && say('times', { count: repeats + 1 }), resident?.name, home?.address]
          .filter(Boolean)
          .join(' '),
      )
    if (alarms.length > named) parts.push(say('more', { count: alarms.length - named }))
    return parts.join('; ')
  }
  return (
    // By this mark dialogs leave it to be heard while everything else behind them is hidden (react-aria, ariaHideOutside).
    <div className="unseen" data-live-announcer="true">
      <div aria-live="assertive">{textOf(arrivals.filter(isCallOrHazard))}</div>
      <div aria-live="polite">{textOf(arrivals.filter(alarm => !isCallOrHazard(alarm)))}</div>
    </div>
  )
}
