/**
 * Keeps the order of the queue while somebody is about to press something in it: rows never move under the pointer, nor
 * between two strokes of a key. Rows show what is so now all the same; only their places are kept, and what comes in stands
 * below them. A pointer that was left there keeps nothing.
 */
import { type PointerEvent, useCallback, useEffect, useRef, useState } from 'react'
import type { Live } from '../live/live-alarms.ts'
import { useLiveAlarms } from '../live/live-context.tsx'

/** After the last stroke of a key. */
const keyHoldMs = 4_000
/** After the pointer has moved last. */
const pointerHoldMs = 30_000
/** After it has left: what sorts the queue stands outside of it, and must not vanish on the way there. */
const leaveHoldMs = 2_000

type Alarms = Live['alarms']

export const useHeld = (alarms: Alarms) => {
  const live = useLiveAlarms()
  const [held, setHeld] = useState<Alarms>()
  const isUnderPointer = useRef(false)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)

  /** The order as it should be now; it is kept again if the pointer is still there. */
  const sort = useCallback(() => setHeld(isUnderPointer.current ? live.snapshot().alarms : undefined), [live])
  const holdFor = useCallback(
    (ms: number) => {
      setHeld(before => before ?? live.snapshot().alarms)
      clearTimeout(timer.current)
      timer.current = setTimeout(() => setHeld(undefined), ms)
    },
    [live],
  )
  const holdForPointer = useCallback(() => {
    isUnderPointer.current = true
    holdFor(pointerHoldMs)
  }, [holdFor])
  useEffect(() => () => clearTimeout(timer.current), [])

  return {
    shown: held ?? alarms,
    isHeld: held !== undefined,
    sort,
    holdForKeys: useCallback(() => holdFor(isUnderPointer.current ? pointerHoldMs : keyHoldMs), [holdFor]),
    pointer: {
      // A finger comes down without having moved.
      onPointerDown: holdForPointer,
      onPointerMove: useCallback(
        ({ movementX, movementY }: PointerEvent) => {
          // What has moved may be the list, under a pointer that somebody has left there.
          if (movementX !== 0 || movementY !== 0) holdForPointer()
        },
        [holdForPointer],
      ),
      onPointerLeave: useCallback(() => {
        isUnderPointer.current = false
        holdFor(leaveHoldMs)
      }, [holdFor]),
    },
  }
}
