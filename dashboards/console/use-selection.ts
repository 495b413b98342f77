/** Which alarm is on the desk, what is being done with it, and which others were chosen along. */
import { useCallback, useEffect, useRef, useState } from 'react'
import { useLocation, useSearch } from 'wouter'
import type { AlarmView } from '../../gateway/api/alarm-view.ts'
import type { CardAct } from './card/card-act.ts'
import { bandOf, isMassWork, isOver } from './urgency.ts'
import type { QueueState } from './use-queue.ts'

/** When one alarm ends and another comes up in its place, a hand that was on its way meant the one before. */
const graceMs = 500

type Selected = { readonly id: string; readonly act?: CardAct }

const useChosen = ({ alarms }: Pick<QueueState, 'alarms'>) => {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set())
  const toggle = useCallback((alarm: AlarmView) => {
    if (!isMassWork(alarm)) return
    setIds(before => {
      const after = new Set(before)
      if (!after.delete(alarm.id)) after.add(alarm.id)
      return after
    })
  }, [])
  const chosen = Array.from(ids).flatMap(id => {
    const alarm = alarms.get(id)
    return alarm && !isOver(alarm) ? [alarm] : []
  })
  return { ids, chosen, toggle, choose: useCallback((list: readonly string[]) => setIds(new Set(list)), []) }
}

/** @param look somebody has looked at it: it is not new any more */
export const useSelection = (queue: QueueState, look: (alarm: AlarmView) => void) => {
  const { alarms, open } = queue
  const [selected, setSelected] = useState<Selected>()
  const chosen = useChosen(queue)
  const alarm = selected && alarms.get(selected.id)
  const [first] = open

  const isDone = alarm !== undefined && isOver(alarm) && selected?.act === undefined
  const comesUp = first !== undefined && (!alarm || (isDone && bandOf(first) === 'waiting'))
  const isAtWork = alarm !== undefined && !isDone
  const endedAt = useRef(Number.NEGATIVE_INFINITY)
  useEffect(() => {
    if (!isAtWork) return
    return () => {
      endedAt.current = performance.now()
    }
  }, [isAtWork])
  /** The most urgent comes by itself to a desk that is empty or done with its work; nothing else is ever taken away. */
  useEffect(() => {
    if (comesUp) setSelected({ id: first.id })
  }, [comesUp, first])

  /** A link to one alarm: `/console?alarm={id}`. */
  const [, go] = useLocation()
  const linked = new URLSearchParams(useSearch()).get('alarm')
  useEffect(() => {
    if (linked === null) return
    setSelected({ id: linked })
    // So that the same link leads here again.
    go('/console', { replace: true })
  }, [linked, go])

  const select = useCallback(
    (one: AlarmView) => {
      endedAt.current = Number.NEGATIVE_INFINITY
      look(one)
      setSelected(before => (before?.id === one.id ? before : { id: one.id }))
    },
    [look],
  )
  const setAct = useCallback((act: CardAct | undefined) => {
    if (act && performance.now() - endedAt.current < graceMs) return
    setSelected(before => before && { id: before.id, ...(act && { act }) })
  }, [])
  return { alarm, act: selected?.act, select, setAct, chosen }
}

export type Selection = ReturnType<typeof useSelection>
