/** Screens show a new state no faster than a page can be drawn. */
import type { Clock } from '../../gateway/model/clock.ts'

/** At most once in such a time; in between, changes gather. */
const frameMs = 16
/**
 * A page that takes long to show states rests for so much longer, so that it stays open to hands and keys. It takes as long
 * as the shorter of the last two: the first of all is slow because its code is new.
 */
const restFactor = 2
/** Browsers hold up the timers of hidden pages: so late, the next change does not wait for them. */
const lateMs = 3_000

/** Puts off `show` while the page is still busy with the last one. */
export const createPace = (clock: Clock, show: () => void) => {
  let isDue = false
  let lateAt = Number.POSITIVE_INFINITY
  let lastMs = 0
  let stopTimer: (() => void) | undefined

  const showNow = (): void => {
    stopTimer?.()
    stopTimer = undefined
    if (!isDue) return
    isDue = false
    const begun = clock.now()
    lateAt = begun + lateMs
    // What is shown is worked out before the next task begins.
    stopTimer = clock.after(0, () => {
      const tookMs = clock.now() - begun
      const restMs = Math.max(frameMs, Math.min(tookMs, lastMs) * restFactor)
      lastMs = tookMs
      lateAt = clock.now() + restMs + lateMs
      stopTimer = clock.after(restMs, showNow)
    })
    show()
  }

  return {
    due() {
      isDue = true
      if (!stopTimer || clock.now() > lateAt) showNow()
    },
    stop: () => stopTimer?.(),
  }
}
