/** The machine's clock. */
import type { Clock } from '../model/clock.ts'

/** `setTimeout` takes no longer delay than this; a longer one is waited for in pieces. */
const longestDelayMs = 2 ** 31 - 1

const after = (delayMs: number, action: () => void): (() => void) => {
  const pieceMs = Math.min(Math.max(delayMs, 0), longestDelayMs)
  let cancel = (): void => clearTimeout(timer)
  const timer = setTimeout(() => {
    if (pieceMs < delayMs) cancel = after(delayMs - pieceMs, action)
    else action()
  }, pieceMs)
  return () => cancel()
}

export const systemClock: Clock = { now: () => Date.now(), after }
