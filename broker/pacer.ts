/**
 * Lets what can wait take turns, so that who brings a call is read at once: newcomers, logins, ends and bulk. In each turn
 * of the event loop only so much of that is done, and the rest waits for the ones after it.
 */

/** In units of about 60 µs, measured: what one costs the thread that calls live on. */
export const costs = { bulk: 1, newcomer: 1, end: 2, login: 5, handshake: 16 } as const

/** About a millisecond's work; what is begun is finished. */
const unitsPerTurn = 16

export interface Pacer {
  /** False: not now; `again` is called when it is its turn, and asks again. */
  mayGo(again: () => void, cost: number): boolean
  leave(again: () => void): void
}

export const createPacer = (): Pacer => {
  const waiting = new Set<() => void>()
  let called: (() => void) | undefined
  let unitsLeft = unitsPerTurn
  let isTurnSet = false

  const setTurn = (): void => {
    if (isTurnSet) return
    isTurnSet = true
    setImmediate(() => {
      isTurnSet = false
      unitsLeft = unitsPerTurn
      for (const again of waiting) {
        if (unitsLeft <= 0) break
        waiting.delete(again)
        called = again
        again()
      }
      called = undefined
      if (waiting.size > 0) setTurn()
    })
  }

  return {
    mayGo(again, cost) {
      setTurn()
      // Whoever waits is before who has just come.
      if (unitsLeft > 0 && (waiting.size === 0 || called === again)) {
        unitsLeft -= cost
        return true
      }
      waiting.add(again)
      return false
    },
    leave: again => void waiting.delete(again),
  }
}
