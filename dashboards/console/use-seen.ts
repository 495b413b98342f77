/** What was looked at from this window, so that new can be told from known. */
import { useCallback, useEffect, useState } from 'react'
import type { AlarmView } from '../../gateway/api/alarm-view.ts'
import { useLiveAlarms } from '../live/live-context.tsx'
import { type Seen, seenAfter } from './newness.ts'
import { isOver, isWaiting } from './urgency.ts'

const takenIn = (alarms: Iterable<AlarmView>): readonly AlarmView[] =>
  Array.from(alarms).filter(alarm => !isOver(alarm) && !isWaiting(alarm))

export const useSeen = (): { readonly seen: Seen; readonly look: (alarm: AlarmView) => void } => {
  const live = useLiveAlarms()
  const [seen, setSeen] = useState<Seen>(
    () => new Map(takenIn(live.snapshot().alarms.values()).map(({ id, repeats }) => [id, repeats])),
  )
  const look = useCallback(
    ({ id, repeats }: AlarmView) =>
      setSeen(before => (before.get(id) === repeats ? before : new Map(before).set(id, repeats))),
    [],
  )
  useEffect(() => live.onChange(changes => setSeen(known => seenAfter(known, changes))), [live])
  return { seen, look }
}
