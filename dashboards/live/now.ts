/** The time, told to whoever shows one: one timer for a whole page. */
import { useSyncExternalStore } from 'react'

const listeners = new Set<() => void>()
let now = Date.now()
let timer: ReturnType<typeof setTimeout> | undefined

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener)
  timer ??= setInterval(() => {
    now = Date.now()
    for (const tell of listeners) tell()
  }, 1_000)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

/** This machine's clock in whole steps of a second, in ms since 1970. Add `offsetMs` of the live alarms to it. */
export const useNow = (): number => useSyncExternalStore(subscribe, () => now)
