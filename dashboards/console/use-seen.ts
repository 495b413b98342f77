/** What was looked at from this window, so that new can be told from known. */
import { useCallback, useEffect, useState } from 'react'
import type { AlarmView } from '../../gateway/api/alarm-view.ts'
import type { Live } from '../live/live-alarms.ts'
import { useLiveAlarms } from '../live/live-context.tsx'
import { type Seen, seenAfter } from './newness.ts'
import { isOver, isWaiting } from './urgency.ts'

/** Somebody has these: of them only a further press is new. */
const takenIn = (alarms: Live['alarms']): Seen =>
  new Map(
    Array.from(alarms.values()).flatMap(alarm =>
      isOver(alarm) || isWaiting(alarm) ? [] : [[alarm.id, alarm.repeats]],
    ),
  )

export const useSeen = (): { readonly seen: Seen; readonly look: (alarm: AlarmView) => void } => {
  const live = useLiveAlarms()
  const [seen, setSeen] = useState<Seen>(new Map())
  const look = useCallback(
    ({ id, repeats }: AlarmView) =>
      setSeen(before => (before.get(id) === repeats ? before : new Map(before).set(id, repeats))),
    [],
  )
  useEffect(() => {
    let stop = (): void => undefined
    // The first list is no change.
    const know = (): void => {
      const { isLoaded, alarms } = live.snapshot()
      if (!isLoaded) return
      stop()
      setSeen(known => new Map([...takenIn(alarms), ...known]))
    }
    stop = live.subscribe(know)
    know()
    return stop
  }, [live])
  useEffect(() => live.onChange(changes => setSeen(known => seenAfter(known, changes))), [live])
  return { seen, look }
}
