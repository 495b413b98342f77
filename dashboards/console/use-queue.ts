/** What the queue shows, of which alarms, in which order. */
import { useCallback, useMemo, useState } from 'react'
import type { AlarmView } from '../../gateway/api/alarm-view.ts'
import type { Live } from '../live/live-alarms.ts'
import { useLive } from '../live/live-context.tsx'
import { useCaller } from '../shell/session.ts'
import { isUnder, queueRows, type Tab, tabs } from './queue-rows.ts'
import type { QueueChoice } from './queue-tools.tsx'
import { bandOf, byUrgency, isCallOrHazard, isOver, isWaiting } from './urgency.ts'
import { useHeld } from './use-held.ts'

const everything: QueueChoice = { tab: 'all', search: '', grouping: 'none' }

/** Always the same: for another, rows are worked out anew. */
const nothing: readonly AlarmView[] = []

const useFolds = () => {
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set())
  const fold = useCallback(
    (key: string) =>
      setOpened(before => {
        const after = new Set(before)
        if (!after.delete(key)) after.add(key)
        return after
      }),
    [],
  )
  return { opened, fold }
}

const openOf = (alarms: Live['alarms']): readonly AlarmView[] =>
  byUrgency([...alarms.values()].filter(alarm => !isOver(alarm)))

const countsOf = (open: readonly AlarmView[], me: string): Readonly<Record<Tab, number>> => {
  const counts = { all: 0, calls: 0, mine: 0, tests: 0 }
  for (const alarm of open) for (const tab of tabs) if (isUnder(tab, alarm, me)) counts[tab] += 1
  return counts
}

export const useQueue = () => {
  const { username: me } = useCaller()
  const { alarms } = useLive()
  const { shown, isHeld, ...hold } = useHeld(alarms)
  const [choice, setChoice] = useState(everything)
  const { opened, fold } = useFolds()
  const open = useMemo(() => openOf(alarms), [alarms])
  // Of an order that is kept, nothing is worked out again.
  const held = useMemo(() => (isHeld ? openOf(shown) : undefined), [isHeld, shown])
  const listed = held ?? open
  /** Come in while the order was kept. */
  const added = useMemo(
    () => (isHeld ? open.filter(({ id }) => !shown.has(id)) : nothing),
    [isHeld, open, shown],
  )
  const rows = useMemo(
    () => queueRows(listed, { ...choice, opened, me }, added),
    [listed, choice, opened, me, added],
  )
  return {
    alarms,
    rows,
    open,
    hold,
    choice,
    fold,
    change: useCallback((more: Partial<QueueChoice>) => setChoice(before => ({ ...before, ...more })), []),
    counts: useMemo(() => countsOf(open, me), [open, me]),
    waitingCalls: useMemo(() => open.filter(alarm => isWaiting(alarm) && isCallOrHazard(alarm)), [open]),
    waiting: useMemo(() => open.filter(alarm => bandOf(alarm) === 'waiting').length, [open]),
    added,
  }
}

export type QueueState = ReturnType<typeof useQueue>
