/**
 * The rates at which new alarms flash (IEC 60601-1-8:2006, 6.3.2.2: high 1.4 to 2.8 Hz, medium 0.4 to 0.8 Hz, lit for 20 to
 * 60 % of the time). One beat for the whole queue: all marks of one rate go together, and only they are drawn anew, at their
 * turns. As animations they would keep the browser drawing sixty times a second, all night.
 */
import { type RefObject, useEffect } from 'react'

export const beats = {
  fast: { periodMs: 500, litMs: 300 },
  slow: { periodMs: 5_000 / 3, litMs: 1_000 },
} as const

type Rate = keyof typeof beats
const rates = ['fast', 'slow'] as const satisfies readonly Rate[]

/** @param atMs of any steady clock. @returns whether marks of this rate are lit then, and for how long they stay so */
export const beatAt = (rate: Rate, atMs: number): { readonly isLit: boolean; readonly forMs: number } => {
  const { periodMs, litMs } = beats[rate]
  const passedMs = atMs % periodMs
  const isLit = passedMs < litMs
  return { isLit, forMs: (isLit ? litMs : periodMs) - passedMs }
}

/** Puts `console-unlit-{rate}` on an element while marks of that rate are not lit. */
export const useBeat = (place: RefObject<HTMLElement | null>, isNeeded: boolean): void => {
  useEffect(() => {
    const element = place.current
    if (!isNeeded || !element) return
    let timer: ReturnType<typeof setTimeout> | undefined
    const turn = () => {
      const now = performance.now()
      const next = rates.map(rate => {
        const { isLit, forMs } = beatAt(rate, now)
        element.classList.toggle(`console-unlit-${rate}`, !isLit)
        return forMs
      })
      timer = setTimeout(turn, Math.ceil(Math.min(...next)))
    }
    turn()
    return () => {
      clearTimeout(timer)
      for (const rate of rates) element.classList.remove(`console-unlit-${rate}`)
    }
  }, [place, isNeeded])
}
